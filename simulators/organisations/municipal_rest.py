"""How an organisation answers in the municipal interface (docs/interfaces/gemeentelijke-vorderingen.yaml)."""

from __future__ import annotations

import re
from typing import Any

from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Json, Organisation, resolve

PATH = "/vorderingen/opvragen"
PAGE_SIZE = 500
HUGE_COUNT = 2000


class BadQuestion(Exception):
    """The question is not what the interface asks for."""


def read_question(question: Any) -> tuple[str, int]:
    """BSN and page number (0 is the first). Raises BadQuestion."""
    if not isinstance(question, dict) or not {"bsn"} <= question.keys() <= {"bsn", "vervolg"}:
        raise BadQuestion("bsn is needed, and nothing else but vervolg")
    bsn, token = question["bsn"], question.get("vervolg", "blad-0")
    if not isinstance(bsn, str) or not re.fullmatch(r"[0-9]{9}", bsn):
        raise BadQuestion("bsn has nine digits")
    match = re.fullmatch(r"blad-([0-9]{1,4})", token) if isinstance(token, str) else None
    if match is None:
        raise BadQuestion("vervolg is not ours")
    return bsn, int(match[1])


def answer(organisation: Organisation, citizen: Citizen, page: int, behaviour: Behaviour) -> Json:
    """One page about `citizen`."""
    claims = _huge() if behaviour is Behaviour.HUGE else [resolve(claim) for claim in citizen.claims]
    if behaviour is Behaviour.UNREADABLE:
        claims.append({"kenmerk": "ONLEESBAAR-1", "saldo": "veel"})
    here = claims[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    body: Json = {
        "bsn": citizen.bsn,
        "peilmoment": resolve(organisation.settings.get("peilmoment", "@moment-0")),
        "grondslag": organisation.settings.get("grondslag", "rechtstreeks"),
        "volledig": citizen.full and behaviour is not Behaviour.PARTIAL,
        "vorderingen": here,
    }
    if citizen.name:
        body["naam"] = citizen.name
    if len(claims) > (page + 1) * PAGE_SIZE:
        body["vervolg"] = f"blad-{page + 1}"
    return body


def _huge() -> list[Json]:
    """Many claims that all differ; the amounts make a sum that a test can work out."""
    return [
        {
            "kenmerk": f"HUGE-{number:05}",
            "omschrijving": f"Naheffing parkeerbelasting nummer {number}",
            "soort": "gm_parkeerbelasting_naheffing",
            "ontstaan_op": resolve(f"@dag-{number % 700 + 10}"),
            "status": "open",
            "achterstand": {"bedrag": 0},
            "betalen_voor": resolve(f"@dag+{number % 60 + 1}"),
            "beginbedrag": 100 + number,
            "saldo": 100 + number,
        }
        for number in range(HUGE_COUNT)
    ]
