"""Names that sources have for one citizen: shown beside each other, never merged."""

from __future__ import annotations

from claims.financial_claim import Finding
from claims.overview import Overview


def names_differ(overview: Overview) -> bool:
    """Two sources state names that differ in more than capitals and spaces."""
    return len({_comparable(name) for _, name in overview.stated_names}) > 1


def name_findings(overview: Overview) -> tuple[Finding, ...]:
    """A finding for each source that states a name, when the names differ. The detail is the source id, not the
    name."""
    if not names_differ(overview):
        return ()
    return tuple(Finding("stated_name_differs", source_id) for source_id, _ in overview.stated_names)


def _comparable(name: str) -> str:
    return " ".join(name.split()).casefold()
