"""The words of a translated PDF: labels keep the Dutch term beside them, so that a Dutch counsellor can read the file too."""

from __future__ import annotations

from app.documents.pdf_bidi import DUTCH_BEGINS, END
from app.language import DUTCH, _, current, speaking


def term(dutch: str, **values: object) -> str:
    """ "Overdue (Te laat)" for a label, status, heading or legal term of ours; once where both are the same."""
    translated = _(dutch, **values)
    with speaking(DUTCH):
        own = _(dutch, **values)
    return in_dutch(own) if translated == own else f"{translated} ({in_dutch(own)})"


def term_below(dutch: str) -> str:
    """The same for a narrow cell: the Dutch term on a line of its own."""
    translated = _(dutch)
    return in_dutch(dutch) if translated == dutch else f"{translated}\n({in_dutch(dutch)})"


_IN_DUTCH = {"en": "Engels", "ar": "Arabisch", "pl": "Pools", "tr": "Turks", "uk": "Oekraïens"}


def what_this_is() -> str:
    """One line for a Dutch reader of a translated document."""
    return (
        f"Dit is een schuldenoverzicht in het {_IN_DUTCH[current()]}. "
        "Achter vaste woorden staat het Nederlands. De bijlage is Nederlands."
    )


def in_dutch(text: str) -> str:
    """Marks what stays Dutch in a document of another language: our own terms, and what sources say."""
    return text if current() == DUTCH else f"{DUTCH_BEGINS}{text}{END}"
