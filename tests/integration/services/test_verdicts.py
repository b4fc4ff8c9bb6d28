"""Each row of the verdict table (NAMES.md), on files that the service itself issued."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents import json as record
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import open_database
from app.ports.case_reference import CaseReference
from app.ports.collections import Asking
from app.services.issue import Wanted
from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict, VerdictKind, Verify
from claims.outcome import FailureCause, SourceFailure
from signing.policy import TrustPolicy
from signing.report import Finding, SealReport
from signing.sealing.jws import JsonSeal
from signing.verifying.sandbox import DEFAULT, examine
from simulators.authority import DEMO_IDENTIFIER
from tests.integration.services.conftest import COLLECTION, OWNER, TownHall, new_town_hall
from tests.support import snapshots
from tests.support.audit import refuse_rows, rows_of, words_of
from tests.support.seals import Town, days_ago
from tests.support.snapshots import BSN, PERSON, full_outcomes, partial_outcomes, snapshot
from tests.support.tampering import one_other_letter

SEALED = pytest.mark.parametrize("format_name", ["pdf", "json"])


def number_of(verdict: Verdict) -> str:
    assert verdict.document is not None
    return verdict.document.number


@SEALED
def test_row_1_our_examiner_got_no_time(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    hurried = functools.partial(examine, policy=hall.town.policy, limits=replace(DEFAULT, wall_seconds=0.001))
    verdict = Verify(hurried, hall.register, DEMO_IDENTIFIER).verify(hall.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (1, Reason.EXAMINER_FAILED, 3)


@SEALED
def test_row_1_the_register_is_out_of_reach(hall: TownHall, tmp_path: Path, format_name: str) -> None:
    hall.gathered(full_outcomes())
    gone = SqlDocumentRegister(open_database(f"sqlite:///{tmp_path / 'no' / 'such'}"))
    verify = Verify(functools.partial(examine, policy=hall.town.policy), gone, DEMO_IDENTIFIER)
    verdict = verify.verify(hall.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (1, Reason.REGISTER_UNAVAILABLE, 3)
    assert verdict.document is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0 photo", b"%PDF-1.7\nscan", b'{"a": 1}', b"x" * 30_000_000]
)
def test_row_2_what_is_no_sealed_overview(hall: TownHall, content: bytes) -> None:
    verdict = hall.verify().verify(content)
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (2, Reason.NOT_SEALED, 2)


def test_row_2_a_csv_is_not_sealed(hall: TownHall) -> None:
    hall.gathered(full_outcomes())
    assert hall.verify().verify(hall.file("csv")).row == 2


def test_row_2_something_else_that_we_sealed_is_no_overview(hall: TownHall) -> None:
    other = JsonSeal(hall.town.key).seal(b'{"soort":"iets anders"}', datetime.now(UTC))
    assert hall.verify().verify(other).row == 2


@SEALED
@pytest.mark.threat("T-20")
def test_row_3_changed(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    verdict = hall.verify().verify(one_other_letter(hall.file(format_name)))
    assert (verdict.row, verdict.kind, verdict.kind.exit_code) == (3, VerdictKind.ALTERED, 1)
    assert verdict.document is None


@pytest.mark.threat("T-20")
def test_row_3_appended(hall: TownHall) -> None:
    hall.gathered(full_outcomes())
    assert hall.verify().verify(hall.file("pdf") + b"\n%%EOF\n").row == 3


@SEALED
@pytest.mark.threat("T-20")
def test_row_4_an_authority_of_the_same_name_that_we_do_not_trust(
    hall: TownHall, tmp_path: Path, format_name: str
) -> None:
    (tmp_path / "forger").mkdir()
    forger = new_town_hall(tmp_path / "forger")
    forger.gathered(full_outcomes())
    verdict = hall.verify().verify(forger.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (4, Reason.UNTRUSTED, 2)
    assert verdict.organisation is None


@SEALED
@pytest.mark.threat("T-22")
def test_row_5_the_document_was_revoked(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    file = hall.file(format_name)
    hall.register.revoke(number_of(hall.verify().verify(file)), datetime.now(UTC), "ten onrechte afgegeven")
    verdict = hall.verify().verify(file)
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (5, Reason.REVOKED, 2)
    assert "ten onrechte afgegeven" in describe(verdict).warnings[0]


@SEALED
@pytest.mark.threat("T-22")
def test_row_5_the_key_was_revoked_afterwards(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    file = hall.file(format_name)
    hall.town.authority.revoke(hall.town.identity, days_ago(-0.01))
    verdict = hall.verify().verify(file)
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (5, Reason.REVOKED, 2)


@SEALED
def test_row_6_a_number_that_our_register_does_not_know(
    hall: TownHall, tmp_path: Path, format_name: str
) -> None:
    hall.gathered(full_outcomes())
    (tmp_path / "other").mkdir()
    empty = new_town_hall(tmp_path / "other").register
    verify = Verify(functools.partial(examine, policy=hall.town.policy), empty, DEMO_IDENTIFIER)
    verdict = verify.verify(hall.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (6, Reason.NOT_IN_REGISTER, 3)
    assert "niet in ons register" in describe(verdict).headline


@pytest.mark.threat("T-20")
def test_row_6_a_known_number_with_another_content(hall: TownHall) -> None:
    """Whoever got hold of the key still cannot reuse the number of a real document."""
    hall.gathered(full_outcomes())
    document = hall.verify().verify(hall.file("json")).document
    assert document is not None
    forged = replace(snapshot(partial_outcomes()), number=document.number, made_at=document.made_at)
    file = JsonSeal(hall.town.key).seal(record.write_payload(forged), document.made_at)
    assert hall.verify().verify(file).row == 6


@SEALED
def test_row_7_a_newer_overview_of_the_same_collection(hall: TownHall, format_name: str) -> None:
    """Also when both were made in the same second."""
    outcomes = list(full_outcomes())
    failure = SourceFailure(
        source=outcomes[1].source, failed_at=datetime.now(UTC), cause=FailureCause.TOO_SLOW
    )
    hall.gathered([outcomes[0], failure, *outcomes[2:]])
    old = hall.file(format_name)
    now = datetime.now(UTC)
    run = hall.store.restart(COLLECTION, OWNER, failure.source.source_id, Asking(now, now))
    assert run is not None
    hall.store.save_outcomes(COLLECTION, [(run, outcomes[1])])
    new = hall.verify().verify(hall.file(format_name))
    verdict = hall.verify().verify(old)
    assert new.row == 11
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (7, Reason.SUPERSEDED, 0)
    assert verdict.newer_number == number_of(new)


@SEALED
def test_row_8_another_configured_organisation(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    verdict = hall.verify(own_identifier="NTRNL-11111111").verify(hall.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (8, Reason.OTHER_ORGANISATION, 0)
    assert not verdict.register_asked
    assert "Gemeente Voorbeeld" in describe(verdict).headline


def test_row_9_the_certificate_expired_since(hall: TownHall) -> None:
    old = replace(hall.town.with_seal(not_before=days_ago(30), not_after=days_ago(1)))
    made = replace(snapshot(full_outcomes()), made_at=days_ago(10))
    file = JsonSeal(old.key).seal(record.write_payload(made), made.made_at)
    verdict = Verify(functools.partial(examine, policy=old.policy)).verify(file)
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (9, Reason.MOMENT_UNPROVEN, 0)
    elsewhere = Verify(functools.partial(examine, policy=old.policy), hall.register, "NTRNL-11111111").verify(
        file
    )
    assert elsewhere.row == 8
    assert any("niet bewezen" in warning for warning in describe(elsewhere).warnings)


def test_row_10_an_archived_copy(hall: TownHall) -> None:
    """The archival rule itself comes with the archive command; here: what the use case makes of its finding."""
    hall.gathered(full_outcomes())
    genuine = hall.town.examine(hall.file("pdf"))

    def archived(_: bytes) -> SealReport:
        return replace(genuine, finding=Finding.ARCHIVED)

    verdict = Verify(archived).verify(b"")
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (10, Reason.ARCHIVED, 0)


@SEALED
def test_row_11_genuine(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    verdict = hall.verify().verify(hall.file(format_name))
    assert (verdict.row, verdict.reason, verdict.kind.exit_code) == (11, Reason.GENUINE, 0)
    assert verdict.register_asked
    assert verdict.document is not None
    assert verdict.document.overview.outcomes == full_outcomes()


@SEALED
def test_offline_says_that_the_register_was_not_asked(hall: TownHall, format_name: str) -> None:
    hall.gathered(full_outcomes())
    verdict = Verify(hall.town.examine).verify(hall.file(format_name))
    assert verdict.kind is VerdictKind.GENUINE
    assert any("register is niet gevraagd" in warning for warning in describe(verdict).warnings)


@SEALED
def test_a_partial_overview_names_what_is_missing(hall: TownHall, format_name: str) -> None:
    hall.gathered(partial_outcomes())
    text = describe(hall.verify().verify(hall.file(format_name)))
    assert any("Kredietbank" in warning and "geen antwoord" in warning for warning in text.warnings)
    assert dict(text.facts)["Nog te betalen"].startswith("minstens")


def test_a_verdict_is_not_a_boolean(hall: TownHall) -> None:
    with pytest.raises(TypeError):
        bool(hall.verify().verify(b""))


def test_a_town_cannot_vouch_for_another(hall: TownHall) -> None:
    stranger = Town.create()
    assert hall.verify().verify(stranger.json()).row == 4


def test_an_amount_that_is_not_known_is_said_also_when_everybody_answered(hall: TownHall) -> None:
    hall.gathered([snapshots.answer(snapshots.WATER, "w", snapshots.unknown_claim())])
    warnings = describe(hall.verify().verify(hall.file("json"))).warnings
    assert "Van 1 rekening is het bedrag niet bekend. Het totaal kan hoger zijn." in warnings


def test_without_a_current_revocation_list_the_verdict_says_so(hall: TownHall) -> None:
    hall.gathered(full_outcomes())
    trusted = next(iter(hall.town.policy.organisations))
    blind = TrustPolicy(frozenset({replace(trusted, crls=())}))
    verify = Verify(functools.partial(examine, policy=blind), hall.register, DEMO_IDENTIFIER)
    verdict = verify.verify(hall.file("json"))
    assert verdict.row == 11
    assert any("niet nagaan" in warning for warning in describe(verdict).warnings)
    usual = describe(hall.verify().verify(hall.file("json"))).warnings
    assert not any("niet nagaan" in warning for warning in usual)


def test_the_citizen_can_see_that_somebody_verified_a_document_of_theirs(hall: TownHall) -> None:
    hall.gathered(full_outcomes())
    file = hall.file("json")
    number = words_of(hall.book)[0][1]
    hall.verify().verify(file)
    assert words_of(hall.book)[-1] == ("document_verified", number, "genuine")
    assert rows_of(hall.book)[-1].subject == hall.book.pseudonyms.of_citizen(BSN).value


def test_verifying_a_document_that_is_not_in_our_register_writes_nothing(
    hall: TownHall, tmp_path: Path
) -> None:
    """Whoever has a key of ours could name anybody in it."""
    hall.gathered(full_outcomes())
    file = hall.file("json")
    before = words_of(hall.book)
    (tmp_path / "other").mkdir()
    stranger = new_town_hall(tmp_path / "other")
    blank = replace(hall, register=stranger.register)
    assert blank.verify().verify(file).reason is Reason.NOT_IN_REGISTER
    assert hall.verify("NTRNL-99999999").verify(file).reason is Reason.OTHER_ORGANISATION
    assert words_of(hall.book) == before


@pytest.mark.threat("T-26")
def test_without_the_audit_log_no_document_of_ours_is_judged(hall: TownHall) -> None:
    hall.gathered(full_outcomes())
    file = hall.file("json")
    refuse_rows(hall.book)
    assert hall.verify().verify(file).reason is Reason.REGISTER_UNAVAILABLE


@pytest.mark.threat("T-48")
def test_without_a_case_reference_it_is_another_document(hall: TownHall) -> None:
    """Taken away after a first download: the next file does not say it, and replaces the one that does. Nothing else changes."""
    hall.gathered(full_outcomes())
    case = CaseReference("Z-2026-17")
    old, again, new = (
        hall.issue.issue(COLLECTION, OWNER, PERSON, Wanted("json"), stated) for stated in (case, case, None)
    )
    assert old.number == again.number != new.number
    before, after = (hall.verify().verify(one.content) for one in (old, new))
    assert before.document is not None
    assert after.document is not None
    assert (before.document.case_reference, after.document.case_reference) == (case, None)
    assert (before.reason, after.row) == (Reason.SUPERSEDED, 11)
