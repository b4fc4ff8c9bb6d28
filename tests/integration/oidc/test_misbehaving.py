"""A provider that is wrong in one point does not log anybody in, and the log says in which."""

from dataclasses import replace
from datetime import timedelta

import pytest
from joserfc.jwk import RSAKey

from app.oidc.config import UserinfoForm
from app.oidc.presets import SIMULATOR
from app.ports.login import LoginRefused, ProviderUnavailable
from simulators.digid.provider import Provider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc.support import log_in, relying_party, rsa_pem, running

REFUSALS: list[tuple[type[Provider], str]] = [
    (wrong.token_answer_with(id_token=None), "id_token_missing"),
    (wrong.token_answer_with(id_token="geen.geldig.token"), "signature"),
    (wrong.token_answer_with(token_type="mac"), "token_type"),
    (wrong.token_answer_with(access_token=None), "access_token_missing"),
    (wrong.id_token_with(iss="https://ander.invalid"), "iss"),
    (wrong.id_token_with(aud="een-ander"), "aud"),
    (wrong.id_token_with(aud=["blauwe-knop", "een-ander"]), "azp"),
    (wrong.id_token_with(azp="een-ander"), "azp"),
    (wrong.id_token_with(nonce="x" * 43), "nonce"),
    (wrong.id_token_with(nonce=None), "nonce"),
    (wrong.id_token_with(sub=None), "sub_missing"),
    (wrong.id_token_with(exp=None), "exp_missing"),
    (wrong.id_token_with(iat=None), "iat_missing"),
    (wrong.id_token_with(auth_time=None), "auth_time_missing"),
    (wrong.id_token_with(acr=None), "level_missing"),
    (wrong.id_token_with(acr="heel hoog"), "level_unknown"),
    (wrong.id_token_with(at_hash="x" * 22), "at_hash"),
    (wrong.id_token_with(represents={"sub": "iemand"}), "representation"),
    (wrong.userinfo_with(represents={"sub": "iemand"}), "representation"),
    (wrong.userinfo_with(sub="iemand anders"), "userinfo_sub"),
    (wrong.userinfo_with(aud="een-ander"), "userinfo_aud"),
    (wrong.userinfo_with(bsn=None), "bsn_missing"),
    (wrong.userinfo_with(bsn=111111110), "bsn_missing"),
    (wrong.userinfo_with(bsn="s00000001:111111110"), "bsn_sector"),
    (wrong.Expired, "expired"),
    (wrong.OldAuthentication, "auth_time_too_old"),
    (wrong.AlgorithmNone, "algorithm"),
    (wrong.SignedWithPublicKeyAsSecret, "algorithm"),
    (wrong.AlgorithmNotAllowed, "algorithm"),
    (wrong.OtherKeySameName, "signature"),
    (wrong.KeyInHeader, "key_unknown"),
    (wrong.LogoutTokenAsIdToken, "token_type"),
    (wrong.PlainUserinfo, "userinfo_form"),
    (wrong.SignedUserinfo, "userinfo_form"),
    (wrong.ForgedUserinfo, "signature"),
]


@pytest.mark.parametrize(("kind", "reason"), REFUSALS, ids=[f"{k.__name__}-{r}" for k, r in REFUSALS])
@pytest.mark.threat("T-09")
def test_a_wrong_answer_is_refused_with_its_reason(kind: type[Provider], reason: str) -> None:
    with running(kind) as provider, pytest.raises(LoginRefused) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == reason


METADATA: list[tuple[type[Provider], str]] = [
    (wrong.metadata_with(issuer="https://ander.invalid"), "metadata_issuer"),
    (wrong.metadata_with(token_endpoint="http://ergens.invalid/token"), "metadata_token_endpoint"),
    (wrong.metadata_with(authorization_endpoint=None), "metadata_authorization_endpoint"),
    (wrong.metadata_with(code_challenge_methods_supported=["plain"]), "metadata_without_s256"),
]


@pytest.mark.parametrize(("kind", "reason"), METADATA, ids=[reason for _, reason in METADATA])
def test_wrong_metadata_starts_no_login(kind: type[Provider], reason: str) -> None:
    with running(kind) as provider, pytest.raises(ProviderUnavailable) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "form"), [(wrong.PlainUserinfo, UserinfoForm.JSON), (wrong.SignedUserinfo, UserinfoForm.SIGNED)]
)
def test_the_other_forms_of_userinfo_work_where_they_are_configured(
    kind: type[Provider], form: UserinfoForm
) -> None:
    with running(kind) as provider:
        login = relying_party(provider.issuer, profile=replace(SIMULATOR, userinfo_form=form))
        assert log_in(login).bsn.digits == "111111110"


def test_a_sector_code_that_says_bsn_is_taken_off() -> None:
    with running(wrong.userinfo_with(bsn="s00000000:999993549")) as provider:
        assert log_in(relying_party(provider.issuer)).bsn.digits == "999993549"


class CountsKeyRequests(wrong.KeyInHeader):
    asked = 0

    def jwks(self) -> dict[str, object]:
        self.asked += 1
        return super().jwks()


def test_tokens_with_unknown_keys_cannot_make_us_hammer_the_provider() -> None:
    with running(CountsKeyRequests) as provider:
        login = relying_party(provider.issuer)
        for _ in range(3):
            with pytest.raises(LoginRefused):
                log_in(login)
    assert isinstance(provider, CountsKeyRequests)
    assert provider.asked == 1  # the keys were fetched moments ago


def test_a_provider_that_changes_its_key_is_asked_for_the_new_one() -> None:
    with running() as provider:
        login = relying_party(provider.issuer, refresh_keys_after=timedelta(0))
        log_in(login)
        provider.key = RSAKey.import_key(rsa_pem("other"))
        assert log_in(login).bsn.digits == "111111110"
