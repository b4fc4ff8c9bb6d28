"""The words of a translated PDF: labels keep the Dutch term beside them, so that a Dutch counsellor can read the file too."""

from __future__ import annotations

from app.language import DUTCH, _, speaking


def term(dutch: str, **values: object) -> str:
    """ "Overdue (Te laat)" for a label, status, heading or legal term of ours; once where both are the same."""
    translated = _(dutch, **values)
    with speaking(DUTCH):
        own = _(dutch, **values)
    return own if translated == own else f"{translated} ({own})"
