"""The table [accessibility]: who agreed to the statement."""

import pytest

from app.bootstrap import _texts
from app.settings import load_settings
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_settings import refused

TABLE = '[accessibility]\nagreed_on = 2026-12-01\nresponsible = "gemeentesecretaris"\n'
CONTACT = "[organisation.contact]"


def test_without_the_table_nobody_agreed(instance: Instance) -> None:
    assert _texts(load_settings(instance.file)).statement is None


def test_the_statement_says_who_agreed_and_when(instance: Instance) -> None:
    instance.change(CONTACT, f"{TABLE}\n{CONTACT}")
    agreed = _texts(load_settings(instance.file)).statement
    assert agreed is not None
    assert (agreed.agreed_on.isoformat(), agreed.responsible, agreed.register_address) == (
        "2026-12-01",
        "gemeentesecretaris",
        None,
    )


@pytest.mark.parametrize("wrong", ["agreed_on = 2026-12-01", 'register_address = "http://register.example"'])
def test_half_a_statement_is_refused(instance: Instance, wrong: str) -> None:
    instance.change(CONTACT, f"[accessibility]\n{wrong}\n\n{CONTACT}")
    refused(instance)
