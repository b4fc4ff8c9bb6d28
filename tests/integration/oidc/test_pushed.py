"""Pushed authorization requests (RFC 9126), and what is asked of the provider."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.oidc.presets import PRESETS
from app.ports.login import LoginProvider, LoginRefused, ProviderUnavailable
from simulators.digid.provider import Provider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc.support import REDIRECT_URI, log_in, relying_party, rsa_pem, running

WithoutPar = wrong.metadata_with(pushed_authorization_request_endpoint=None)


class Noting(Provider):
    """Remembers what was pushed, and that it came whole."""

    def push(self, form: Any) -> dict[str, Any]:
        self.pushed_form = dict(form)
        return super().push(form)


def asked_by(login: LoginProvider) -> dict[str, list[str]]:
    return parse_qs(urlsplit(login.start(REDIRECT_URI).redirect_url).query)


def test_the_browser_carries_a_reference_only() -> None:
    with running(Noting) as provider:
        login = relying_party(provider.issuer)
        assert set(asked_by(login)) == {"client_id", "request_uri"}
        assert log_in(login).bsn.digits == "111111110"


def test_what_is_pushed_is_what_the_profile_asks() -> None:
    with running(Noting) as provider:
        start = relying_party(provider.issuer).start(REDIRECT_URI)
    assert isinstance(provider, Noting)
    pushed = provider.pushed_form
    assert pushed.pop("client_assertion").count(".") == 2
    assert (pushed["state"], pushed["nonce"]) == (start.flow["state"], start.flow["nonce"])
    assert pushed["code_challenge"] != start.flow["code_verifier"]
    assert set(pushed) == {
        *("client_id", "client_assertion_type", "response_type", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method", "acr_values", "prompt", "max_age"),
    }
    assert (pushed["response_type"], pushed["code_challenge_method"]) == ("code", "S256")


@pytest.mark.parametrize("preset", PRESETS)
def test_a_step_up_asks_for_the_level_again_with_a_new_log_in(preset: str) -> None:
    with running(Noting) as provider:
        login = relying_party(provider.issuer, profile=PRESETS[preset])
        login.start(REDIRECT_URI, step_up=True)
    assert isinstance(provider, Noting)
    assert provider.pushed_form["prompt"] == "login"
    assert "substantial" in provider.pushed_form["acr_values"]


def test_a_pushed_request_works_once() -> None:
    with running() as provider:
        query = asked_by(relying_party(provider.issuer))
        assert provider.pushed({"request_uri": query["request_uri"][0]})["response_type"] == "code"
        assert provider.pushed({"request_uri": query["request_uri"][0]}) == {}


def test_without_par_the_browser_carries_the_request() -> None:
    with running(WithoutPar) as provider:
        login = relying_party(provider.issuer)
        query = asked_by(login)
        assert query["scope"] == ["openid bsn"]
        assert query["acr_values"] == ["http://eidas.europa.eu/LoA/substantial"]
        assert "profile" not in query["scope"][0].split()
        assert log_in(login).bsn.digits == "111111110"


def test_par_can_be_required() -> None:
    with running(WithoutPar) as provider, pytest.raises(ProviderUnavailable) as caught:
        relying_party(provider.issuer, require_pushed_requests=True).start(REDIRECT_URI)
    assert caught.value.reason == "metadata_without_par"
    with running() as provider:
        assert log_in(relying_party(provider.issuer, require_pushed_requests=True)).bsn.digits == "111111110"


def test_who_the_provider_does_not_know_hears_that_before_the_browser_goes() -> None:
    with running() as provider, pytest.raises(ProviderUnavailable) as caught:
        relying_party(provider.issuer, signing_key_pem=rsa_pem("other")).start(REDIRECT_URI)
    assert caught.value.reason == "par_status_401"


def test_who_the_provider_does_not_know_gets_no_token() -> None:
    with running(WithoutPar) as provider, pytest.raises(LoginRefused) as caught:
        log_in(relying_party(provider.issuer, signing_key_pem=rsa_pem("other")))
    assert caught.value.reason == "token_invalid_client"


@pytest.mark.parametrize("answer", [{}, {"request_uri": ""}, {"request_uri": 5}, {"request_uri": "u" * 501}])
def test_an_answer_without_a_usable_reference_starts_no_login(answer: dict[str, Any]) -> None:
    class Vague(Provider):
        def push(self, form: Any) -> dict[str, Any]:
            return answer

    with running(Vague) as provider, pytest.raises(ProviderUnavailable) as caught:
        relying_party(provider.issuer).start(REDIRECT_URI)
    assert caught.value.reason == "par_request_uri"


def test_the_query_of_the_address_itself_stays() -> None:
    class WithQuery(Noting):
        def metadata(self) -> dict[str, Any]:
            return {**super().metadata(), "authorization_endpoint": f"{self.issuer}/authorize?beleid=burger"}

    with running(WithQuery) as provider:
        query = asked_by(relying_party(provider.issuer))
    assert isinstance(provider, Noting)
    assert query["beleid"] == ["burger"]
    assert "beleid" not in provider.pushed_form


def test_no_preset_asks_for_the_whole_profile_of_a_person() -> None:
    for profile in PRESETS.values():
        scope = profile.scope.split()
        assert "openid" in scope
        assert not {"profile", "offline_access", "email", "address", "phone"} & set(scope)
