"""A provider that is slow holds up one thread, not all."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from app.oidc.trouble import Trouble, trouble_with
from app.ports.login import ProviderUnavailable


@contextmanager
def failing(reason: str) -> Iterator[None]:
    with pytest.raises(ProviderUnavailable) as caught:
        yield
    assert caught.value.reason == reason


def fail(trouble: Trouble, reason: str) -> None:
    with failing(reason), trouble.asking():
        raise ProviderUnavailable(reason)


@pytest.mark.threat("T-32")
def test_after_a_time_out_one_at_a_time_tries_until_there_is_an_answer() -> None:
    trouble = Trouble()
    fail(trouble, "timeout")
    with trouble.asking():
        with failing("slow"), trouble.asking():
            raise AssertionError
        with failing("slow"), trouble.asking():
            raise AssertionError
    with trouble.asking(), trouble.asking():
        pass


def test_as_long_as_all_is_well_everybody_may_ask() -> None:
    trouble = Trouble()
    fail(trouble, "connection_failed")
    with ExitStack() as many:
        for _ in range(20):
            many.enter_context(trouble.asking())


def test_trouble_with_one_machine_is_no_trouble_with_another() -> None:
    assert trouble_with("https://digid.example/token") is trouble_with("https://digid.example/par")
    assert trouble_with("https://digid.example/token") is not trouble_with("https://digid.example:8443/token")
