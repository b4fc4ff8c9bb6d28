"""JSON as RFC 8259 and I-JSON (RFC 7493) mean it: no double members, no NaN, bounded depth, UTF-8 only."""

import json
from typing import Any, NoReturn

MAX_DEPTH = 64


class NotStrictJson(Exception):
    """The bytes are not acceptable as JSON."""


def parse(data: bytes) -> Any:
    """The parsed value.

    Raises:
        NotStrictJson: not UTF-8 or not JSON, a member occurs twice, not a finite number, or deeper than `MAX_DEPTH`.
    """
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotStrictJson("not readable as strict JSON") from error
    if _is_deeper_than(value, MAX_DEPTH):
        raise NotStrictJson("nested too deeply")
    return value


def parse_object(data: bytes) -> dict[str, Any]:
    """Like `parse`, but only an object will do."""
    value = parse(data)
    if not isinstance(value, dict):
        raise NotStrictJson("not a JSON object")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _is_deeper_than(value: object, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
