"""What of a text can be seen."""

from collections.abc import Callable

import pytest

from claims.financial_claim import Amounts, FinancialClaim
from claims.organisation import Organisation
from claims.visible import is_visible, one_line, without_hidden

BLANK = ("", " ", "\u200b", "\u200d\u00ad\ufeff", "\u202e\n", "\u3164", "\u2800 \xa0", "\U000e0041", "\0")


@pytest.mark.threat("T-38")
@pytest.mark.parametrize("text", BLANK)
def test_a_text_without_a_picture_is_no_name_and_no_number(text: str) -> None:
    assert not is_visible(text)
    makers: tuple[Callable[[], object], ...] = (
        lambda: Organisation(text),
        lambda: FinancialClaim(reference=text, creditor=Organisation("x"), amounts=Amounts()),
    )
    for make in makers:
        with pytest.raises(ValueError, match="has a"):
            make()


@pytest.mark.parametrize("text", ["a", "\u200bé", "سارا", "😀", "漢", "-"])
def test_a_text_with_a_picture_is_one(text: str) -> None:
    assert is_visible(text)


def test_what_names_need_stays() -> None:
    for text in ("Đặng", "نان\u200cها", "👩\u200d👧", "a\tb\nc", "Jansen-de Vries"):
        assert without_hidden(text) == text


def test_nothing_in_one_line_begins_another() -> None:
    assert one_line(" a\r\n\u2028b\x85\x0bc\u202e ") == "a b c"
