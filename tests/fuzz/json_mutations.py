"""Changes to a JSON value: other values, other names, things twice, things too deep."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from tests.fuzz.mutations import WORDS, any_bytes, change_bytes, with_bytes_now_and_then
from tests.fuzz.watch import CANARY, ME, OTHER

Path = tuple[Any, ...]
PAGE_END = b"\x1e"
NAMES = (
    "bsn", "BSN", "Burgerservicenummer", "saldo", "vorderingen", "kenmerk", "volledig", "vervolg", "peilmoment", "body",
    "financiele_zaken", "zaakkenmerk", "gebeurtenissen", "achterstanden", "version", "type", "gebeurtenis_type", "soort",
    "uitkomst", "bronnen", CANARY, "", OTHER, "\u017faldo",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**14, 10**19, -(10**13), 1.5, float("nan"), [], {}, [None], [[]], {"bsn": OTHER},
    {CANARY: CANARY}, [OTHER], {"bsn": ME}, "\ud800",
)  # fmt: skip
PIECES = (
    b'"bsn":"999993549",', b'"BSN":"999993549",', b'"saldo":0,', b'"saldo":1.0', b"NaN", b"Infinity", b"1e3", b"-0", b"{}",
    b"\\u0000", b"\\ud83d", b"[" * 60, b"[" * 5000, b'{"a":' * 40, b"1" * 400, b'"vorderingen":[],', b'"volledig":true,',
    PAGE_END,
)  # fmt: skip


def places(value: Any, path: Path = ()) -> list[Path]:
    """The path of every value inside a JSON value, itself first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inside for found in places(part, (*path, key)))]


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _new_value(whole: Any, old: Any, random: Random) -> Any:
    kind = random.randrange(6)
    if kind == 0:
        return copy.deepcopy(random.choice(ODD))
    if kind == 1:
        return random.choice(WORDS)
    if kind == 2:
        return copy.deepcopy(_at(whole, random.choice(places(whole))))
    if kind == 3 and isinstance(old, int):
        return old + random.choice((-1, 1, 10**6))
    if kind == 4:
        return [old] if random.random() < 0.5 else {random.choice(NAMES): old}
    return str(old)[:200] if kind == 5 else old


def change_value(value: Any, random: Random) -> Any:
    """One change somewhere in a parsed value, which is used up."""
    path = random.choice(places(value))
    if not path:
        return _new_value(value, value, random) if random.random() < 0.1 else value
    parent, key = _at(value, path[:-1]), path[-1]
    kind = random.randrange(5)
    if kind == 0:
        del parent[key]
    elif kind == 1 and isinstance(parent, dict):
        parent[random.choice((key.upper(), key.capitalize(), f"{key} ", *NAMES))] = parent.pop(key)
    elif kind == 2 and isinstance(parent, dict):
        parent[random.choice(NAMES)] = _new_value(value, parent[key], random)
    elif kind == 3 and isinstance(parent, list):
        parent.insert(random.randint(0, len(parent)), copy.deepcopy(parent[key]))
    else:
        parent[key] = _new_value(value, parent[key], random)
    return value


def change_document(data: bytes, random: Random) -> bytes:
    """One change to one JSON text; to its bytes when it is none."""
    if random.random() < 0.1:
        return change_bytes(data, random, PIECES)
    try:
        value = change_value(json.loads(data), random)
        return json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return any_bytes(data, random)


def _change_one_page(data: bytes, random: Random) -> bytes:
    pages = data.split(PAGE_END)
    place = random.randrange(len(pages))
    pages[place] = change_document(pages[place], random)
    if random.random() < 0.03:
        pages.append(random.choice(pages))
    return PAGE_END.join(pages)


mutate_json = with_bytes_now_and_then(_change_one_page)
