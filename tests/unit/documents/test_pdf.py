"""The sealed PDF, read by other people's programs: poppler, qpdf and OpenSSL."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents import formatting, labels, pdf, pdf_fonts
from app.documents.json import write_payload
from app.documents.pdf_fonts import GlyphMissing
from app.documents.pdf_layout import FOOT, TEXT_WIDTH
from app.documents.pdf_seal import SealDoesNotFit
from app.ports.snapshot import Snapshot
from claims.financial_claim import ClaimStatus, Finding
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import SourceAnswer, SourceOutcome
from signing.control_code import control_code
from signing.report import Finding as SealFinding
from signing.verifying.sandbox import examine
from tests.support import pdf_reading as reading
from tests.support import snapshots
from tests.support.sealing import ConstantSeal, Sealer
from tests.support.waiting import PATIENCE_S

CASES = {
    "full": snapshots.full_outcomes(),
    "partial": snapshots.partial_outcomes(),
    "none asked": (),
    "none found": snapshots.many_outcomes(0),
    "one": snapshots.many_outcomes(1),
    "hundred": snapshots.many_outcomes(100),
}


def write(folder: Path, outcomes: tuple[SourceOutcome, ...]) -> Path:
    snapshot = snapshots.snapshot(outcomes)
    file = folder / "o.pdf"
    file.write_bytes(pdf.write(snapshot, write_payload(snapshot), ConstantSeal()))
    return file


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: write(tmp_path_factory.mktemp("pdf"), outcomes) for name, outcomes in CASES.items()}


def whole_numbers(value: object) -> Iterator[int]:
    """Every whole number in a claim of the record is an amount in cents."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from whole_numbers(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def sealed_now(sealer: Sealer) -> tuple[bytes, bytes]:
    snapshot = snapshots.snapshot_now(snapshots.partial_outcomes())
    payload = write_payload(snapshot)
    return pdf.write(snapshot, payload, sealer.seal), payload


@pytest.mark.parametrize("name", CASES)
def test_every_overview_is_one_revision_without_syntax_errors(written: dict[str, Path], name: str) -> None:
    assert "No syntax or stream encoding errors" in reading.run("qpdf", "--check", str(written[name]))
    assert written[name].read_bytes().count(b"%%EOF") == 1


@pytest.mark.parametrize("name", CASES)
def test_every_page_says_which_of_how_many_it_is(written: dict[str, Path], name: str) -> None:
    count = reading.page_count(written[name])
    numbers = re.findall(r"Bladzijde (\d+) van (\d+)", reading.plain_text(written[name]))
    assert numbers == [(str(n), str(count)) for n in range(1, count + 1)]


@pytest.mark.parametrize("name", CASES)
def test_paper_shows_no_more_of_the_number_than_three_digits(written: dict[str, Path], name: str) -> None:
    text = reading.plain_text(written[name])
    assert "burgerservicenummer dat eindigt op 549" in text
    assert "999993" not in text.replace(" ", "")
    assert b"999993549" not in written[name].read_bytes()


@pytest.mark.parametrize("name", CASES)
def test_the_attachment_is_the_record_byte_for_byte(
    written: dict[str, Path], name: str, tmp_path: Path
) -> None:
    reading.run("pdfdetach", "-saveall", "-o", str(tmp_path), str(written[name]))
    payload = (tmp_path / "schuldenoverzicht.json").read_bytes()
    assert payload == write_payload(snapshots.snapshot(CASES[name]))
    assert control_code(payload) in reading.plain_text(written[name])


@pytest.mark.parametrize("name", ["full", "partial", "one"])
def test_every_amount_of_the_record_stands_on_the_pages(written: dict[str, Path], name: str) -> None:
    record = json.loads(write_payload(snapshots.snapshot(CASES[name])))
    text = reading.plain_text(written[name])
    sources = record["overzicht"]["bronnen"]
    amounts = [
        a for source in sources for claim in source.get("vorderingen", []) for a in whole_numbers(claim)
    ]
    assert amounts
    assert [a for a in amounts if formatting.money(Money(a)) not in text] == []
    total = record["overzicht"]["totalen"]["saldo"]
    words = f"minstens {formatting.money(Money(total['bedrag']))}"
    assert (words in text) == total["is_minimum"]


