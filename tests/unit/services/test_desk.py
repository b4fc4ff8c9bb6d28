"""The counsellor's desk with real seals: each file its verdict, the genuine ones together, and a summary that is no overview."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.documents import json as record
from app.documents import summary_json
from app.persistence.desk_store import SqlDeskStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.tables_of_others import desk_results
from app.ports.register import KeyRevocation, RegisterUnavailable
from app.ports.storage import StorageUnavailable
from app.services.desk import CounsellorsDesk, DeskView
from app.services.issue import IssuedFile, SealingFailed
from app.services.merge import MergeFiles, NamedFile, Refusal, printable
from app.services.verdict_text import describe
from app.services.verify import Reason, VerdictKind, Verify
from claims.identity import Bsn
from claims.outcome import FailureCause, SourceAnswer, SourceFailure
from simulators.authority import DEMO_IDENTIFIER
from tests.support.audit import words_of
from tests.support.desks import Counter, fourteen, make_counter, paid_off
from tests.support.pdf_reading import plain_text
from tests.support.snapshots import full_outcomes
from tests.support.tampering import one_other_letter


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    return make_counter(tmp_path_factory.mktemp("desk"))


def made(desk: CounsellorsDesk, files: list[NamedFile], format_name: str) -> IssuedFile:
    _, ticket = desk.look(files)
    assert ticket is not None
    found = desk.file(ticket, format_name)
    assert found is not None
    return found


def test_fourteen_files_of_two_organisations_become_one_overview(counter: Counter) -> None:
    view, ticket = counter.desk().look(fourteen(counter))
    assert view.summary is not None
    assert ticket is not None
    assert all(line.is_merged and line.verdict is VerdictKind.GENUINE for line in view.files)
    assert len(view.summary.merged.files) == 14
    assert not view.summary.merged.gone
    assert len(view.summary.merged.overview.claims) == 4


def test_a_bad_file_never_loses_the_others(counter: Counter) -> None:
    good, other = counter.own_file("een.json", 20, full_outcomes()), counter.own_file("x", 21, paid_off(1))
    changed = NamedFile("veranderd.json", one_other_letter(other.content))
    view, _ = counter.desk().look([NamedFile("scan.pdf", b"%PDF-1.7\nscan"), good, changed])
    assert [(line.name, line.verdict, line.is_merged) for line in view.files] == [
        ("scan.pdf", VerdictKind.NOT_OURS, False),
        ("een.json", VerdictKind.GENUINE, True),
        ("veranderd.json", VerdictKind.ALTERED, False),
    ]
    assert view.summary is not None
    assert len(view.summary.merged.files) == 1


def test_files_of_two_persons_are_refused_together(counter: Counter) -> None:
    mine = counter.own_file("een.json", 22, full_outcomes())
    theirs = counter.own_file("twee.json", 23, full_outcomes(), Bsn("999998493"))
    view, ticket = counter.desk().look([mine, theirs])
    assert (view.summary, view.refusal, ticket) == (None, Refusal.DIFFERENT_PERSONS, None)
    assert not any(line.is_merged for line in view.files)
    mine_ends, theirs_ends = (line.person for line in view.files)
    assert (len(mine_ends), theirs_ends) == (3, "493")  # tells which file is in the wrong pile
    assert mine_ends != theirs_ends


def test_files_of_which_none_is_genuine_give_no_summary(counter: Counter) -> None:
    view, ticket = counter.desk().look([NamedFile("a", b"a"), NamedFile("b", b"b")])
    assert (view.summary, view.refusal, ticket) == (None, Refusal.NOTHING_GENUINE, None)


@pytest.mark.parametrize("format_name", ["pdf", "json"])
def test_a_summary_verifies_as_a_summary_and_never_as_an_overview(counter: Counter, format_name: str) -> None:
    files = [counter.own_file("a", 24, full_outcomes()), counter.own_file("b", 25, paid_off(100))]
    issued = made(counter.desk(), files, format_name)
    assert issued.filename.startswith("schuldensamenvatting-BS-")
    verdict = counter.verify().verify(issued.content)
    assert (verdict.reason, verdict.document) == (Reason.GENUINE, None)
    assert verdict.summary is not None
    assert verdict.summary.number == issued.number
    text = describe(verdict)
    assert text.headline.startswith("Deze samenvatting is echt.")
    assert ("Soort", "Samenvatting van 2 gecontroleerde bestanden") in text.facts
    assert summary_json.NOT_AN_OVERVIEW in text.warnings
    told = " ".join(value for _, value in text.facts)
    assert all(digest in told for file in verdict.summary.merged.files for digest in file.digests)
    assert "overzicht is" not in text.headline


@pytest.mark.parametrize("format_name", ["pdf", "json"])
@pytest.mark.threat("T-42")
def test_a_summary_is_refused_as_input_of_another(counter: Counter, format_name: str) -> None:
    files = [counter.own_file("a", 26, full_outcomes()), counter.own_file("b", 27, paid_off(100))]
    summary = made(counter.desk(), files, format_name)
    view, ticket = counter.desk().look([NamedFile("samenvatting", summary.content)])
    assert (view.summary, view.refusal, ticket) == (None, Refusal.NOTHING_GENUINE, None)
    assert "niet samenvoegen" in view.files[0].next_step
    view, _ = counter.desk().look([NamedFile("samenvatting", summary.content), *files])
    assert view.summary is not None
    assert [line.is_merged for line in view.files] == [False, True, True]


@pytest.mark.threat("T-42")
def test_neither_reader_takes_the_record_of_the_other(counter: Counter) -> None:
    file = counter.own_file("a", 28, full_outcomes())
    payload = counter.examine(made(counter.desk(), [file], "json").content).payload or b""
    with pytest.raises(record.NotOurPayload):
        record.read_payload(payload)
    with pytest.raises(record.NotOurPayload):
        summary_json.read_payload(counter.examine(file.content).payload or b"")


def test_a_summary_that_is_not_in_the_register_is_not_confirmed(counter: Counter, tmp_path: Path) -> None:
    issued = made(counter.desk(), [counter.own_file("a", 29, full_outcomes())], "json")
    elsewhere = make_counter(tmp_path)
    verdict = Verify(counter.examine, elsewhere.register, DEMO_IDENTIFIER).verify(issued.content)
    assert verdict.reason is Reason.NOT_IN_REGISTER
    assert "samenvatting" in describe(verdict).headline


def test_a_summary_can_be_revoked(counter: Counter) -> None:
    issued = made(counter.desk(), [counter.own_file("a", 19, full_outcomes())], "json")
    verdict = counter.verify().verify(issued.content)
    assert verdict.sealed_at is not None
    assert counter.register.revoke(issued.number, verdict.sealed_at, "Fout")
    revoked = counter.verify().verify(issued.content)
    assert revoked.reason is Reason.REVOKED
    assert describe(revoked).headline == "Deze samenvatting is ingetrokken."


def test_what_is_kept_can_be_seen_again_with_the_ticket_only(counter: Counter) -> None:
    desk = counter.desk()
    view, ticket = desk.look([counter.own_file("a", 18, full_outcomes())])
    assert ticket is not None
    assert desk.view(ticket) == view
    assert desk.view("A" * 43) is None
    assert desk.view("x") is None
    desk.forget(ticket)
    assert desk.view(ticket) is None


def test_every_file_of_a_summary_is_written_down_before_it_is_handed_out(counter: Counter) -> None:
    issued = made(counter.desk(), [counter.own_file("a", 17, full_outcomes())], "csv")
    assert words_of(counter.book)[-1] == ("summary_made", issued.number, "csv")


def test_a_key_that_was_revoked_seals_no_summary(tmp_path: Path) -> None:
    counter = make_counter(tmp_path)
    desk = counter.desk()
    _, ticket = desk.look([counter.own_file("a", 1, full_outcomes())])
    assert ticket is not None
    key, since = counter.sealing().pdf.key_id, counter.town.identity.certificate.not_valid_before_utc
    counter.register.revoke_key(KeyRevocation(key, since, "kwijt", since))
    with pytest.raises(SealingFailed):
        desk.file(ticket, "pdf")


@pytest.mark.parametrize("minutes", [-120, -6, 6, 120])
def test_while_our_clock_is_far_from_that_of_the_register_each_file_has_its_verdict_and_nothing_is_frozen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    counter = make_counter(tmp_path)
    theirs = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(SqlDocumentRegister, "moment", lambda _: theirs)
    view, ticket = counter.desk().look(
        [counter.own_file("a", 1, full_outcomes()), NamedFile("b", b"geen overzicht")]
    )
    assert [line.gist.reason for line in view.files] == [Reason.GENUINE, Reason.NOT_SEALED]
    assert not any(line.is_merged for line in view.files)
    assert (view.summary, view.refusal, ticket) == (None, Refusal.NOT_NOW, None)
    with counter.database.read() as connection:
        assert connection.execute(select(desk_results)).all() == []


def test_each_file_has_its_verdict_when_the_summary_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise StorageUnavailable("full")

    counter = make_counter(tmp_path)
    monkeypatch.setattr(SqlDeskStore, "keep", full)
    view, ticket = counter.desk().look([counter.own_file("a", 1, full_outcomes()), NamedFile("b", b"b")])
    assert [line.gist.reason for line in view.files] == [Reason.GENUINE, Reason.NOT_SEALED]
    assert (view.summary, view.refusal, ticket) == (None, Refusal.NOT_NOW, None)


@pytest.fixture
def register_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """To call when the files have been made."""

    def away(*_: object) -> None:
        raise RegisterUnavailable("away")

    def leave() -> None:
        for name in ("moment", "find"):
            monkeypatch.setattr(SqlDocumentRegister, name, away)

    return leave


def test_every_file_has_its_verdict_while_the_register_is_away(
    counter: Counter, register_away: Callable[[], None]
) -> None:
    files = [counter.own_file("a", 1, full_outcomes()), NamedFile("b", b"geen overzicht")]
    register_away()
    view, ticket = counter.desk().look(files)
    assert [line.gist.reason for line in view.files] == [Reason.REGISTER_UNAVAILABLE, Reason.NOT_SEALED]
    assert ticket is None


def test_a_file_of_another_organisation_needs_no_register_of_ours_for_its_verdict(
    counter: Counter, register_away: Callable[[], None]
) -> None:
    file = counter.foreign_file("a", 1, full_outcomes())
    register_away()
    view, ticket = counter.desk().look([file])
    assert [line.verdict for line in view.files] == [VerdictKind.GENUINE]
    assert (view.summary, view.refusal, ticket) == (None, Refusal.NOT_NOW, None)


def test_the_csv_says_that_a_source_is_missing_in_every_row(counter: Counter) -> None:
    first, *rest = full_outcomes()
    assert isinstance(rest[0], SourceAnswer)
    down = SourceFailure(source=first.source, failed_at=rest[0].answered_at, cause=FailureCause.TOO_SLOW)
    issued = made(counter.desk(), [counter.own_file("a", 16, (down, *rest))], "csv")
    rows = list(csv.DictReader(io.StringIO(issued.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert {row["alles_volledig_beantwoord"] for row in rows} == {"nee"}
    assert all(first.source.organisation.name in row["bronnen_zonder_volledig_antwoord"] for row in rows)


def test_files_that_take_too_long_together_are_not_called_bad(counter: Counter) -> None:
    moments = iter([0.0, 1.0, 61.0])
    files = [counter.own_file("a", 14, full_outcomes()), counter.own_file("b", 15, paid_off(100))]
    desk = MergeFiles(counter.verify(), 60.0, lambda: next(moments)).look(files)
    assert [file.verdict.reason for file in desk.files] == [Reason.GENUINE, Reason.EXAMINER_FAILED]
    assert desk.merged is not None


@pytest.mark.parametrize(
    ("name", "shown"),
    [("C:\\map\\a.pdf", "a.pdf"), ("../../a.pdf", "a.pdf"), ("a\u202efdp.exe", "a\ufffdfdp.exe"), ("", "")],
)
def test_the_name_of_a_file_is_shown_as_what_it_is(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_a_view_tells_nothing_in_a_log(counter: Counter) -> None:
    view, _ = counter.desk().look([counter.own_file("a", 13, full_outcomes())])
    assert isinstance(view, DeskView)
    assert repr(view) == "DeskView(1 files)"


def test_adding_files_gives_what_choosing_all_at_once_gives(counter: Counter) -> None:
    desk, files = counter.desk(), fourteen(counter)
    view, ticket = desk.look(files[:9])
    assert view.summary is not None
    assert ticket is not None
    found = desk.add(ticket, view.summary.number, files[9:])
    assert found is not None
    added, new_ticket = found
    at_once, _ = desk.look(files)
    assert added.summary is not None
    assert at_once.summary is not None
    assert added.summary.merged == at_once.summary.merged
    assert added.summary.number != view.summary.number
    assert len(added.files) == 14
    assert added.until == view.until, "the time goes on"
    assert new_ticket is not None
    assert desk.view(new_ticket) == added
    assert desk.view(ticket) is None
    assert desk.add(ticket, view.summary.number, files[:1]) is None


@pytest.mark.threat("T-43")
def test_files_of_another_person_leave_what_was_kept_as_it_was(counter: Counter) -> None:
    desk = counter.desk()
    view, ticket = desk.look([counter.own_file("een.json", 30, full_outcomes())])
    theirs = counter.own_file("twee.json", 31, full_outcomes(), Bsn("999998493"))
    assert view.summary is not None
    assert ticket is not None
    found = desk.add(ticket, view.summary.number, [theirs])
    assert found is not None
    refused, new_ticket = found
    assert (refused.summary, refused.refusal, new_ticket) == (None, Refusal.DIFFERENT_PERSONS, None)
    assert refused.was_kept
    assert desk.view(ticket) == view
    assert desk.add(ticket, "BS-2026-0000000000", [theirs]) is None


@pytest.mark.threat("T-03")
def test_the_summary_names_the_files_that_are_not_in_it(tmp_path: Path) -> None:
    counter = make_counter(tmp_path)
    bad = [NamedFile("scan \U0001f600.pdf", b"%PDF-1.7\nscan"), NamedFile("=1+1.json", b"x")]
    files = [counter.own_file("goed.json", 12, full_outcomes()), *bad]
    record_of = counter.verify().verify(made(counter.desk(), files, "json").content)
    assert record_of.summary is not None
    assert [(one.name, one.result) for one in record_of.summary.left_out] == [
        ("scan \U0001f600.pdf", "niet van ons"),
        ("=1+1.json", "niet van ons"),
    ]
    file = tmp_path / "samenvatting.pdf"
    file.write_bytes(made(counter.desk(), files, "pdf").content)
    words = plain_text(file)
    for expected in (
        "2 bestanden staan niet in deze samenvatting",
        "scan ?.pdf",
        "=1+1.json",
        "niet van ons",
    ):
        assert expected in words
    rows = list(
        csv.DictReader(
            io.StringIO(made(counter.desk(), files, "csv").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert all("=1+1.json (niet van ons)" in row["bestanden_niet_samengevoegd"] for row in rows)
