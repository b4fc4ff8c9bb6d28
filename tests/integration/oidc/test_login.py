"""The log-in from start to Principal, against the simulator over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.oidc import levels
from app.ports.login import LevelTooLow, LoginCancelled, LoginRefused, ProviderUnavailable, ReplayedCallback
from simulators.digid.provider import Provider
from tests.integration.oidc.support import (
    AFTER_LOGOUT,
    REDIRECT_URI,
    Browser,
    finish,
    log_in,
    relying_party,
    running,
)


@pytest.fixture
def digid() -> Iterator[Provider]:
    with running() as provider:
        yield provider


def test_a_citizen_logs_in_and_is_who_they_chose(digid: Provider) -> None:
    principal = log_in(relying_party(digid.issuer), burger=1)
    assert principal.bsn.digits == "999993549"
    assert principal.level == levels.SUBSTANTIAL
    assert abs(datetime.now(UTC) - principal.authenticated_at) < timedelta(minutes=2)


def test_a_higher_level_than_asked_is_welcome(digid: Provider) -> None:
    assert log_in(relying_party(digid.issuer), niveau="hoog").level == levels.HIGH


@pytest.mark.parametrize("niveau", ["basis", "midden"])
@pytest.mark.threat("T-09")
def test_a_lower_level_than_configured_is_refused(digid: Provider, niveau: str) -> None:
    with pytest.raises(LevelTooLow):
        log_in(relying_party(digid.issuer), niveau=niveau)


def test_the_level_that_is_enough_is_a_setting(digid: Provider) -> None:
    login = relying_party(digid.issuer, minimum_level=levels.LOW)
    assert log_in(login, niveau="midden").level == levels.LOW


def test_cancelling_at_digid_is_a_cancelled_login(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start = login.start(REDIRECT_URI)
    with pytest.raises(LoginCancelled):
        finish(login, start, Browser().cancel(start.redirect_url))


def test_a_cancel_of_somebody_else_is_not_believed(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start, other = login.start(REDIRECT_URI), login.start(REDIRECT_URI)
    with pytest.raises(ReplayedCallback):
        finish(login, start, Browser().cancel(other.redirect_url))


@pytest.mark.threat("T-07")
def test_a_callback_without_flow_is_a_replay(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start = login.start(REDIRECT_URI)
    parameters = Browser().choose(start.redirect_url)
    finish(login, start, parameters)
    with pytest.raises(ReplayedCallback) as caught:
        login.finish(None, parameters, REDIRECT_URI)
    assert caught.value.reason == "no_flow"


def test_the_same_callback_twice_is_a_replay_even_when_the_flow_was_kept(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start = login.start(REDIRECT_URI)
    parameters = Browser().choose(start.redirect_url)
    finish(login, start, parameters)
    with pytest.raises(ReplayedCallback) as caught:
        finish(login, start, parameters)
    assert caught.value.reason == "code_refused"


@pytest.mark.threat("T-07")
def test_a_callback_in_another_browser_is_refused(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    mine, theirs = login.start(REDIRECT_URI), login.start(REDIRECT_URI)
    with pytest.raises(ReplayedCallback) as caught:
        finish(login, theirs, Browser().choose(mine.redirect_url))
    assert caught.value.reason == "state_mismatch"


@pytest.mark.threat("T-07")
def test_a_code_of_another_login_put_under_my_state_is_refused(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    mine, theirs = login.start(REDIRECT_URI), login.start(REDIRECT_URI)
    stolen = Browser().choose(theirs.redirect_url)["code"]
    parameters = {**Browser().choose(mine.redirect_url), "code": stolen}
    with pytest.raises(ReplayedCallback) as caught:
        finish(login, mine, parameters)
    assert caught.value.reason == "code_refused"  # PKCE: the verifier is not of that code


@pytest.mark.threat("T-08")
def test_a_wrong_iss_parameter_is_refused(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start = login.start(REDIRECT_URI)
    parameters = {**Browser().choose(start.redirect_url), "iss": "https://ander.invalid"}
    with pytest.raises(LoginRefused) as caught:
        finish(login, start, parameters)
    assert caught.value.reason == "iss_parameter"


def test_a_missing_iss_parameter_is_refused_when_the_provider_says_that_it_sends_it(digid: Provider) -> None:
    login = relying_party(digid.issuer)
    start = login.start(REDIRECT_URI)
    parameters = Browser().choose(start.redirect_url)
    del parameters["iss"]
    with pytest.raises(LoginRefused) as caught:
        finish(login, start, parameters)
    assert caught.value.reason == "iss_parameter_missing"


@pytest.mark.threat("T-08")
def test_a_flow_that_began_at_another_issuer_is_refused(digid: Provider) -> None:
    """Mix-up, also by an installation that changed its broker meanwhile: its sessions live on."""
    with running() as other:
        begun = relying_party(other.issuer).start(REDIRECT_URI)
    login = relying_party(digid.issuer)
    with pytest.raises(ReplayedCallback) as caught:
        finish(login, begun, {"code": "x", "state": begun.flow["state"], "iss": digid.issuer})
    assert caught.value.reason == "other_issuer"


def test_a_number_that_fails_the_eleven_test_is_refused(digid: Provider) -> None:
    with pytest.raises(LoginRefused) as caught:
        log_in(relying_party(digid.issuer), burger=2)
    assert caught.value.reason == "bsn_invalid"


def test_logging_out_leads_through_the_provider_and_back(digid: Provider) -> None:
    url = relying_party(digid.issuer).logout_url(AFTER_LOGOUT)
    assert url is not None
    answer = Browser().open(url)
    assert answer.status_code == 303
    assert answer.headers["Location"] == AFTER_LOGOUT


def test_a_provider_that_is_down_is_unavailable_and_not_a_refusal() -> None:
    with running() as provider:
        issuer = provider.issuer
    login = relying_party(issuer)
    with pytest.raises(ProviderUnavailable):
        login.start(REDIRECT_URI)
    assert login.logout_url(AFTER_LOGOUT) is None
