"""`make words`: bring the catalogues of translations up to date with the texts in code and templates.

New texts stand in every catalogue with an empty translation, texts that are gone are left out. Lines are sorted and carry
no place, so that two changes meet in one line only when they are about one text.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.language import DUTCH, LANGUAGES
from app.language.reading import path_of
from claims import kinds

ROOT = Path(__file__).parents[1]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = "# Translations of LANGUAGE, written by `make words`. Not yet read by a native speaker: docs/languages.md."


def texts_in_use() -> Catalog:
    """Every text that code and templates of the public site mark."""
    found = Catalog(charset="utf-8")
    for folder, methods, options in (
        (ROOT / "app", [("**.py", "python")], {}),
        (
            ROOT / "templates",
            [("**.html", "jinja2"), ("**.txt", "jinja2")],
            {"**": {"trimmed": "true", "silent": "false"}},
        ),
    ):
        for _file, _line, message, _comments, context in extract_from_dir(
            folder, methods, options, keywords=_KEYWORDS
        ):
            found.add(message, context=context)
    for kind in kinds._CATALOGUE:  # claims are plain Python and mark nothing
        found.add(kind.explanation)
    return found


def catalogue(language: str) -> Catalog:
    """What is translated into `language` now."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as written:
        return read_po(written, locale=language)


def updated(language: str, texts: Catalog) -> Catalog:
    """The texts in use with the translations that we have; never a guess for a text that looks like another."""
    known = catalogue(language)
    known.update(texts, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.fuzzy = False
    known.creation_date = known.revision_date = (
        _NO_DATE  # git knows when; a date would differ in every change
    )
    known.header_comment = _HEADER.replace("LANGUAGE", LANGUAGES[language])
    return known


def write(language: str, catalog: Catalog) -> None:
    with path_of(language).open("wb") as file:
        write_po(
            file,
            catalog,
            width=0,
            sort_output=True,
            no_location=True,
            omit_header=False,
            ignore_obsolete=True,
        )


def main() -> int:
    texts = texts_in_use()
    for language in LANGUAGES:
        if language == DUTCH:
            continue
        catalog = updated(language, texts)
        write(language, catalog)
        missing = sum(1 for message in catalog if message.id and not all(_forms(message.string)))
        sys.stdout.write(f"{language}: {len(catalog)} texts, {missing} without translation\n")
    return 0


def _forms(translation: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (translation or "",) if translation is None or isinstance(translation, str) else tuple(translation)


if __name__ == "__main__":
    raise SystemExit(main())
