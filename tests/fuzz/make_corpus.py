"""`python -m tests.fuzz.make_corpus`: write the stored inputs again, from the messages of our own simulators and tests.

Only test BSNs are in them. The key that signed the answers for `wsse` is thrown away.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from claims.overview import Overview
from claims.record.writer import write_claim, write_outcome, write_overview
from simulators.authority import Authority
from simulators.organisations import dkd, fcid, municipal_rest
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Organisation, load_organisations
from sources.transport import soap
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity
from tests.fuzz.canned import OIN, OTHER_OIN
from tests.fuzz.json_readers import PAGE_END
from tests.fuzz.packing import zipped
from tests.fuzz.targets import CORPUS
from tests.fuzz.token_reader import REFUSAL
from tests.fuzz.watch import CANARY, ME, OTHER, STRANGER
from tests.fuzz.xml_readers import QUESTION, SIGNED
from tests.support import fcid as examples
from tests.support import snapshots
from tests.unit.sources.batch.suwiml_files import claim, person, wrapped

MOMENT = "2026-04-01T12:00:00+02:00"
_DKD_DATA = Path(dkd.__file__).parent / "dkd_data"
_KINDS = (
    Behaviour.NORMAL,
    Behaviour.PARTIAL,
    Behaviour.NOTED,
    Behaviour.UNREADABLE,
    Behaviour.FUNCTIONAL_ERROR,
)
Seeds = Iterator[bytes]


def main() -> None:
    (SIGNED / "answers").mkdir(parents=True, exist_ok=True)
    for name, seeds in {
        "dkd": dkd_answers(),
        "wsse": signed_answers(),
        "municipal_rest": rest_answers(),
        "fcid": fcid_answers(),
        "record": records(),
        "csv": csv_files("utf-8", "1.234,56", "31-03-2026"),
        "csv_cp1252": csv_files("cp1252", "123456", "20260331"),
        "fcid_lines": fcid_files(),
        "suwiml": suwiml_files(),
        "index": index_files(),
        "token": token_answers(),
    }.items():
        _write(CORPUS / name, seeds)


def _write(folder: Path, seeds: Iterable[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("genuine-*"):
        old.unlink()
    for number, seed in enumerate(dict.fromkeys(seeds)):
        (folder / f"genuine-{number:02}").write_bytes(seed)


def _about_me(citizens: Iterable[Citizen]) -> list[Citizen]:
    """What a source knows about anybody, told about the one whom the fuzzer asks about; a few claims at most."""
    return [replace(one, bsn=ME, name=CANARY, claims=one.claims[:3]) for one in citizens]


def dkd_answers() -> Seeds:
    [organisation] = [one for one in load_organisations(_DKD_DATA) if one.source_id == "zonnedael-sociaal"]
    for citizen in _about_me(organisation.citizens):
        for kind in _KINDS:
            yield _envelope(organisation, dkd.response_content("v0500", citizen, kind, known=True))
    yield _envelope(organisation, dkd.response_content("v0500", Citizen(ME), Behaviour.NORMAL, known=False))
    yield from (
        _envelope(organisation, dkd.fault_content(kind))
        for kind in (Behaviour.FAULT, Behaviour.GATEWAY_FAULT)
    )


def _envelope(organisation: Organisation, content: Any) -> bytes:
    return soap.serialise(
        soap.build_envelope(content, dkd.answer_addressing(organisation, "v0500", "urn:uuid:1"))
    )


def signed_answers() -> Seeds:
    """Signed once; everything else for `wsse` grows out of these two."""
    authority, now = Authority.create(), datetime.now(UTC).replace(microsecond=0)
    (SIGNED / "moment.txt").write_text(now.isoformat() + "\n", encoding="ascii")
    rules = SignatureRules(authority.write_tls_root(SIGNED / "root.pem"), OTHER_OIN)
    [organisation] = [one for one in load_organisations(_DKD_DATA) if one.source_id == "zonnedael-sociaal"]
    with TemporaryDirectory() as folder:
        files = authority.issue_signer("Gemeente", OIN).write(Path(folder), "signer")
        security = WsSecurity(SignatureKeys(files.certificate_file, files.key_file), rules)
        for number, citizen in enumerate(_about_me(organisation.citizens)[:2]):
            content = dkd.response_content("v0500", citizen, Behaviour.NORMAL, known=True)
            envelope = soap.build_envelope(
                content, dkd.answer_addressing(organisation, "v0500", "urn:uuid:1")
            )
            security.sign(envelope, now, confirms=QUESTION)
            (SIGNED / "answers" / f"{number}.xml").write_bytes(soap.serialise(envelope))
            yield soap.serialise(envelope)


def rest_answers() -> Seeds:
    for organisation in load_organisations():
        if organisation.protocol == "municipal_rest":
            for citizen in _about_me(organisation.citizens):
                yield _json(municipal_rest.answer(organisation, citizen, 0, Behaviour.NORMAL))
    first, second = _rest_page("A-1", vervolg="blad-1"), _rest_page("A-2")
    yield PAGE_END.join((first, second))
    yield _rest_page(None)


def _rest_page(reference: str | None, **more: Any) -> bytes:
    claim = write_claim(snapshots.tax_claim()) | {"kenmerk": reference, "bsn": ME}
    claims = [] if reference is None else [claim]
    page = {
        "bsn": ME,
        "peilmoment": MOMENT,
        "grondslag": "aangeleverd_bestand",
        "volledig": True,
        "vorderingen": claims,
    }
    return _json(page | more)


def fcid_answers() -> Seeds:
    for organisation in load_organisations():
        if organisation.protocol == "fcid":
            for citizen in _about_me(organisation.citizens):
                yield _json(
                    fcid.answer(organisation, citizen, Behaviour.NORMAL)
                )  # of some, events are of others
    yield from map(_json, _documents(ME))


def _documents(bsn: str, reference: str = "Z-1") -> list[dict[str, Any]]:
    """Every kind of event, in both versions."""
    ex = examples
    events = [
        ex.imposed(100),
        ex.to_pay(50, "2026-03-01"),
        ex.paid(40),
        ex.withdrawn(),
        ex.event(CANARY, "x"),
    ]
    more = [ex.remitted(1), ex.transferred(10)]
    about: dict[str, Any] = {"bsn": bsn, "zaakkenmerk": reference}
    three = ex.case(*events, obliged=100, settled=40, achterstanden=["b1"], **about)
    contact = [{"url": "https://a.invalid", "naam": CANARY, "omschrijving": "x"}]
    four = ex.case(*events, *more, obliged=100, settled=41, version="4", contactopties=contact, **about)
    available = {"beschikbaarheid_integraal_overzicht": {"a": True}}
    return [
        ex.document(three, bsn=bsn, document_datumtijd=MOMENT),
        ex.document(four, version="4", bsn=bsn, document_datumtijd=MOMENT, **available),
    ]


def records() -> Seeds:
    s = snapshots
    claims = (s.tax_claim(), s.parking_claim(), s.benefit_claim(), s.unknown_claim(), s.refund_claim())
    yield from (_json(write_claim(claim)) for claim in claims)
    yield from (_json(write_outcome(outcome)) for outcome in (*s.full_outcomes(), *s.partial_outcomes()))
    yield _json(write_overview(Overview(s.NOW, s.partial_outcomes())))


def csv_files(encoding: str, amount: str, day: str) -> Seeds:
    rows = [
        f"{bsn};Z-{number};{amount};{day};{CANARY} é" for number, bsn in enumerate((ME, OTHER, ME, STRANGER))
    ]
    closing = f"#einde;aantal={len(rows)};peilmoment={MOMENT}"
    whole = "\n".join(["BSN;Zaak;Open;Vervalt;Naam", *rows, closing, ""]).encode(encoding)
    yield whole
    yield whole.replace(b"\n", b"\r\n").replace(b"Z-1", b'"Z;1"')
    yield whole.replace(amount.encode(), b"", 1).replace(b"BSN;Zaak;Open", b"Zaak;BSN;Open")
    yield gzip.compress(whole, mtime=0)


def fcid_files() -> Seeds:
    documents = [*_documents(ME), *_documents(OTHER, "Z-2"), *_documents(STRANGER)[:1]]
    closing = {"type": "EINDE", "aantal": len(documents), "peilmoment": MOMENT}
    whole = b"".join(_json(one) + b"\n" for one in (*documents, closing))
    yield whole
    yield gzip.compress(whole, mtime=0)
    yield b"".join(_json(one) + b"\n" for one in (*_documents(ME)[:1], closing | {"aantal": 1}))


def suwiml_files() -> Seeds:
    mine, other = person(ME, claim("1"), claim("2", 0)), person(OTHER, claim("3", -5), claim("4"))
    whole = wrapped(mine, other, person(STRANGER), day="20260401")
    yield whole
    yield whole.replace(b"</ClientSuwi>", b"<Naam>Kanarie</Naam></ClientSuwi>", 1)
    yield gzip.compress(whole, mtime=0)
    yield zipped(whole)


def index_files() -> Seeds:
    whole = f"BSN;Naam\n{ME};{CANARY}\n{OTHER};x\n#einde;aantal=2;peilmoment={MOMENT}\n".encode()
    yield whole
    yield zipped(whole)
    yield whole.replace(b"BSN;Naam", b"Naam;BSN")


def token_answers() -> Seeds:
    yield _json({"access_token": CANARY, "token_type": "Bearer", "expires_in": 300, "scope": "x"})
    yield _json({"access_token": "a.b-c_d~e+f/=", "token_type": "bearer"})
    yield REFUSAL + _json({"error": "invalid_client", "error_description": CANARY})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
