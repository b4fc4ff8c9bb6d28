"""The citizen whom an app asks, without a browser."""

from __future__ import annotations

from simulators.digid.citizens import read_citizens
from tests.support.visitor import Visitor


def place_of(name: str) -> int:
    """In the list of test citizens."""
    return [citizen.name for citizen in read_citizens()].index(name)


ANNA = place_of("Anna Bakker")


def decide(visitor: Visitor, address: str, answer: str, citizen: int = ANNA) -> str:
    """Log in at DigiD, answer the question, and tell where the browser is sent."""
    away = visitor.get(address)
    page = visitor.get(away.location)
    form = {"page": page.hidden("page"), "niveau": "substantieel", "burger": str(citizen)}
    back = visitor.post(away.location.partition("?")[0], form)
    question = visitor.get(visitor.get(back.location).location)
    assert "Mag" in question.text, question.text
    decided = visitor.post(question.url, {"csrf_token": question.hidden("csrf_token"), "besluit": answer})
    assert decided.status == 303, decided.text
    return decided.location
