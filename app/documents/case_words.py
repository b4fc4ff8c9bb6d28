"""What pages and documents say of a case reference: always who stated it, because nobody verified it."""

from __future__ import annotations

from app.language import N_, _
from app.ports.case_reference import CaseReference

LABEL = N_("Zaaknummer")
STATED = N_("%(case)s, opgegeven door de site waar u vandaan kwam. Niet gecontroleerd.")
STATED_TO_OTHERS = N_("%(case)s, opgegeven door de site waar de betrokkene vandaan kwam. Niet gecontroleerd.")


def note(case: CaseReference) -> str:
    """For the JSON record, as a sentence that stands by itself. Machine-readable files stay Dutch."""
    return f"{LABEL}: {STATED % {'case': case.text}}"


def to_others(case: CaseReference) -> str:
    """For who verifies a document."""
    return stated_to_others(case.text)


def stated_to_others(case: str) -> str:
    """The same of the bare text."""
    return _(STATED_TO_OTHERS, case=case)
