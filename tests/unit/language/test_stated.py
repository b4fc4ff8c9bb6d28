"""Words of somebody else inside our sentences keep being known as such, and change no text."""

from __future__ import annotations

from app.language import direction, gettext, ngettext, speaking
from app.language.stated import Stated, in_a_row, parts_of, put_together

_NAME = Stated("Gemeente <X>")


def test_a_sentence_knows_which_words_are_somebody_elses() -> None:
    with speaking("en"):
        said = gettext("%(name)s gaf geen antwoord.", name=_NAME)
    assert said == "Gemeente <X> gave no answer."
    assert parts_of(said) == (_NAME, " gave no answer.")
    assert isinstance(parts_of(said)[0], Stated)


def test_from_right_to_left_the_text_is_the_same_as_with_any_value() -> None:
    with speaking("ar"):
        assert direction() == "rtl"
        plain = gettext("%(name)s gaf geen antwoord.", name=str(_NAME))
        said = gettext("%(name)s gaf geen antwoord.", name=_NAME)
    assert said == plain
    assert _NAME in parts_of(said)


def test_in_dutch_there_is_nothing_to_tell_apart() -> None:
    assert parts_of(gettext("%(name)s gaf geen antwoord.", name=_NAME)) == (
        "Gemeente <X> gaf geen antwoord.",
    )


def test_it_stays_known_in_another_sentence_and_in_a_row() -> None:
    with speaking("pl"):
        inner = gettext("%(first)s en %(last)s", first=_NAME, last=Stated("Y"))
        outer = gettext("%(sources)s (één keer geteld)", sources=inner)
        row = in_a_row(("", outer, "100%", inner))
        counted = ngettext("%(number)s bron gaf geen antwoord.", "%(number)s bronnen gaven geen antwoord.", 2)
    assert [part for part in parts_of(row) if isinstance(part, Stated)] == [_NAME, "Y", _NAME, "Y"]
    assert row == f"{outer} 100% {inner}"
    assert parts_of(counted) == (counted,)


def test_a_text_of_ours_alone_is_a_plain_text() -> None:
    assert type(put_together(("a", "", "b"))) is str
    assert in_a_row(()) == ""