def test_gaps_stand_above_the_totals_and_at_the_foot_of_every_page(written: dict[str, Path]) -> None:
    text = reading.plain_text(written["partial"])
    assert text.index("Kredietbank Voorbeeldstreek gaf geen antwoord.") < text.index("minstens €")
    pages = reading.page_count(written["partial"])
    assert text.count("Let op: niet alle bronnen gaven een volledig antwoord.") == pages
    assert "Let op: niet alle bronnen" not in reading.plain_text(written["full"])


def test_the_moment_of_a_list_stands_above_the_totals_and_beside_its_source(tmp_path: Path) -> None:
    outcomes = (snapshots.by_list(snapshots.BANK, "b"), snapshots.answer(snapshots.WATER, "w"))
    text = " ".join(reading.plain_text(write(tmp_path, outcomes)).split())
    assert "Kredietbank Voorbeeldstreek hebben wij niet gevraagd." in text
    assert text.count("22 november 2026 om 02.05") >= 2


@pytest.mark.parametrize("name", CASES)
def test_no_overview_calls_itself_complete(written: dict[str, Path], name: str) -> None:
    assert "compleet" not in reading.plain_text(written[name]).casefold()


def test_an_overview_without_any_answer_has_no_amount_at_all(written: dict[str, Path]) -> None:
    text = reading.plain_text(written["none asked"])
    assert "Er is geen bron aangesloten." in text
    assert "€" not in text


def test_an_unrecognised_event_is_a_sentence_with_its_day_and_amount(written: dict[str, Path]) -> None:
    text = " ".join(reading.plain_text(written["full"]).split())
    assert "Er is iets gebeurd dat wij niet kennen" in text
    assert "De organisatie noemt dit: BeslagGelegd." in text
    assert "1 juli 2026" in text
    assert "€ 12,00" in text
    assert '"bedrag"' not in text


def test_the_months_leave_out_what_waits_and_say_so(tmp_path: Path) -> None:
    waiting = replace(snapshots.tax_claim(), status=ClaimStatus.PAUSED, reference="R-2")
    file = write(tmp_path, (snapshots.answer(snapshots.TAXES, "b", snapshots.parking_claim(), waiting),))
    text = " ".join(reading.plain_text(file).split())
    assert "Niet meegeteld: rekeningen met ‘Even niet betalen’ of ‘Bezwaar loopt’." in text
    assert "2026 (even niet betalen)" in text


def test_the_foot_of_a_page_leaves_room_for_a_thousand_pages() -> None:
    """The longest month and number of pages: both stand on one line, and the words must not meet."""
    pdf_fonts.register()
    september = replace(
        snapshots.snapshot(()), made_at=datetime(2026, 9, 28, 12, tzinfo=UTC), number="BK-2026-WWWWWWWWWW"
    )
    left = pdf._Footer(september, "MMMM-MMMM-MMMM-MMMM")._text
    both = sum(pdf_fonts.width(text, FOOT.face, FOOT.size) for text in (left, "Bladzijde 1000 van 1000"))
    assert both + 5.0 < TEXT_WIDTH


def test_the_pages_say_where_the_fingerprint_of_the_seal_is(written: dict[str, Path]) -> None:
    words = " ".join(reading.plain_text(written["full"]).split())
    assert "De vingerafdruk van het zegel staat op https://voorbeeldstad.nl/zegel" in words


@pytest.mark.parametrize("name", CASES)
def test_the_seal_does_not_stand_on_a_page_of_its_own(written: dict[str, Path], name: str) -> None:
    last_page = reading.plain_text(written[name]).rstrip("\f").split("\f")[-1]
    before, seal, behind = last_page.partition("Het zegel")
    assert "Een digitaal slot." in before
    assert seal
    assert "Elektronisch zegel" in behind


def test_an_overview_without_claims_is_two_pages(written: dict[str, Path]) -> None:
    nothing = written["none found"]
    assert reading.page_count(nothing) == 2
    text = reading.plain_text(nothing)
    assert "Aanmaning" not in text
    assert all(word in text for word in labels.WORDS_WITHOUT_CLAIMS)


