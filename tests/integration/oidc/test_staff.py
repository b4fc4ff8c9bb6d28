"""Log-in of employees against the simulated identity provider, and against ones that misbehave in one point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from app.oidc.config import ClaimPlace, Source, UserinfoForm
from app.oidc.keys import load_signing_key, public_jwks
from app.oidc.staff import SecondFactor, StaffConfig, StaffLogin, StaffProfile
from app.ports.login import LoginCancelled, LoginError, LoginRefused, ProviderUnavailable, ReplayedCallback
from app.ports.staff_login import Operator, RoleMissing, SecondFactorMissing, StaffLoginProvider
from simulators.digid.client import Client
from simulators.digid.grants import Grant
from simulators.digid.web import create_app
from simulators.staff.employees import EMPLOYEES, OPERATOR_ROLE
from simulators.staff.provider import FACE, StaffProvider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc import support
from tests.integration.oidc.support import AFTER_LOGOUT, REDIRECT_URI, Browser, listening, rsa_pem

WITH_ROLE, WITHOUT_ROLE, WITHOUT_APP = range(3)
CLIENT_ID = "blauwe-knop-beheer"
AMR = SecondFactor()


@contextmanager
def running(kind: type[StaffProvider] = StaffProvider, key: str = "signing") -> Iterator[StaffProvider]:
    jwks = public_jwks(load_signing_key(rsa_pem(key)), None)
    client = Client(CLIENT_ID, jwks, (REDIRECT_URI,), (AFTER_LOGOUT,))
    with listening() as (server, issuer):
        provider = kind(issuer, client, RSAKey.import_key(rsa_pem("provider")))
        server.app = create_app(provider, EMPLOYEES, FACE)
        yield provider


def relying_party(
    issuer: str, source: Source = Source.ID_TOKEN, factor: SecondFactor = AMR, key: str = "signing"
) -> StaffLogin:
    profile = StaffProfile(
        second_factor=factor,
        roles=ClaimPlace(source, ("realm_access", "roles")),
        allowed_roles=(OPERATOR_ROLE,),
        userinfo_form=UserinfoForm.SIGNED,
    )
    config = StaffConfig(issuer=issuer, client_id=CLIENT_ID, signing_key_pem=rsa_pem(key), profile=profile)
    return StaffLogin(config, allow_loopback_http=True)


def choose(url: str, employee: int) -> dict[str, str]:
    return Browser().choose(url, employee, "wachtwoord en app")


def log_in(login: StaffLoginProvider, employee: int = WITH_ROLE) -> Operator:
    start = login.start(REDIRECT_URI)
    return login.finish(start.flow, choose(start.redirect_url, employee), REDIRECT_URI)


@pytest.mark.parametrize("source", Source)
def test_the_employee_with_the_role_logs_in(source: Source) -> None:
    with running() as provider:
        found = log_in(relying_party(provider.issuer, source))
    assert (found.subject, found.name, found.roles) == ("mw-0417", "Samira Beheer", (OPERATOR_ROLE,))


@pytest.mark.parametrize("source", Source)
@pytest.mark.threat("T-25")
def test_the_employee_without_the_role_does_not(source: Source) -> None:
    with running() as provider, pytest.raises(RoleMissing):
        log_in(relying_party(provider.issuer, source), WITHOUT_ROLE)


class WithoutPar(StaffProvider):
    """The browser carries what is asked."""

    def metadata(self) -> dict[str, Any]:
        known = super().metadata()
        return {name: value for name, value in known.items() if not name.startswith("pushed_")}


@pytest.mark.threat("T-25")
def test_the_employee_with_only_a_password_does_not() -> None:
    with running() as provider, pytest.raises(SecondFactorMissing):
        log_in(relying_party(provider.issuer), WITHOUT_APP)


def test_the_level_that_counts_is_asked_for() -> None:
    with running(WithoutPar) as provider:
        login = relying_party(provider.issuer, factor=SecondFactor(("2", "3"), ()))
        start = login.start(REDIRECT_URI)
        assert parse_qs(urlsplit(start.redirect_url).query)["acr_values"] == ["2 3"]
        assert log_in(login).subject == "mw-0417"


def test_pressing_cancel_is_told_apart() -> None:
    with running() as provider:
        login = relying_party(provider.issuer)
        start = login.start(REDIRECT_URI)
        cancelled = Browser().cancel(start.redirect_url)
        with pytest.raises(LoginCancelled):
            login.finish(start.flow, cancelled, REDIRECT_URI)


def test_a_callback_works_once_and_only_with_its_own_flow() -> None:
    with running() as provider:
        login = relying_party(provider.issuer)
        start = login.start(REDIRECT_URI)
        callback = choose(start.redirect_url, WITH_ROLE)
        other = login.start(REDIRECT_URI)
        for flow in (None, {}, other.flow):
            with pytest.raises(ReplayedCallback):
                login.finish(flow, callback, REDIRECT_URI)
        assert login.finish(start.flow, callback, REDIRECT_URI).subject == "mw-0417"
        with pytest.raises(ReplayedCallback) as caught:
            login.finish(start.flow, callback, REDIRECT_URI)
    assert caught.value.reason == "code_refused"


def test_the_code_of_somebody_else_cannot_be_slipped_in() -> None:
    """PKCE: the code belongs to the log-in that began in another browser."""
    with running() as provider:
        login = relying_party(provider.issuer)
        mine, theirs = login.start(REDIRECT_URI), login.start(REDIRECT_URI)
        stolen = choose(theirs.redirect_url, WITH_ROLE)["code"]
        injected = {**choose(mine.redirect_url, WITHOUT_ROLE), "code": stolen}
        with pytest.raises(ReplayedCallback):
            login.finish(mine.flow, injected, REDIRECT_URI)


def id_token_with(**changed: Any) -> type[StaffProvider]:
    class WrongClaims(StaffProvider):
        def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
            right = super().id_token_claims(grant, access_token)
            return {name: value for name, value in {**right, **changed}.items() if value is not None}

    return WrongClaims


class OtherKeySameName(wrong.OtherKeySameName, StaffProvider):
    pass


class AlgorithmNone(wrong.AlgorithmNone, StaffProvider):
    pass


class RolesOfAnotherInUserinfo(StaffProvider):
    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        return {**super().userinfo_claims(grant), "sub": "iemand anders"}


class WrongIssuerParameter(StaffProvider):
    def callback_parameters(self, state: str) -> dict[str, str]:
        return {"state": state, "iss": "https://ander.invalid"}


class MetadataOfAnother(StaffProvider):
    def metadata(self) -> dict[str, Any]:
        return {**super().metadata(), "issuer": "https://ander.invalid"}


WRONG: list[tuple[type[StaffProvider], type[LoginError], str]] = [
    (id_token_with(iss="https://ander.invalid"), LoginRefused, "iss"),
    (id_token_with(aud="blauwe-knop"), LoginRefused, "aud"),
    (id_token_with(nonce="x" * 43), LoginRefused, "nonce"),
    (id_token_with(sub=None), LoginRefused, "sub_missing"),
    (id_token_with(exp=1), LoginRefused, "expired"),
    (id_token_with(realm_access=None), RoleMissing, "role_missing"),
    (id_token_with(realm_access={"roles": f"x {OPERATOR_ROLE}"}), RoleMissing, "role_missing"),
    (id_token_with(realm_access=None, roles=[OPERATOR_ROLE]), RoleMissing, "role_missing"),
    (OtherKeySameName, LoginRefused, "signature"),
    (AlgorithmNone, LoginRefused, "algorithm"),
    (WrongIssuerParameter, LoginRefused, "iss_parameter"),
    (MetadataOfAnother, ProviderUnavailable, "metadata_issuer"),
]


@pytest.mark.parametrize(("kind", "error", "reason"), WRONG, ids=[f"{k.__name__}-{r}" for k, _, r in WRONG])
def test_a_wrong_answer_logs_nobody_in(
    kind: type[StaffProvider], error: type[LoginError], reason: str
) -> None:
    with running(kind) as provider, pytest.raises(error) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == reason


def test_roles_of_another_subject_do_not_count() -> None:
    with running(RolesOfAnotherInUserinfo) as provider, pytest.raises(LoginRefused) as caught:
        log_in(relying_party(provider.issuer, Source.USERINFO))
    assert caught.value.reason == "userinfo_sub"


@pytest.mark.threat("T-25")
def test_a_citizen_of_digid_is_no_employee() -> None:
    """Even when somebody points the operator site at the wrong provider."""
    with support.running() as digid:
        jwks = public_jwks(load_signing_key(rsa_pem("signing")), None)
        digid.client = Client(CLIENT_ID, jwks, (REDIRECT_URI,))
        digid._authentication._client = digid.client
        login = relying_party(digid.issuer)
        start = login.start(REDIRECT_URI)
        chosen = Browser().choose(start.redirect_url)
        with pytest.raises(RoleMissing):
            login.finish(start.flow, chosen, REDIRECT_URI)


def test_logging_out_goes_to_the_provider_and_back() -> None:
    with running() as provider:
        address = relying_party(provider.issuer).logout_url(AFTER_LOGOUT)
        assert address is not None
        assert Browser().open(address).headers["Location"] == AFTER_LOGOUT
