"""Files in the wrapper of SuwiML that we made up, around messages of which the schema is official."""

from __future__ import annotations

from typing import Any

from tests.support.dkd import claim_body
from tests.unit.sources.batch.support import ME, OTHER

SUWIML: dict[str, Any] = {"format": "suwiml", "columns": {}}
LAW = "<SzWet><CdSzWet>PW</CdSzWet></SzWet>"


def claim(reference: str = "000000020240017", cents: int = 1250, more: str = "") -> str:
    return (
        f"<IdentificatienrVordering>{reference}</IdentificatienrVordering>"
        f"<BedrSaldoVordering><WaardeBedr>{cents}</WaardeBedr></BedrSaldoVordering>{LAW}{more}"
    )


def person(bsn: str = ME, *claims: str) -> str:
    return claim_body(bsn, *claims).decode()


def wrapped(*records: str, count: int | None = None, day: str = "20260930", more: str = "") -> bytes:
    stated = len(records) if count is None else count
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Verzamelbestand xmlns="urn:project:dkd:verzamelbestand:test:1" gemeentecode="0599" peildatum="{day}" '
        f'aangemaakt="2026-10-02T03:12:00Z" aantal="{stated}">\n'
        + "\n".join(records)
        + f"{more}\n</Verzamelbestand>\n"
    ).encode()


GOOD = wrapped(person(ME, claim()), person(OTHER))
