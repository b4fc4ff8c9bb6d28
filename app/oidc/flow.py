"""What we remember between sending the browser away and its return. Kept by the caller, out of the browser's sight."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.ports.login import ReplayedCallback

# The callback may arrive at another machine of ours than the one where the log-in started.
_CLOCKS_DIFFER = timedelta(seconds=30)


_NAMES = ("issuer", "state", "nonce", "code_verifier", "started_at")


def new_flow(issuer: str, now: datetime) -> dict[str, str]:
    """Fresh secrets of 256 bits or more each (OpenID NLGov 1.0.1 asks 128 for state and nonce), for one provider."""
    return {
        "issuer": issuer,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "code_verifier": secrets.token_urlsafe(48),
        "started_at": now.astimezone(UTC).isoformat(),
    }


def check_flow(
    flow: Mapping[str, str] | None, callback_params: Mapping[str, str], now: datetime, max_age: timedelta
) -> Mapping[str, str]:
    """The flow, when this callback belongs to it and is in time. Raises ReplayedCallback."""
    if not flow or not all(flow.get(name) for name in _NAMES):
        raise ReplayedCallback("no_flow")
    unverified_state = callback_params.get("state", "")
    if not hmac.compare_digest(unverified_state.encode(errors="replace"), flow["state"].encode()):
        raise ReplayedCallback("state_mismatch" if unverified_state else "state_missing")
    if not -_CLOCKS_DIFFER <= now - datetime.fromisoformat(flow["started_at"]) <= max_age:
        raise ReplayedCallback("flow_expired")
    return flow
