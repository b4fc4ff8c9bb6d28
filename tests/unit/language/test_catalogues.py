"""Every translation says the same: the same places, the same mark-up, the same numbers; and nothing is left in Dutch."""

from __future__ import annotations

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from app.language import DUTCH, LANGUAGES
from scripts.words import ROOT, catalogue, texts_in_use

TRANSLATED = tuple(code for code in LANGUAGES if code != DUTCH)
_PLACE = re.compile(r"%\(\w+\)[sd]")
_TAG = re.compile(r"</?[a-z][^>]*>")


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return texts_in_use()


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_exactly_the_texts_in_use(code: str, texts: Catalog) -> None:
    assert {_key(m) for m in _messages(catalogue(code))} == {_key(m) for m in _messages(texts)}, (
        "run `make words`"
    )


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    assert [message.id for message in _messages(catalogue(code)) if not all(_forms(message))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_places_and_the_mark_up_of_the_dutch_text(code: str) -> None:
    wrong = [
        (dutch, form)
        for message in _messages(catalogue(code))
        for dutch, form in _pairs(message)
        if _marks(dutch) != _marks(form)
    ]
    assert not wrong


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_form_that_stands_for_several_numbers_names_them(code: str) -> None:
    """The first form of Ukrainian is for 1, 21 and 31: "the only source answered" would be said of 21."""
    several = _forms_of_several_numbers(catalogue(code))
    wrong = [
        form
        for message in _messages(catalogue(code))
        if message.pluralizable and "%(num" in message.id[1]
        for place, form in enumerate(_forms(message))
        if place in several and "%(num" not in form
    ]
    assert not wrong


def _forms_of_several_numbers(catalog: Catalog) -> set[int]:
    chosen = Counter(map(gettext.c2py(catalog.plural_expr), range(1, 1000)))
    return {form for form, numbers in chosen.items() if numbers > 1}


def test_no_text_is_marked_where_nobody_finds_it(texts: Catalog) -> None:
    """Inside an f-string a call is not seen: such a text would stay Dutch in every language."""
    known = {m.id[0] if m.pluralizable else m.id for m in _messages(texts)}
    missed = [
        (file.name, text) for file in ROOT.glob("app/**/*.py") for text in _marked(file) if text not in known
    ]
    assert not missed


def _marked(file: Path) -> Iterator[str]:
    calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if (
            name in ("_", "N_", "gettext", "ngettext")
            and call.args
            and isinstance(call.args[0], ast.Constant)
        ):
            yield str(call.args[0].value)


def test_there_are_texts_to_translate(texts: Catalog) -> None:
    assert "Naar de inhoud" in texts


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> object:
    return tuple(message.id) if message.pluralizable else message.id


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Forms for one and for two may leave out the number: Arabic has a word for two things."""
    if not message.pluralizable:
        yield str(message.id), str(message.string or message.id)
        return
    for form in message.string or ():
        if form and "%(num" in form:
            yield str(message.id[1]), form


def _forms(message: Message) -> tuple[str, ...]:
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said) or ("",)


def _marks(text: str) -> Counter[str]:
    return Counter(_PLACE.findall(text)) + Counter(_TAG.findall(text))
