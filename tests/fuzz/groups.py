"""The readers of the issue, each a group of targets. Apart from `targets`, which imports what is fuzzed."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "xml": ("dkd", "wsse"),
    "json": ("municipal_rest", "fcid", "record", "token"),
    "batch": ("csv", "csv_cp1252", "fcid_lines", "suwiml", "index"),
}


def group_of(target: str) -> str:
    """Raises StopIteration for a target that is in no group."""
    return next(name for name, targets in GROUPS.items() if target in targets)


def targets_of(word: str) -> tuple[str, ...]:
    """`word`: a target, a group, or all."""
    if word == "all":
        return tuple(target for targets in GROUPS.values() for target in targets)
    return GROUPS.get(word, (word,))
