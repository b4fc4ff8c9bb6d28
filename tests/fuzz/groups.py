"""The readers of the issue, each a group of targets. Apart from `targets`, which imports what is fuzzed."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "xml": ("dkd", "wsse"),
    "json": ("municipal_rest", "fcid", "record"),
    "batch": ("csv", "csv_cp1252", "fcid_lines"),
}
NAMES = tuple(name for group in GROUPS.values() for name in group)


def targets_of(word: str) -> tuple[str, ...]:
    """`word`: a target, a group, or all.."""
    if word == "all":
        return NAMES
    return GROUPS[word] if word in GROUPS else (word,)
