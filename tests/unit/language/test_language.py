"""The language of this moment: Dutch, unless somebody chose another."""

from __future__ import annotations

import pytest

from app import language
from app.language import LANGUAGES, isolated, ngettext, speaking


def test_without_a_choice_it_is_dutch() -> None:
    assert (language.current(), language.direction()) == ("nl", "ltr")


def test_a_choice_holds_inside_its_block_only() -> None:
    with speaking("ar"):
        assert (language.current(), language.direction()) == ("ar", "rtl")
    assert language.current() == "nl"


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        language.use("xx")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_without_translation_stays_dutch(code: str) -> None:
    with speaking(code):
        assert language.gettext("Dit staat in %(number)s catalogus", number=0) == "Dit staat in 0 catalogus"


def test_dutch_has_two_forms() -> None:
    said = [ngettext("%(number)s rekening", "%(number)s rekeningen", number) for number in (0, 1, 2)]
    assert said == ["0 rekeningen", "1 rekening", "2 rekeningen"]


def test_a_value_keeps_its_direction_in_a_line_that_runs_from_right_to_left() -> None:
    """First strong isolate and its end: browsers and our pages know them."""
    said = "Bel 14 030 of 2 anderen"
    with speaking("ar"):
        assert isolated("14 030") == "\u206814 030\u2069"
        told = language.gettext("Bel %(phone)s of %(count)s anderen", phone="14 030", count=2)
    assert told == said.replace("14 030", "\u206814 030\u2069")
    with speaking("pl"):
        assert language.gettext("Bel %(phone)s of %(count)s anderen", phone="14 030", count=2) == said


def test_a_telephone_number_in_a_translation_keeps_its_order() -> None:
    """Behind an Arabic letter "0800-8115" is shown as "8115-0800" (Unicode Standard Annex 9, W2)."""
    with speaking("ar"):
        assert language.gettext("Bel 0800-8115.") == "Bel \u20680800-8115\u2069."
        link = 'Bel <a href="tel:0800-8115">hulp</a>'
        assert language.gettext(link) == link