def test_the_tags_tell_the_reading_order(written: dict[str, Path]) -> None:
    tree = reading.tag_tree(written["full"])
    order = [
        "H1",
        "Alle 5 aangesloten bronnen",
        "Wat kunt u nu doen?",
        "Is dit overzicht echt?",
        "Per organisatie",
    ]
    places = [tree.index(words) for words in order]
    assert places == sorted(places)
    kinds = set(re.findall(r"^\s*([A-Z][A-Za-z0-9]*)\b", tree, re.MULTILINE))
    assert {
        "Document",
        "H1",
        "H2",
        "H3",
        "Table",
        "THead",
        "TBody",
        "TR",
        "TH",
        "TD",
        "Figure",
        "Form",
    } <= kinds
    assert "Bladzijde" not in tree


def test_words_are_not_glued_together_where_a_line_breaks(tmp_path: Path) -> None:
    claim = replace(snapshots.tax_claim(), title=" ".join(f"woord{n}" for n in range(60)))
    file = write(tmp_path, (snapshots.answer(snapshots.TAXES, "belastingen", claim),))
    tree = reading.tag_tree(file).replace("\n", "").replace('"', "")
    assert re.findall(r"woord\d+woord", re.sub(r" {2,}", "", tree)) == []


def test_letters_of_every_name_survive(written: dict[str, Path]) -> None:
    assert "Đặng Žižković-Ŵynn Ḋ (volgens Sociale Dienst Voorbeeld)" in reading.plain_text(written["full"])


def test_a_missing_glyph_stops_the_document_before_sealing(tmp_path: Path) -> None:
    claim = replace(snapshots.tax_claim(), title="Kikker 🐸 met 漢字")
    snapshot = snapshots.snapshot((snapshots.answer(snapshots.TAXES, "belastingen", claim),))
    seal = ConstantSeal()
    with pytest.raises(GlyphMissing, match=r"^no glyph for U\+1F438$"):
        pdf.write(snapshot, write_payload(snapshot), seal)
    assert seal.digests == []


def test_markup_in_the_data_stays_text(tmp_path: Path) -> None:
    claim = replace(snapshots.tax_claim(), title="<b>niet vet</b> &amp; (haakje) \\ EMC ET")
    text = reading.plain_text(write(tmp_path, (snapshots.answer(snapshots.TAXES, "b", claim),)))
    assert "<b>niet vet</b> &amp; (haakje) \\ EMC ET" in text


def test_long_texts_break_over_pages_without_losing_a_word(tmp_path: Path) -> None:
    event = snapshots.long_event(24_000)
    long = "Een lange omschrijving van 400 tekens. " * 10
    claim = replace(snapshots.tax_claim(), title=long, events=(event,), reference="X" * 120)
    file = write(tmp_path, (snapshots.answer(snapshots.TAXES, "belastingen", claim),))
    text = reading.plain_text(file)
    assert text.count("abc") == 6000
    assert reading.page_count(file) > 3
    assert re.sub(r"\D", "", "".join(re.findall(r"Bladzijde \d+", text)))


@pytest.mark.parametrize(("claims", "at_least"), [(10, 5), (1325, 50)])
def test_many_pages_are_numbered_right(tmp_path: Path, claims: int, at_least: int) -> None:
    file = write(tmp_path, snapshots.many_outcomes(claims))
    count = reading.page_count(file)
    assert count >= at_least
    assert f"Bladzijde {count} van {count}" in reading.plain_text(file)


def test_of_very_many_claims_each_stands_in_the_table_and_the_urgent_ones_are_explained(
    tmp_path: Path,
) -> None:
    many = snapshots.many_outcomes(60)[0]
    assert isinstance(many, SourceAnswer)
    urgent = replace(snapshots.parking_claim(), creditor=snapshots.TAXES)
    file = write(tmp_path, (replace(many, claims=(*many.claims, urgent)),))
    text = reading.plain_text(file)
    assert all(claim.reference in text for claim in many.claims)
    assert "Dit zijn 61 rekeningen" in text
    assert text.count("Opbouw") + text.count("Kosten erbij") == text.count("Dringend: ") == 1
    assert f"1. {urgent.title}" in text


