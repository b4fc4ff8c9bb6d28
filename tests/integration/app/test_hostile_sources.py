"""A citizen who is logged in while every source misbehaves, over two processes on one database: never "no debts"."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from simulators.digid.citizens import read_citizens
from simulators.organisations.data_files import load_organisations
from tests.integration.app.two_services import TwoServices, follow
from tests.support.visitor import Visitor

ANNA = [citizen.name for citizen in read_citizens()].index("Anna Bakker")
EVERY_SOURCE = [one.source_id.replace("-", "_") for one in load_organisations()]


@pytest.fixture
def citizen(two: TwoServices) -> Iterator[Visitor]:
    """Whatever happens, nothing is asked any more when the next test begins."""
    visitor = Visitor()
    yield visitor
    two.switch()
    token = visitor.get(f"{two.b}/uitloggen").hidden("csrf_token")
    assert visitor.post(f"{two.b}/uitloggen", {"csrf_token": token}).status == 200


@pytest.mark.parametrize("behaviour", ["wrong_citizen", "drip"])
def test_when_every_source_is_hostile_nobody_reads_that_there_are_no_debts(
    two: TwoServices, citizen: Visitor, behaviour: str
) -> None:
    """Asked by one process, read from the other."""
    two.switch(**dict.fromkeys(EVERY_SOURCE, behaviour))
    progress = citizen.log_in(two.a, ANNA)
    if behaviour == "drip":
        two.end_of_asking()
    overview = follow(citizen.get, progress.replace(two.a, two.b)).text
    for words in ("Wij vonden geen rekeningen", "Geen rekeningen", "€", "Alle 7"):
        assert words not in overview
    assert overview.count("Geen antwoord") >= len(EVERY_SOURCE)
    assert "Dat betekent niet dat u niets hoeft te betalen" in overview
    balance = _sealed(citizen, two.b)["overzicht"]["totalen"]["saldo"]
    assert balance["bedrag"] is None
    assert balance["is_minimum"] is True


@pytest.mark.parametrize(
    ("behaviour", "shown", "is_minimum"),
    [("huge", "Opgehaald (2000 rekeningen)", False), ("endless_pages", "Let op: 6 van de 7", True)],
)
def test_a_source_that_says_very_much_hides_no_debt_of_another(
    two: TwoServices, citizen: Visitor, behaviour: str, shown: str, is_minimum: bool
) -> None:
    two.switch(zonnedael_belastingen=behaviour)
    overview = follow(citizen.get, citizen.log_in(two.a, ANNA).replace(two.a, two.b)).text
    assert shown in overview
    assert "Naheffing parkeerbelasting, Lindelaan" in overview  # of another source
    assert ("minstens" in overview) == is_minimum


def _sealed(visitor: Visitor, url: str) -> dict[str, Any]:
    """The record that the citizen can download after confirming that sources are missing."""
    token = visitor.get(f"{url}/overzicht/json").hidden("csrf_token")
    visitor.post(f"{url}/overzicht/json", {"csrf_token": token})
    answer = visitor.get(f"{url}/overzicht/json")
    encoded = json.loads(answer.body)["payload"]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded
