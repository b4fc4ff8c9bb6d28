"""From stored outcomes to sealed files: real database, real seal, real verifier."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from structlog.testing import capture_logs

from app.documents.json import read_payload
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import open_database
from app.ports.clock import SystemClock
from app.ports.collections import Asking
from app.ports.register import NOT_SEALED, KeyRevocation, SealedLevel
from app.ports.storage import StorageUnavailable
from app.services.audit import Fact, WritesAudit
from app.services.issue import Issue, IssuedFile, NothingToIssue, NotPrintable, Sealing, SealingFailed, Wanted
from claims.outcome import Basis, BasisKind, SourceAnswer, SourceFailure, SourceOutcome
from signing.keys.software import load_software_key
from signing.policy import load_trust
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.sealing.revocation import LongTermSource, Own, Refresher
from signing.sealing.seals import PdfSeals
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient
from signing.verifying.examination import examine_here
from simulators.authority import DEMO_IDENTIFIER, create_authority
from simulators.time_stamps import Mood, TimeStampIssuer
from simulators.trust_services import TrustServices
from tests.support import snapshots
from tests.support.audit import Logbook, make_logbook, refuse_rows, words_of
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.sealing import ORGANISATION
from tests.support.waiting import PATIENCE_S

OWNER = "eigenaar"


@dataclass
class Desk:
    """Use case and store together; `put` stores a finished collection."""

    issue: Issue
    store: SqlCollectionStore
    sealing: Sealing
    book: Logbook

    def put(self, outcomes: tuple[SourceOutcome, ...]) -> str:
        now = datetime.now(UTC)
        sources = [outcome.source for outcome in outcomes]
        self.store.create("ophaling", OWNER, sources, Asking(now, now + timedelta(seconds=30)))
        for outcome in outcomes:
            self.store.save_outcomes("ophaling", [(1, outcome)])
        return "ophaling"

    def file(self, collection: str, name: str) -> bytes:
        return self.issue.issue(collection, OWNER, snapshots.PERSON, Wanted(name)).content


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    authority = create_authority(tmp_path / "ca")
    files = authority.issue_seal(ORGANISATION, DEMO_IDENTIFIER).write(tmp_path, "zegel")
    authority.write_trust(tmp_path / "trust", ORGANISATION, DEMO_IDENTIFIER)
    policy = load_trust(tmp_path / "trust")
    key = load_software_key(files.key_file, files.certificate_file, files.chain_file)
    sealing = Sealing(
        snapshots.ISSUER,
        PdfSeals(PdfSeal(key)),
        JsonSeal(key),
        lambda data: examine_here(data, policy, datetime.now(UTC)),
    )
    database = open_database(migrated_sqlite(tmp_path / "test.sqlite3"))
    store = SqlCollectionStore(database, KeyRing.parse(new_key_line("een")))
    book = make_logbook(database, tmp_path)
    issue = Issue(store, SqlDocumentRegister(database), lambda: sealing, (SystemClock(), book.audit))
    yield Desk(issue, store, sealing, book)
    database.close()


def test_pdf_and_json_of_one_moment_hold_the_same_record(desk: Desk, tmp_path: Path) -> None:
    collection = desk.put(snapshots.partial_outcomes())
    sealed_pdf, sealed_json = desk.file(collection, "pdf"), desk.file(collection, "json")
    reports = [desk.sealing.examine(content) for content in (sealed_pdf, sealed_json)]
    assert [report.finding for report in reports] == [Finding.GENUINE, Finding.GENUINE]
    assert reports[0].payload == reports[1].payload
    (tmp_path / "o.pdf").write_bytes(sealed_pdf)
    command = ["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "o.pdf")]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)
    assert (tmp_path / "schuldenoverzicht.json").read_bytes() == reports[0].payload


def test_two_languages_of_one_overview_are_two_genuine_files_of_one_document(desk: Desk) -> None:
    collection = desk.put(snapshots.partial_outcomes())
    issued = [
        desk.issue.issue(collection, OWNER, snapshots.PERSON, Wanted("pdf", code)) for code in ("nl", "ar")
    ]
    reports = [desk.sealing.examine(one.content) for one in issued]
    assert [report.finding for report in reports] == [Finding.GENUINE, Finding.GENUINE]
    assert reports[0].payload == reports[1].payload
    number = issued[0].number
    assert [one.filename for one in issued] == [
        f"schuldenoverzicht-{number}{end}" for end in (".pdf", "-ar.pdf")
    ]
    assert issued[0].content != issued[1].content
    json = desk.issue.issue(collection, OWNER, snapshots.PERSON, Wanted("json", "ar"))
    assert json.filename == f"schuldenoverzicht-{number}.json"


def test_a_name_that_cannot_be_printed_gives_no_pdf_but_still_the_data(desk: Desk) -> None:
    claim = replace(snapshots.tax_claim(), title="Kikker 🐸")
    collection = desk.put((snapshots.answer(snapshots.TAXES, "belastingen", claim),))
    with pytest.raises(NotPrintable):
        desk.file(collection, "pdf")
    assert desk.sealing.examine(desk.file(collection, "json")).finding is Finding.GENUINE
    assert "Kikker 🐸" in desk.file(collection, "csv").decode("utf-8-sig")


def test_another_citizen_gets_nothing(desk: Desk) -> None:
    collection = desk.put(snapshots.full_outcomes())
    with pytest.raises(NothingToIssue):
        desk.issue.issue(collection, "iemand anders", snapshots.PERSON, Wanted("pdf"))


def test_every_file_that_is_handed_out_stands_in_the_audit_log(desk: Desk) -> None:
    collection = desk.put(snapshots.full_outcomes())
    for format_name in ("pdf", "csv"):
        desk.file(collection, format_name)
    number = words_of(desk.book)[0][1]
    assert words_of(desk.book) == [
        ("document_made", number, ""),
        ("document_downloaded", number, "pdf"),
        ("document_downloaded", number, "csv"),
    ]


@pytest.mark.parametrize("was_made", [False, True])
def test_without_the_audit_log_no_file_is_handed_out(desk: Desk, was_made: bool) -> None:
    collection = desk.put(snapshots.full_outcomes())
    if was_made:
        desk.file(collection, "csv")
    refuse_rows(desk.book)
    with pytest.raises(StorageUnavailable):
        desk.file(collection, "csv")


class _Stamped:
    """The desk with a time-stamp authority, and what it notes in the register."""

    def __init__(self, desk: Desk, services: TrustServices, folder: Path) -> None:
        authority = create_authority(folder / "ca")
        entry = next((folder / "trust").iterdir())
        services.tsa.write_trust(entry)
        policy = load_trust(folder / "trust")
        [organisation] = policy.organisations
        bare = next(desk.sealing.pdf.attempts())
        assert isinstance(bare, PdfSeal)
        asked = TimeStampAuthority(services.tsa_url, organisation.time_stamp_roots, limit=20, pause=3600)
        self.client = TimeStampClient(asked)
        own = Own(bare._key.certificate, bare._key.chain, organisation)
        material = Refresher(own, self.client, services.crl_urls).refreshed(None, datetime.now(UTC))
        source = LongTermSource(own, material.to_bytes, timedelta(hours=1))
        self.authority = authority
        self.sealing = replace(
            desk.sealing,
            pdf=PdfSeals(bare, self.client, source),
            examine=lambda data: examine_here(data, policy, datetime.now(UTC)),
        )
        self.register = desk.issue._register
        self.issue = Issue(desk.store, self.register, lambda: self.sealing, (SystemClock(), desk.book.audit))

    def level_of(self, collection: str) -> SealedLevel | None:
        content = self.issue.issue(collection, OWNER, snapshots.PERSON, Wanted("pdf")).content
        report = self.sealing.examine(content)
        document = read_payload(report.payload or b"")
        state = self.register.find(document.number)
        assert state is not None
        assert state.sealed is not None
        assert state.sealed.level == report.level
        return state.sealed


@pytest.fixture
def services(tmp_path: Path) -> Iterator[TrustServices]:
    with TrustServices(create_authority(tmp_path / "ca"), TimeStampIssuer.create()) as running:
        yield running


def test_the_register_notes_the_level_and_counts_it(
    desk: Desk, services: TrustServices, tmp_path: Path
) -> None:
    stamped = _Stamped(desk, services, tmp_path)
    collection = desk.put(snapshots.partial_outcomes())
    assert stamped.level_of(collection) == SealedLevel("B-LT", "B-LT")
    services.mood = Mood.REFUSING
    assert stamped.level_of(collection) == SealedLevel("B-B", "B-LT")
    assert stamped.level_of(collection) == SealedLevel("B-B", "B-LT")
    assert stamped.register.sealed_counts() == {
        SealedLevel("B-LT", "B-LT"): 1,
        SealedLevel("B-B", "B-LT"): 2,
    }


def test_the_citizen_gets_the_document_when_the_time_stamp_authority_is_slow(
    desk: Desk, services: TrustServices, tmp_path: Path
) -> None:
    stamped = _Stamped(desk, services, tmp_path)
    impatient = replace(stamped.client._authority, limit=0.3)
    stamped.client._authority = impatient
    services.mood = Mood.SLOW
    collection = desk.put(snapshots.full_outcomes())
    assert stamped.level_of(collection) == SealedLevel("B-B", "B-LT")
    asked = services.questions
    assert stamped.level_of(collection) == SealedLevel("B-B", "B-LT")
    assert services.questions == asked, "the second citizen does not wait"


@pytest.mark.parametrize("name", ["pdf", "json"])
def test_nothing_is_sealed_with_a_revoked_certificate(
    desk: Desk, services: TrustServices, tmp_path: Path, name: str
) -> None:
    revoked = load_certificate(tmp_path / "zegel.pem")
    services.authority.seal_intermediate.revoke(revoked, datetime.now(UTC), x509.ReasonFlags.key_compromise)
    stamped = _Stamped(desk, services, tmp_path)
    collection = desk.put(snapshots.full_outcomes())
    with pytest.raises(SealingFailed):
        stamped.issue.issue(collection, OWNER, snapshots.PERSON, Wanted(name))
    assert stamped.register.sealed_counts() == {SealedLevel(NOT_SEALED, "B-LT"): 1}


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("name", ["pdf", "json", "csv"])
def test_nothing_is_frozen_or_sealed_while_our_clock_is_far_from_that_of_the_register(
    desk: Desk, name: str, hours: int
) -> None:
    class OfAnotherMachine(SqlDocumentRegister):
        def moment(self) -> datetime | None:
            return datetime.now(UTC) + timedelta(hours=hours)

    collection = desk.put(snapshots.full_outcomes())
    desk.issue._register.__class__ = OfAnotherMachine
    with pytest.raises(SealingFailed), capture_logs() as logs:
        desk.file(collection, name)
    [line] = [line for line in logs if line["event"] == "clock_differs_from_database"]
    assert abs(line["seconds"] + hours * 3600) < 600
    assert desk.store.load_snapshot(collection, OWNER) is None
    desk.issue._register.__class__ = SqlDocumentRegister
    assert desk.sealing.examine(desk.file(collection, "json")).finding is Finding.GENUINE


def on_a_machine_that_is_off(desk: Desk, minutes: float) -> Desk:
    clock = FrozenClock(datetime.now(UTC) + timedelta(minutes=minutes))
    register = SqlDocumentRegister(desk.store._database)
    return replace(desk, issue=Issue(desk.store, register, lambda: desk.sealing, (clock, desk.book.audit)))


def ask_the_silent_one_again(desk: Desk, collection: str) -> None:
    [silent] = [one for one in snapshots.partial_outcomes() if isinstance(one, SourceFailure)]
    now = datetime.now(UTC)
    asking = Asking(now + timedelta(seconds=40), now + timedelta(seconds=70))
    run = desk.store.restart(collection, OWNER, silent.source.source_id, asking)
    assert run is not None
    answer = SourceAnswer(source=silent.source, answered_at=now, basis=Basis(BasisKind.LIVE, now))
    desk.store.save_outcomes(collection, [(run, answer)])


def test_the_newest_document_is_never_replaced_by_an_older_one_of_a_machine_that_is_ahead(desk: Desk) -> None:
    collection = desk.put(snapshots.partial_outcomes())
    ahead, behind = (on_a_machine_that_is_off(desk, minutes) for minutes in (1, -1))
    older = ahead.issue.issue(collection, OWNER, snapshots.PERSON, Wanted("json"))
    ask_the_silent_one_again(desk, collection)
    newer = behind.issue.issue(collection, OWNER, snapshots.PERSON, Wanted("json"))
    register = SqlDocumentRegister(desk.store._database)
    found = [register.find(one.number) for one in (older, newer)]
    assert [one.superseded_by for one in found if one] == [newer.number, None]


@pytest.mark.parametrize("minutes", [9, 60])
def test_after_a_wrong_clock_was_put_right_a_newer_document_can_be_made(desk: Desk, minutes: int) -> None:
    """With the clock of the database wrong too, or nothing would be made: both are of one machine."""
    collection = desk.put(snapshots.partial_outcomes())
    wanted = (collection, OWNER, snapshots.PERSON)
    older = on_a_machine_that_is_off(desk, minutes).issue.issue(*wanted, Wanted("csv"))
    ask_the_silent_one_again(desk, collection)
    newer = desk.issue.issue(*wanted, Wanted("json"))
    assert desk.sealing.examine(newer.content).finding is Finding.GENUINE
    register = SqlDocumentRegister(desk.store._database)
    found = [register.find(one.number) for one in (older, newer)]
    assert [one.superseded_by for one in found if one] == [newer.number, None]


class OtherTabGoesFirst:
    """Of the real audit log: whoever writes first waits for its turn while another tab does all of its work."""

    def __init__(self, real: WritesAudit, meanwhile: Callable[[], None]) -> None:
        self._real, self._meanwhile = real, [meanwhile]
        self.rows, self.try_write = real.rows, real.try_write

    def write(self, *facts: Fact) -> None:
        if self._meanwhile:
            self._meanwhile.pop()()
        self._real.write(*facts)


@pytest.mark.parametrize("ahead_s", [0, 60])
def test_what_was_frozen_first_is_never_the_newer_one(desk: Desk, ahead_s: int) -> None:
    """Within one second, and registered in the other order."""
    collection, register = desk.put(snapshots.partial_outcomes()), SqlDocumentRegister(desk.store._database)
    now = datetime.now(UTC).replace(microsecond=100_000)
    made: list[IssuedFile] = []

    def issue(audit: WritesAudit, ahead: int) -> None:
        around = (FrozenClock(now + timedelta(seconds=ahead)), audit)
        of_tab = Issue(desk.store, register, lambda: desk.sealing, around)
        made.append(of_tab.issue(collection, OWNER, snapshots.PERSON, Wanted("json")))

    def other_tab() -> None:
        ask_the_silent_one_again(desk, collection)
        issue(desk.book.audit, 0)

    issue(OtherTabGoesFirst(desk.book.audit, other_tab), ahead_s)
    newer, older = made
    found = [register.find(one.number) for one in (older, newer)]
    assert [one.superseded_by for one in found if one] == [newer.number, None]


def test_what_is_asked_again_elsewhere_is_no_whole_answer_in_a_document_of_a_machine_that_is_ahead(
    desk: Desk,
) -> None:
    class OfAnotherMachine(SqlDocumentRegister):
        def moment(self) -> datetime | None:
            return datetime.now(UTC)

    whole, now = snapshots.full_outcomes()[0], datetime.now(UTC)
    collection = desk.put((whole,))
    asking = Asking(now, now + timedelta(seconds=30))
    assert desk.store.restart(collection, OWNER, whole.source.source_id, asking) == 2
    ahead = on_a_machine_that_is_off(desk, 1).issue
    ahead._register.__class__ = OfAnotherMachine
    assert not ahead.issue(collection, OWNER, snapshots.PERSON, Wanted("json")).all_answered


@pytest.mark.parametrize("name", ["pdf", "json"])
def test_a_machine_that_is_behind_seals_nothing_with_a_key_that_was_just_revoked(
    desk: Desk, name: str
) -> None:
    now, collection = datetime.now(UTC), desk.put(snapshots.full_outcomes())
    revocation = KeyRevocation(desk.sealing.pdf.key_id, now, "gestolen", now)
    SqlDocumentRegister(desk.store._database).revoke_key(revocation)
    with pytest.raises(SealingFailed):
        on_a_machine_that_is_off(desk, -4).file(collection, name)


def load_certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())
