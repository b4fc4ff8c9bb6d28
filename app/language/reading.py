"""The catalogues of translations: gettext's PO files, read as they are (`make words` brings them up to date)."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "catalogues"


def path_of(language: str) -> Path:
    """The file with the translations into `language`."""
    return FOLDER / f"{language}.po"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Read once per process (`app.loaded_ahead`: once per machine). Raises FileNotFoundError where there is no catalogue."""
    from babel.messages.mofile import write_mo  # the verifier alone has no Babel, and speaks Dutch
    from babel.messages.pofile import read_po

    with path_of(language).open("rb") as written:
        catalog = read_po(written, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def read_all(languages: tuple[str, ...]) -> None:
    for language in languages:
        translations(language)