def test_a_title_longer_than_a_page_loses_nothing(tmp_path: Path) -> None:
    claim = replace(snapshots.tax_claim(), title="woord " * 4000)
    text = reading.plain_text(write(tmp_path, (snapshots.answer(snapshots.TAXES, "belastingen", claim),)))
    assert text.count("woord") >= 3 * 4000


def test_what_is_odd_about_a_claim_is_said(tmp_path: Path) -> None:
    findings = (Finding("iban_check_digits"), Finding("unknown_member"), Finding("balance_date_assumed"))
    claim = replace(snapshots.tax_claim(), findings=findings)
    text = reading.plain_text(write(tmp_path, (snapshots.answer(snapshots.TAXES, "belastingen", claim),)))
    assert "Let op: Het rekeningnummer klopt misschien niet." in text
    assert "Goed om te weten: De bron noemt geen datum bij het bedrag." in text
    assert "unknown_member" not in text


def test_differing_names_are_a_warning(written: dict[str, Path]) -> None:
    assert "de bronnen noemen verschillende namen" in reading.plain_text(written["full"])
    assert "verschillende namen" not in reading.plain_text(written["partial"])


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    payload = write_payload(snapshot)
    first, second = ConstantSeal(), ConstantSeal()
    assert pdf.write(snapshot, payload, first) == pdf.write(snapshot, payload, second)
    assert first.digests == second.digests
    assert len(first.digests) == 1


def test_a_seal_that_is_too_large_is_refused() -> None:
    snapshot: Snapshot = snapshots.snapshot(())
    with pytest.raises(SealDoesNotFit):
        pdf.write(snapshot, write_payload(snapshot), ConstantSeal(b"x" * 4001))


def test_our_verifier_trusts_the_file_and_finds_the_record(sealer: Sealer) -> None:
    data, payload = sealed_now(sealer)
    report = examine(data, sealer.trust)
    assert report.finding is SealFinding.GENUINE, report.checks
    assert report.payload == payload


def test_one_changed_byte_is_noticed(sealer: Sealer) -> None:
    data, _ = sealed_now(sealer)
    place = data.index(b"/Type /Catalog") if b"/Type /Catalog" in data else len(data) // 3
    changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    assert examine(changed, sealer.trust).finding is not SealFinding.GENUINE


def test_poppler_agrees_that_the_whole_file_is_sealed(sealer: Sealer, tmp_path: Path) -> None:
    file = tmp_path / "o.pdf"
    file.write_bytes(sealed_now(sealer)[0])
    said = reading.run("pdfsig", "-nocert", str(file))
    for words in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached"):
        assert words in said


def test_openssl_accepts_the_seal_as_cades(sealer: Sealer, tmp_path: Path) -> None:
    data, _ = sealed_now(sealer)
    numbers = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+) *\]", data)
    assert numbers is not None
    start, end, size = map(int, numbers.groups())
    assert end + size == len(data)
    der = bytes.fromhex(data[start + 1 : end - 1].decode("ascii"))
    (tmp_path / "c.p7").write_bytes(der)
    (tmp_path / "d.bin").write_bytes(data[:start] + data[end:])
    command = ["openssl", "cms", "-verify", "-cades", "-inform", "DER", "-in", "c.p7", "-content", "d.bin"]
    options = ["-binary", "-CAfile", str(sealer.root), "-purpose", "any", "-out", "uit"]
    done = subprocess.run(
        [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert "CAdES Verification successful" in done.stderr, done.stderr


def test_the_stated_names_never_stand_without_their_source(written: dict[str, Path]) -> None:
    outcomes = snapshots.full_outcomes()
    named = [o for o in outcomes if isinstance(o, SourceAnswer) and o.stated_name]
    text = reading.plain_text(written["full"])
    assert named
    for outcome in named:
        assert (
            f"{outcome.stated_name} (volgens {formatting.organisation(outcome.source.organisation)})" in text
        )


def test_a_claim_of_two_sources_is_one_block_that_names_both(tmp_path: Path) -> None:
    claim = snapshots.tax_claim()
    both = (
        snapshots.answer(snapshots.TAXES, "belastingen", claim),
        snapshots.answer(Organisation("Samen Innen"), "samen", claim),
    )
    text = " ".join(reading.plain_text(write(tmp_path, both)).split())
    assert "Gemeld door" in text
    assert "en Samen Innen (één keer geteld)" in text
