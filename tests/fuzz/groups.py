"""The readers of the issue, each a group of targets. Apart from `targets`, which imports what is fuzzed."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "xml": ("dkd", "wsse"),
    "json": ("municipal_rest", "fcid", "record", "token"),
    "batch": ("csv", "csv_cp1252", "fcid_lines", "suwiml", "index"),
}

_WIRE = ("claims", "sources/transport", "sources/answers.py")
_FILES = ("claims", "sources/batch", "sources/answers.py", "sources/indexed.py")
# What a target reads with: when one of these files changes, what ran before says nothing about it any more.
READERS: dict[str, tuple[str, ...]] = {
    "dkd": (*_WIRE, "sources/dkd", "sources/suwi"),
    "wsse": ("sources/transport",),
    "municipal_rest": (*_WIRE, "sources/municipal_rest"),
    "fcid": (*_WIRE, "sources/fcid"),
    "record": ("claims",),
    "token": ("sources/transport",),
    "csv": _FILES,
    "csv_cp1252": _FILES,
    "fcid_lines": _FILES,
    "suwiml": (*_FILES, "sources/suwi", "sources/transport"),
    "index": _FILES,
}


def group_of(target: str) -> str:
    """Raises StopIteration for a target that is in no group."""
    return next(name for name, targets in GROUPS.items() if target in targets)


def targets_of(word: str) -> tuple[str, ...]:
    """`word`: a target, a group, or all."""
    if word == "all":
        return tuple(target for targets in GROUPS.values() for target in targets)
    return GROUPS.get(word, (word,))
