"""A citizen who is logged in while every source misbehaves, over two processes on one database: never "no debts"."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from simulators.digid.citizens import read_citizens
from simulators.organisations.data_files import load_organisations
from tests.integration.app.two_services import TwoServices, follow
from tests.support.visitor import Visitor

ANNA = [citizen.name for citizen in read_citizens()].index("Anna Bakker")
EVERY_SOURCE = [one.source_id.replace("-", "_") for one in load_organisations()]


@pytest.mark.parametrize("behaviour", ["wrong_citizen", "huge", "drip"])
def test_when_every_source_is_hostile_nobody_reads_that_there_are_no_debts(
    two: TwoServices, behaviour: str
) -> None:
    """Asked by one process, read from the other."""
    two.switch(**dict.fromkeys(EVERY_SOURCE, behaviour))
    visitor = Visitor()
    try:
        progress = visitor.log_in(two.a, ANNA)
        if behaviour == "drip":
            two.end_of_asking()
        overview = follow(visitor.get, progress.replace(two.a, two.b))
        assert overview.url.startswith((two.a, two.b))
        for words in ("Wij vonden geen rekeningen", "Geen rekeningen", "€ 0,00", "Alle 7"):
            assert words not in overview.text
        assert "Let op: " in overview.text
        assert "volledig antwoord" in overview.text
        balance = _sealed(visitor, two.b)["overzicht"]["totalen"]["saldo"]
        assert balance["is_minimum"] is True
        if behaviour != "huge":  # the claims of a large answer that is still within the limits are shown
            assert balance["bedrag"] is None
            assert overview.text.count("Geen antwoord") >= len(EVERY_SOURCE)
    finally:
        two.switch()
        _log_out(visitor, two.b)


def _sealed(visitor: Visitor, url: str) -> dict[str, Any]:
    """The record that the citizen can download after confirming that sources are missing."""
    token = visitor.get(f"{url}/overzicht/json").hidden("csrf_token")
    answer = visitor.post(f"{url}/overzicht/json", {"csrf_token": token})
    encoded = json.loads(answer.body)["payload"]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded


def _log_out(visitor: Visitor, url: str) -> None:
    """So that nothing is asked any more when the next test begins."""
    token = visitor.get(f"{url}/uitloggen").hidden("csrf_token")
    assert visitor.post(f"{url}/uitloggen", {"csrf_token": token}).status == 200
