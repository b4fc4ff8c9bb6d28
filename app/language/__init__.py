"""The languages of the public site and of the citizen's PDF (decision 37).

The Dutch text is the key: `_("Nog te betalen")` gives it in the language of this moment, Dutch where nobody chose one.
Tables that are made when a module loads mark their texts with `N_` and translate where a text is used: `_(STATUS[status])`.
Whole sentences with named places, `_("Betaal voor %(day)s.", day=...)`, because words stand in another order elsewhere.
Which language it is, is a context variable: every request sets it, and whoever writes a file says it himself
(`speaking`). Machine-readable files, logs and commands never choose one, so they stay Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from app.language.reading import translations
from app.language.stated import Stated, Told, put_together

DUTCH = "nl"

LANGUAGES = MappingProxyType(
    {
        "nl": "Nederlands",
        "en": "English",
        "ar": "العربية",
        "pl": "Polski",
        "tr": "Türkçe",
        "uk": "Українська",
    }
)
"""Language code (BCP 47) and what its speakers call it, in the order of the list on top of every page."""

ISOLATE, ISOLATE_END = "\u2068", "\u2069"
_PLACE = re.compile(r"%\((\w+)\)s")
_PHONE = re.compile(r"""(?<![\w:"'/=-])\d+(?:-\d+)+(?![\w"'])""")
_RIGHT_TO_LEFT = frozenset({"ar"})
_current: ContextVar[str] = ContextVar("language", default=DUTCH)


def current() -> str:
    """The code of the language of this moment."""
    return _current.get()


def direction() -> str:
    """ "rtl" or "ltr": for the attribute `dir`."""
    return "rtl" if current() in _RIGHT_TO_LEFT else "ltr"


def use(language: str) -> None:
    """From now on, in this request. Raises KeyError for a language that we do not have."""
    LANGUAGES[language]
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For the work inside the block. Raises KeyError for a language that we do not have."""
    LANGUAGES[language]
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def gettext(dutch: str, **values: object) -> str:
    """Dutch where the catalogue has no translation: a text in the wrong language is better than none."""
    found = dutch if current() == DUTCH else _phones_apart(translations(current()).gettext(dutch))
    return _filled(found, values) if values else found


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The form that belongs to `number`, which stands in it as `%(number)s` or `%(num)s`. Polish has three, Arabic six."""
    return _filled(form_for(one, many, number), {"number": number, "num": number, **values})


def form_for(one: str, many: str, number: int) -> str:
    """The form that belongs to `number`, with its places still empty."""
    if current() != DUTCH:
        return translations(current()).ngettext(one, many, number)
    return one if number == 1 else many


def isolated(value: str) -> str:
    """A name, amount or number in a line that runs from right to left keeps its own direction: without it "14 030" is read as
    "030 14" (Unicode Standard Annex 9, first strong isolate). As it is in all other languages."""
    return f"{ISOLATE}{value}{ISOLATE_END}" if direction() == "rtl" else value


def _phones_apart(text: str) -> str:
    """ "0800-8115" in the words of a translation; not in an address of a link."""
    return _PHONE.sub(lambda phone: isolated(phone[0]), text) if direction() == "rtl" else text


def _filled(text: str, values: Mapping[str, object]) -> str:
    if current() == DUTCH or not any(isinstance(value, Stated | Told) for value in values.values()):
        return text % _apart(values)
    return put_together(_pieces(text, values))


def _pieces(text: str, values: Mapping[str, object]) -> Iterator[str]:
    """Places and what stands between them, as `%` would fill them in."""
    for at, piece in enumerate(_PLACE.split(text)):
        if at % 2 == 0:
            yield piece.replace("%%", "%")
            continue
        before, after = (ISOLATE, ISOLATE_END) if direction() == "rtl" else ("", "")
        value = values[piece]
        yield from (before, value, after) if isinstance(value, str) else (str(value),)


def _apart(values: Mapping[str, object]) -> dict[str, object]:
    """Mark-up keeps itself apart."""
    return {
        name: isolated(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
        for name, value in values.items()
    }


def N_(dutch: str) -> str:  # gettext's own name
    """Marks a text of a table for the catalogues; translate it where it is used."""
    return dutch


_ = gettext
