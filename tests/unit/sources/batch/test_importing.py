"""A file is taken whole or not at all."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from claims.financial_claim import FinancialClaim
from claims.money import Money
from claims.outcome import OutcomeKind, PartialReason
from claims.partial_date import PartialDate
from sources.batch.importing import Watcher, import_file
from sources.batch.record import NOT_A_BSN
from sources.config import SourceConfig
from sources.errors import SourceUnavailable
from sources.ports import DeliveryRefused
from tests.support import fcid
from tests.unit.sources.batch.support import ME, OTHER, STRANGER, Town, closing, csv_lines, packed, row

MOMENT = datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC)
FCID: dict[str, Any] = {"format": "fcid", "columns": {}}


def only_claim(town: Town, bsn: str = ME, **settings: Any) -> FinancialClaim:
    [claim] = town.ask(bsn, **settings).claims
    return claim


def test_a_csv_file_becomes_claims_of_the_right_people(town: Town) -> None:
    report = town.deliver(csv_lines(row(), row(OTHER, "Z-2", "0,10"), row(ME, "Z-3", "")))
    assert (report.records, report.bad, report.unplaced, report.as_of) == (3, 0, 0, MOMENT)
    answer = town.ask()
    assert [claim.reference for claim in answer.claims] == ["Z-1", "Z-3"]
    assert [claim.amounts.balance for claim in answer.claims] == [Money(123456), None]
    assert (answer.stated_name, answer.claims[0].title) == ("J. Jansen", "Terugvordering")
    assert answer.claims[0].due_on == PartialDate(2026, 3, 31)
    assert answer.claims[0].amounts.as_of == MOMENT
    assert only_claim(town, OTHER).reference == "Z-2"
    assert town.ask(STRANGER).kind is OutcomeKind.NO_CLAIMS


@pytest.mark.parametrize(
    ("amounts", "text", "cents"),
    [
        ("decimal_comma", "12", 1200),
        ("decimal_comma", "-12,05", -1205),
        ("decimal_comma", "1234567,89", 123456789),
        ("decimal_comma", "1.234.567,89", 123456789),
        ("cents", "123456", 123456),
        ("cents", "-5", -5),
    ],
)
def test_amounts_are_read_as_the_settings_say(town: Town, amounts: str, text: str, cents: int) -> None:
    town.deliver(csv_lines(row(balance=text)), amounts=amounts)
    assert only_claim(town).amounts.balance == Money(cents)


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        ("decimal_comma", "1.234"),
        ("decimal_comma", "12.34"),
        ("decimal_comma", "1,5"),
        ("decimal_comma", "€ 12,00"),
        ("decimal_comma", "1e5"),
        ("decimal_comma", "١٢"),
        ("decimal_comma", "999999999999,99"),
        ("cents", "12,00"),
        ("cents", "onbekend"),
    ],
)
def test_a_doubtful_amount_is_a_bad_record_and_never_a_guess(town: Town, amounts: str, text: str) -> None:
    town.deliver(csv_lines(row(balance=text), row(OTHER, balance="")), amounts=amounts)
    assert town.bad == [(2, "an amount that we cannot read")]
    assert town.ask().kind is OutcomeKind.NO_ANSWER


@pytest.mark.parametrize(
    ("dates", "text", "day"),
    [
        ("dutch", "31-03-2026", PartialDate(2026, 3, 31)),
        ("dutch", "1-3-2026", PartialDate(2026, 3, 1)),
        ("iso", "2026-03-31", PartialDate(2026, 3, 31)),
        ("iso", "20260331", PartialDate(2026, 3, 31)),
        ("iso", "", None),
    ],
)
def test_dates_are_read_as_the_settings_say(
    town: Town, dates: str, text: str, day: PartialDate | None
) -> None:
    town.deliver(csv_lines(row(due=text)), dates=dates)
    assert only_claim(town).due_on == day


@pytest.mark.parametrize(
    ("dates", "text"),
    [("dutch", "2026-03-31"), ("dutch", "31-02-2026"), ("iso", "31-03-2026"), ("iso", "2026-0331")],
)
def test_an_impossible_date_is_a_bad_record(town: Town, dates: str, text: str) -> None:
    town.deliver(csv_lines(row(due=text), row(OTHER, due="")), dates=dates)
    assert town.bad == [(2, "a date that we cannot read")]


def test_a_file_in_cp1252_is_read_when_the_settings_say_so(town: Town) -> None:
    lines = csv_lines(row().replace("J. Jansen", "Chloë €"))
    town.deliver("\r\n".join(lines).encode("cp1252") + b"\r\n", encoding="cp1252")
    assert town.ask().stated_name == "Chloë €"


def test_bytes_of_cp1252_in_a_utf_8_file_are_a_bad_record(town: Town) -> None:
    lines = csv_lines(row(), row(OTHER).replace("J. Jansen", "Chloë"))
    report = town.deliver("\n".join(lines).encode("cp1252"))
    assert (town.bad, report.unplaced) == ([(3, "not utf-8")], 1)


def test_a_byte_order_mark_is_no_part_of_the_first_heading(town: Town) -> None:
    town.deliver(b"\xef\xbb\xbf" + "\n".join(csv_lines(row())).encode())
    assert only_claim(town).reference == "Z-1"


def test_quoted_cells_may_hold_the_delimiter_but_no_line_break(town: Town) -> None:
    rows = row(reference='"Z;1"'), row(OTHER, '"Z-2'), row(STRANGER)
    report = town.deliver(csv_lines(*rows))
    assert only_claim(town).reference == "Z;1"
    assert only_claim(town, STRANGER).reference == "Z-1"
    assert (report.bad, town.bad[0][0]) == (1, 3)


def document(bsn: str, reference: str) -> str:
    case = fcid.case(fcid.imposed(12_50), obliged=12_50, bsn=bsn, zaakkenmerk=reference)
    return json.dumps(fcid.document(case, bsn=bsn))


def test_a_file_of_fcid_documents_becomes_claims(town: Town) -> None:
    report = town.deliver([document(ME, "A"), document(OTHER, "B"), document(ME, "C"), closing(3)], **FCID)
    assert (report.records, report.bad) == (3, 0)
    assert [claim.reference for claim in town.ask(**FCID).claims] == ["A", "C"]
    assert only_claim(town, OTHER, **FCID).amounts.balance == Money(1250)


def test_the_oldest_document_of_a_person_is_the_moment_of_the_answer(town: Town) -> None:
    town.deliver([document(ME, "A"), closing(1)], **FCID)
    answer = town.ask(**FCID)
    assert answer.basis.at == datetime(2026, 4, 1, tzinfo=UTC)  # tests.support.fcid.NOW
    assert answer.partial == (PartialReason.STALE,)


@pytest.mark.parametrize("line", ["[1]", "{", '{"type": "X"}', "null", "[" * 5000])
def test_a_line_that_is_no_document_is_reported_and_skipped(town: Town, line: str) -> None:
    report = town.deliver([document(ME, "A"), line, closing(2)], **FCID)
    assert (report.bad, report.unplaced, town.bad[0][0]) == (1, 1, 2)


@pytest.mark.threat("T-27")
def test_a_document_about_two_people_is_about_nobody(town: Town) -> None:
    mixed = json.dumps(fcid.document(fcid.case(bsn=OTHER), bsn=ME))
    assert town.deliver([document(ME, "A"), mixed, closing(2)], **FCID).unplaced == 1
    assert town.ask(OTHER, **FCID).kind is OutcomeKind.NO_ANSWER


def test_a_bad_record_makes_the_answer_of_its_person_partial_and_no_other(town: Town) -> None:
    town.deliver(csv_lines(row(), row(ME, "Z-2", "twaalf"), row(OTHER)))
    assert town.ask().partial == (PartialReason.CLAIM_UNREADABLE,)
    assert len(town.ask().claims) == 1
    assert town.ask(OTHER).is_full
    assert town.ask(STRANGER).kind is OutcomeKind.NO_CLAIMS


def test_a_bad_record_of_nobody_leaves_nobody_with_no_claims(town: Town) -> None:
    report = town.deliver(csv_lines(row(), row("123456789")))
    assert (report.unplaced, town.bad) == (1, [(3, NOT_A_BSN)])
    assert town.ask(STRANGER).kind is OutcomeKind.NO_ANSWER
    assert town.ask().partial == (PartialReason.CLAIM_UNREADABLE,)


GOOD = csv_lines(row())
NEW = csv_lines(row(reference="NEW"), row(OTHER))


@pytest.mark.parametrize(
    ("content", "settings", "why"),
    [
        (NEW[:-1], {}, "closing line is missing"),
        (NEW[:2], {"records": 2, "as_of": MOMENT}, "has 1 records and must have 2"),
        ("\n".join(NEW[:-1]).encode(), {"records": 2, "as_of": MOMENT}, "cut off"),
        ("\n".join(NEW).encode()[:-4], {}, "closing line is missing"),
        (packed(NEW)[:-9], {}, "cut off"),
        (packed(NEW)[:20] + b"\0" * 20, {}, "cut off or damaged"),
        (csv_lines(row(reference="NEW"), count=2), {}, "has 1 records and must have 2"),
        (csv_lines(row(reference="NEW"), count=0), {}, "has 1 records and must have 0"),
        (csv_lines(row(reference="NEW"), count=999993549), {}, "must have ten million or more"),
        (NEW, {"records": 3, "as_of": MOMENT}, "differ"),
        (csv_lines(), {}, "no records"),
        (b"", {}, "closing line is missing"),
        ([*NEW, row(STRANGER)], {}, "something follows"),
        (NEW, {"max_file_bytes": 150}, "larger than 150 bytes"),
        (gzip.compress(b"a" * 10_000_000), {"max_file_bytes": 100_000}, "longer|larger"),
        (NEW, {"max_record_bytes": 40}, "longer than 40 bytes"),
        (GOOD, {}, "before"),
        (packed(GOOD), {}, "before"),
        (csv_lines(row(), as_of="2026-09-30T23:59:58+02:00"), {}, "older than the delivery"),
        (csv_lines(row(), as_of="2026-10-03T00:00:00Z"), {}, "future"),
        (csv_lines(row(), as_of="2026-07-01T00:00:00Z"), {}, "older than delete_after_days"),
        (csv_lines(row(reference="NEW"), row("1")), {"max_bad_share": 0.4}, "1 of 2 records are bad"),
        (["Zaak;Open", *NEW[1:]], {}, "heading for bsn"),
        ([NEW[0] + ";BSN", *NEW[1:]], {}, "heading for bsn"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing_and_says_why(
    town: Town, content: Any, settings: dict[str, Any], why: str
) -> None:
    town.deliver(GOOD)
    with pytest.raises(DeliveryRefused, match=why) as refused:
        town.deliver(content, **settings)
    assert "\n" not in str(refused.value)
    assert only_claim(town).reference == "Z-1"
    assert town.ask(OTHER).kind is OutcomeKind.NO_CLAIMS


def test_the_settings_may_say_what_the_file_does_not(town: Town) -> None:
    town.deliver(GOOD[:-1], records=1, as_of=MOMENT)
    assert only_claim(town).reference == "Z-1"


def test_a_corrected_file_of_the_same_moment_is_taken(town: Town) -> None:
    town.deliver(GOOD)
    town.deliver(packed(NEW))
    assert only_claim(town).reference == "NEW"


def test_a_file_that_is_not_there_is_refused(town: Town) -> None:
    silent = Watcher(lambda _done, _size: None, lambda _line, _problem: None)
    with pytest.raises(DeliveryRefused, match="cannot be read"):
        import_file(town.config(), town.folder / "absent", town.ports, silent)


def test_a_source_of_another_kind_takes_no_file(town: Town) -> None:
    silent = Watcher(lambda _done, _size: None, lambda _line, _problem: None)
    other = SourceConfig(source_id="zonnedael", organisation="Gemeente Zonnedael", connected=False)
    with pytest.raises(DeliveryRefused, match="delivers no files"):
        import_file(other, town.folder / "absent", town.ports, silent)


def test_no_reason_holds_anything_of_the_file(town: Town) -> None:
    town.deliver(csv_lines(row(), row(ME, "", "x"), row("111111111"), row(OTHER, due="geheim"), *[row()] * 3))
    assert len(town.bad) == 3
    assert not any(secret in repr(town.bad) for secret in (ME, "111111111", "Jansen", "geheim"))


def test_progress_is_told_in_bytes_of_the_file(town: Town) -> None:
    town.deliver(packed(csv_lines(*(row(reference=f"Z-{n}") for n in range(500)))))
    assert town.seen[-1][0] == town.seen[-1][1] == (town.folder / "delivery").stat().st_size
    assert [done for done, _ in town.seen] == sorted(done for done, _ in town.seen)


def test_a_source_that_never_delivered_is_a_failure(town: Town) -> None:
    with pytest.raises(SourceUnavailable):
        town.ask()
    with pytest.raises(DeliveryRefused):
        town.deliver(NEW[:-1])
    with pytest.raises(SourceUnavailable):
        town.ask()
