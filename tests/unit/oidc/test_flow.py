"""The secrets of one log-in attempt."""

from datetime import timedelta

import pytest

from app.oidc.flow import check_flow, new_flow
from app.ports.login import ReplayedCallback
from tests.unit.oidc.support import ISSUER, NOW

MAX_AGE = timedelta(minutes=15)


def test_state_nonce_and_verifier_are_long_and_never_the_same() -> None:
    flows = [new_flow(ISSUER, NOW) for _ in range(20)]
    secrets = [flow[name] for flow in flows for name in ("state", "nonce", "code_verifier")]
    assert len(set(secrets)) == len(secrets)
    assert all(len(flow["state"]) == len(flow["nonce"]) == 43 for flow in flows)  # 256 bits
    assert all(43 <= len(flow["code_verifier"]) <= 128 for flow in flows)  # RFC 7636, 4.1


def test_the_flow_of_this_callback_is_found() -> None:
    flow = new_flow(ISSUER, NOW)
    for moment in (NOW, NOW + MAX_AGE, NOW - timedelta(seconds=1)):
        assert check_flow(flow, {"state": flow["state"]}, moment, MAX_AGE) == flow


def test_without_a_flow_nobody_logs_in() -> None:
    for flow in (None, {}, {"state": "", "nonce": "", "code_verifier": "", "started_at": ""}):
        with pytest.raises(ReplayedCallback) as caught:
            check_flow(flow, {"state": ""}, NOW, MAX_AGE)
        assert caught.value.reason == "no_flow"


@pytest.mark.parametrize(
    ("state", "reason"), [("", "state_missing"), ("x" * 43, "state_mismatch"), ("\ud800", "state_mismatch")]
)
def test_another_state_is_a_replay(state: str, reason: str) -> None:
    with pytest.raises(ReplayedCallback) as caught:
        check_flow(new_flow(ISSUER, NOW), {"state": state}, NOW, MAX_AGE)
    assert caught.value.reason == reason


@pytest.mark.parametrize("later", [MAX_AGE + timedelta(seconds=1), timedelta(seconds=-31)])
def test_a_callback_long_after_or_before_its_start_is_refused(later: timedelta) -> None:
    flow = new_flow(ISSUER, NOW)
    with pytest.raises(ReplayedCallback) as caught:
        check_flow(flow, {"state": flow["state"]}, NOW + later, MAX_AGE)
    assert caught.value.reason == "flow_expired"
