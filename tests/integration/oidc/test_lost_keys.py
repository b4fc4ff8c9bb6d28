"""A key that the provider knows and we do not have any more: nobody can log in until it knows another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.ports.login import LoginRefused, ProviderUnavailable
from tests.integration.oidc import test_staff as staff
from tests.integration.oidc.support import config, log_in, registered, relying_party, rsa_pem, running


@pytest.mark.parametrize("lost", ["signing_key_pem", "decryption_key_pem"])
def test_nobody_logs_in_until_the_provider_has_the_new_key(lost: str) -> None:
    changes: dict[str, Any] = {lost: rsa_pem("new")}
    with running() as provider, pytest.raises((LoginRefused, ProviderUnavailable)):
        log_in(relying_party(provider.issuer, **changes))
    with running(client=registered(replace(config(), **changes))) as provider:
        assert log_in(relying_party(provider.issuer, **changes)).bsn.digits == "111111110"


def test_no_employee_or_counsellor_logs_in_until_the_provider_has_the_new_key() -> None:
    """Both come in by the same kind of connection."""
    with staff.running() as provider, pytest.raises((LoginRefused, ProviderUnavailable)):
        staff.log_in(staff.relying_party(provider.issuer, key="new"))
    with staff.running(key="new") as provider:
        assert staff.log_in(staff.relying_party(provider.issuer, key="new")).subject == "mw-0417"
