"""Reading one large SuwiML answer, from bytes to claims, against parsing the same bytes with lxml and nothing else."""

from __future__ import annotations

from datetime import date

from lxml import etree

from bench.measure import Operation, Ratio, compare, measure
from bench.sizes import Sizes
from claims.identity import Bsn
from claims.organisation import Organisation
from sources.suwi.answer import read_response
from sources.suwi.mapping import ReadingRules
from sources.transport.soap import content_node, open_envelope

BSN = Bsn("111111110")
_RULES = ReadingRules("bron", Organisation("Gemeente Voorbeeld"))
_NAMESPACE = "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen/v0500"


def run(sizes: Sizes) -> list[Ratio]:
    """Processor time, other references and amounts every round."""
    count, plan = sizes.parsed_claims, sizes.parsings
    answers = [answer(count, number) for number in range(plan.warm_ups + plan.rounds)]
    bare = "bare lxml parsing"
    operations = {
        "read to claims": Operation(lambda number: _read(answers[number], count)),
        "to our own tree": Operation(lambda number: content_node(open_envelope(answers[number]).content)),
        bare: Operation(lambda number: etree.fromstring(answers[number])),
    }
    seconds = measure(operations, plan)
    subject = f"SuwiML answer with {count:,} claims: processor time"
    return [compare(subject, seconds, name, bare) for name in operations if name != bare]


def answer(count: int, number: int) -> bytes:
    """An envelope with so many claims."""
    claims = "".join(_claim(number * count + place) for place in range(count))
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<b:BijstandsregelingenInfoResponse xmlns:b="{_NAMESPACE}"><ClientSuwi>'
        f"<Burgerservicenr>{BSN.digits}</Burgerservicenr>{claims}"
        "</ClientSuwi></b:BijstandsregelingenInfoResponse></s:Body></s:Envelope>"
    ).encode()


def _claim(number: int) -> str:
    return (
        f"<Vordering><IdentificatienrVordering>{number:015}</IdentificatienrVordering>"
        "<DatBesluitVordering>20240131</DatBesluitVordering><CdRedenVordering>11</CdRedenVordering>"
        f"<BedrAanvangVordering><WaardeBedr>{200_000 + number}</WaardeBedr></BedrAanvangVordering>"
        "<CdStatusVordering>51</CdStatusVordering>"
        f"<BedrSaldoVordering><WaardeBedr>{100_000 + number}</WaardeBedr></BedrSaldoVordering>"
        "<SzWet><CdSzWet>PW</CdSzWet></SzWet>"
        "<Bron><CdKolomSuwi>3</CdKolomSuwi><CdPartijSuwi>0599</CdPartijSuwi></Bron></Vordering>"
    )


def _read(raw: bytes, count: int) -> None:
    read = read_response(content_node(open_envelope(raw).content), BSN, _RULES, date(2026, 3, 2))
    if len(read.client.claims) != count or read.partial:
        raise RuntimeError("a claim is missing")
