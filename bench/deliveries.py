"""Files as a municipality delivers them, of any number of people with one claim each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sources.config import SourceConfig

_COLUMNS = {"bsn": "BSN", "reference": "Zaak", "balance": "Open", "title": "Soort", "due_on": "Vervalt"}
_RESPONSE = "BijstandsregelingenInfoResponse"


def config(written: str) -> SourceConfig:
    """`written`: csv or suwiml."""
    columns = _COLUMNS if written == "csv" else {}
    batch = {"format": written, "columns": columns}
    stanza = {"source_id": "dorp", "organisation": "Gemeente Dorp", "protocol": "batch", "batch": batch}
    return SourceConfig.model_validate(stanza)


def write_delivery(file: Path, written: str, records: int) -> int:
    """Returns how many bytes it has."""
    lines = _csv(records) if written == "csv" else _suwiml(records)
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines)
    return file.stat().st_size


def _csv(records: int) -> Iterator[str]:
    yield ";".join(_COLUMNS.values())
    for number, bsn in enumerate(islice(_bsns(), records)):
        yield f"{bsn};Z-{number};1.{number % 1000:03},{number % 100:02};Terugvordering bijstand;31-12-2026"
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    yield f"#einde;aantal={records};peilmoment={moment.isoformat()}"


def _suwiml(records: int) -> Iterator[str]:
    day = datetime.now(UTC) - timedelta(days=1)
    yield f'<Verzamelbestand aantal="{records}" peildatum="{day:%Y%m%d}">'
    for number, bsn in enumerate(islice(_bsns(), records)):
        yield (
            f"<{_RESPONSE}><ClientSuwi><Burgerservicenr>{bsn}</Burgerservicenr><Vordering>"
            f"<IdentificatienrVordering>{number:015}</IdentificatienrVordering>"
            "<DatBesluitVordering>20240110</DatBesluitVordering><CdRedenVordering>11</CdRedenVordering>"
            f"<BedrSaldoVordering><WaardeBedr>{number}</WaardeBedr></BedrSaldoVordering>"
            "<SzWet><CdSzWet>PW</CdSzWet></SzWet><Bron><CdKolomSuwi>3</CdKolomSuwi>"
            f"<CdPartijSuwi>0599</CdPartijSuwi></Bron></Vordering></ClientSuwi></{_RESPONSE}>"
        )
    yield "</Verzamelbestand>"


def _bsns() -> Iterator[str]:
    """Numbers that pass the eleven-test, one after the other: of nobody in particular."""
    for number in range(10_000_000, 99_999_999):
        last = sum((9 - place) * int(digit) for place, digit in enumerate(f"{number:08}")) % 11
        if last < 10:
            yield f"{number:08}{last}"
