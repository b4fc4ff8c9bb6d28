"""What a citizen can be told of an event of a kind that we do not know: its day, its amount and the words of the source, where it
states them under the names that every kind of event uses. The rest stands in the JSON record, whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from claims.events import UnrecognisedEvent
from claims.instant import Moment
from claims.money import Money
from claims.record import names
from claims.record.codec import CENTS, MOMENT, TEXT, Codec, Place
from claims.strict_json import StrictJsonError, loads_strict

T = TypeVar("T")
_LARGEST = 1_000_000
_DAY, _AMOUNT, _WORDS = "datum", names.OBLIGATION_IMPOSED["amount"], names.EVENT["description"]


@dataclass(frozen=True, slots=True)
class Told:
    """None: not stated, or not in a form that we can read. Amounts are whole cents, as in every event of both languages."""

    on: Moment | None = None
    amount: Money | None = None
    words: str | None = None


def read(event: UnrecognisedEvent) -> Told:
    """Never raises: `content` is whatever a source sent."""
    try:
        stated = loads_strict(event.content, _LARGEST, floats=True)
    except StrictJsonError:
        return Told(event.registered_at, None, event.description)
    if not isinstance(stated, dict):
        return Told(event.registered_at, None, event.description)
    return Told(
        event.registered_at or _member(stated, _DAY, MOMENT),
        _member(stated, _AMOUNT, CENTS),
        event.description or _member(stated, _WORDS, TEXT),
    )


def _member(stated: Mapping[str, object], name: str, codec: Codec[T]) -> T | None:
    try:
        return codec.read(stated.get(name), Place())
    except ValueError:
        return None
