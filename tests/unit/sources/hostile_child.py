"""Reads answers of five megabytes that were made to cost much, in a process with little memory and processor time."""

import resource

from app.documents.sentences import creditor_labels
from claims.identity import Bsn
from claims.organisation import Organisation
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from claims.overview import Overview
from claims.strict_json import loads_strict
from sources.municipal_rest.client import PageLimits
from sources.municipal_rest.mapping import read_page
from tests.fuzz.json_readers import check_fcid, check_rest
from tests.fuzz.xml_readers import check_dkd
from tests.unit.sources.hostile_documents import documents

MEGABYTES, SECONDS = 1_500, 60
SIZE = 5_000_000
ENVELOPE = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><BijstandsregelingenInfoResponse>'
    b"<ClientSuwi><Burgerservicenr>111111110</Burgerservicenr>%s</ClientSuwi>"
    b"</BijstandsregelingenInfoResponse></s:Body></s:Envelope>"
)
LONG_NAME = b"u" * (SIZE // 2)  # every element below it would get a copy
MANY = b"".join(b"<a%d/>" % number for number in range(SIZE // 40))
XML = (
    b'<!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>',
    ENVELOPE % (b'<a b="' + b"x" * SIZE + b'"/>'),
    ENVELOPE % (b"<a " + b" ".join(b'a%d=""' % number for number in range(SIZE // 12)) + b"/>"),
    ENVELOPE % (b"<a " + b" ".join(b'xmlns:a%d="u"' % number for number in range(SIZE // 20)) + b"/>"),
    ENVELOPE % (b"x<!---->" * (SIZE // 8)),
    ENVELOPE % (b"&#65;" * (SIZE // 5)),
    ENVELOPE % (b"<a>" * (SIZE // 3)),
    ENVELOPE % (b"<a/>" * 200_000),
    ENVELOPE % (b'<a xmlns="%s">%s</a>' % (LONG_NAME, MANY)),
    ENVELOPE % (b'<a xmlns:p="%s">%s</a>' % (LONG_NAME, MANY.replace(b"<", b"<p:"))),
    ENVELOPE % b"".join(b"<%s%d/>" % (b"x" * 40_000, number) for number in range(100)),
)
JSON = (
    b"[" * SIZE,
    b'{"a":' * (SIZE // 5),
    b'"\\' * (SIZE // 2),
    b"1" * SIZE,
    b'"' + b"\\u0041" * (SIZE // 6) + b'"',
)
CLAIM = '{"kenmerk":"Z","saldo":1,"schuldeiser":{"naam":"Gemeente %d","afdeling":"%d"}}'
MOMENT = '"grondslag":"rechtstreeks","peilmoment":"2026-11-22T10:00:00+01:00"'
TOWN = Organisation("Brugstad")


def check_many_creditors() -> None:
    """As many as one source may name; half an answer, so that each of their sums may be higher."""
    named = ",".join(CLAIM % (number, number) for number in range(PageLimits(SIZE).claims))
    page = f'{{"bsn":"111111110","volledig":false,{MOMENT},"vorderingen":[{named}]}}'
    read = read_page(loads_strict(page.encode(), SIZE), Bsn("111111110"), TOWN)  # type: ignore[arg-type]
    basis = Basis(BasisKind.LIVE, read.basis.at)
    answer = SourceAnswer(
        source=Source("town", TOWN),
        answered_at=basis.at,
        basis=basis,
        claims=read.claims,
        partial=tuple(read.partial),
    )
    overview = Overview(basis.at, (answer,))
    assert all(one.balance.is_at_least for one in overview.per_organisation)
    assert len(creditor_labels(overview)) == len(read.claims) == PageLimits(SIZE).claims


def main() -> None:
    memory = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for answer in XML:
        check_dkd(answer)
    for answer in JSON:
        check_rest(answer)
    for answer in documents():
        if not check_fcid(answer):
            raise AssertionError("a long but honest document must be read")
    check_many_creditors()


if __name__ == "__main__":
    main()
