"""Arabic on the page: joined, in the right order, and copied as it was written."""

from __future__ import annotations

import pytest

from app.documents import pdf_bidi, pdf_script
from app.documents.pdf_joining import joined, letters_of

ALEF, BEH, DAL, LAM = "\u0627", "\u0628", "\u062f", "\u0644"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (BEH, "\ufe8f"),
        (BEH * 3, "\ufe91\ufe92\ufe90"),
        (DAL + BEH, "\ufea9\ufe8f"),  # dal never joins what follows
        (BEH + DAL, "\ufe91\ufeaa"),
        (LAM + ALEF, "\ufefb"),
        (BEH + LAM + ALEF, "\ufe91\ufefc"),
        (BEH + "\u064b" + BEH, "\ufe91\u064b\ufe90"),  # a mark does not part letters
        (BEH + "\u0640" + BEH, "\ufe91\u0640\ufe90"),
        ("\ufefb 12 abc", "\ufefb 12 abc"),
    ],
)
def test_letters_take_the_form_of_their_place(written: str, shown: str) -> None:
    assert joined(written) == shown


def test_every_joined_form_leads_back_to_its_letters() -> None:
    word = BEH + LAM + ALEF + DAL
    assert "".join(map(letters_of, joined(word))) == word


@pytest.mark.parametrize(
    ("line", "page"),
    [
        (f"{ALEF}{BEH} abc 12", "abc 12 BA"),
        (f"{ALEF}: \u2068\u20ac\xa01.234,56\u2069.", ".\u20ac\xa01.234,56 :A"),
        (f"{ALEF} \u206814 030\u2069 {BEH}", "B 14 030 A"),
        (f"{ALEF} (\u2066Nog te betalen\u2069)", "(Nog te betalen) A"),
        (f"abc {ALEF} {BEH}", "B A abc"),
    ],
)
def test_a_line_stands_on_the_page_from_right_to_left(line: str, page: str) -> None:
    shown = [(run.text[::-1] if run.from_right else run.text) for run in pdf_bidi.runs(line, from_right=True)]
    assert "".join(shown).translate({ord(ALEF): "A", ord(BEH): "B"}) == page


def test_only_dutch_words_are_marked_as_dutch() -> None:
    runs = pdf_bidi.runs("Status (\u2066Te laat\u2069)", from_right=False)
    assert [(run.text, run.is_dutch) for run in runs] == [
        ("Status (", False),
        ("Te laat", True),
        (")", False),
    ]


def test_what_a_line_break_cuts_is_closed_and_opened_again() -> None:
    assert pdf_bidi.balanced(["a \u2066b ", "c\u2069 d"]) == ["a \u2066b \u2069", "\u2066c\u2069 d"]


@pytest.mark.parametrize("line", ["\u2069a", "\u2066a", "\u2068\u2066a\u2069", "", "\u2069\u2069"])
def test_broken_marks_of_direction_lose_no_character(line: str) -> None:
    shown = "".join(run.text for run in pdf_bidi.runs(line, from_right=True))
    assert shown == pdf_bidi.without_isolates(line)


def test_lam_with_alef_is_copied_as_two_letters() -> None:
    codes = pdf_script.from_left("\ufefb")
    table = "".join(f"<{index:02X}> <{ord(code):04X}>\n" for index, code in enumerate(codes))
    assert pdf_script.to_letters(table) == f"<00> <{ord(ALEF):04X}>\n<01> <{ord(LAM):04X}>\n"
