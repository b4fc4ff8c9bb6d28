"""Small parts that each read, write and describe one kind of value. `shapes.py` builds the record out of them.

One table for reading, writing and the JSON Schema, so that the three cannot tell different stories.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from claims.financial_claim import Finding
from claims.identity import Oin
from claims.instant import Moment, format_instant, format_moment, parse_instant, parse_moment
from claims.money import LARGEST_CENTS, Money
from claims.partial_date import PartialDate
from claims.visible import is_visible

Json = dict[str, object]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_MEMBER_NAME_TO_SHOW = re.compile(r"[A-Za-z_]{1,40}")


class RecordError(ValueError):
    """The record breaks a rule. `path` and `problem` never hold a value of the record."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path or 'record'}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the record we are, and what was found odd so far."""

    path: str = ""
    findings: list[Finding] = field(default_factory=list)

    def member(self, name: str) -> Place:
        return Place(f"{self.path}.{name}" if self.path else name, self.findings)

    def item(self, index: int) -> Place:
        return Place(f"{self.path}[{index}]", self.findings)

    def own_findings(self) -> Place:
        """The same place with a fresh list: for an object that keeps its own findings."""
        return Place(self.path)

    def error(self, problem: str) -> RecordError:
        return RecordError(self.path, problem)

    def note(self, code: str, detail: str = "") -> None:
        self.findings.append(Finding(code, f"{self.path} {detail}".strip() or None))

    def note_unknown_members(self, obj: Mapping[str, object], known: frozenset[str]) -> None:
        """Names of members are shown only when they can hold no number, such as a BSN."""
        for name in obj.keys() - known:
            self.note("unknown_member", name if _MEMBER_NAME_TO_SHOW.fullmatch(name) else "(?)")


class Codec(Protocol[T]):
    """How one kind of value stands on the wire."""

    def read(self, value: object, at: Place) -> T: ...

    def write(self, value: T) -> object: ...

    def schema(self) -> Json: ...


@dataclass(frozen=True, slots=True)
class Scalar(Generic[T]):
    """A value that stands on the wire as one string."""

    parse: Callable[[str], T]
    format: Callable[[T], str]
    description: Json

    def read(self, value: object, at: Place) -> T:
        if not isinstance(value, str):
            raise at.error("must be a string")
        try:
            return self.parse(value)
        except ValueError as error:
            raise at.error(str(error)) from None

    def write(self, value: T) -> object:
        return self.format(value)

    def schema(self) -> Json:
        return dict(self.description)


def _not_blank(text: str) -> str:
    if not is_visible(text):
        raise ValueError("must not be blank")
    return text


_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})"

TEXT: Scalar[str] = Scalar(str, str, {"type": "string"})
NAME: Scalar[str] = Scalar(_not_blank, str, {"type": "string", "pattern": r"\S"})
OIN: Scalar[Oin] = Scalar(Oin, str, {"type": "string", "pattern": "^[0-9]{20}$"})
INSTANT: Scalar[datetime] = Scalar(
    parse_instant, format_instant, {"type": "string", "format": "date-time", "pattern": f"^{_DATE_TIME}$"}
)
PARTIAL_DATE: Scalar[PartialDate] = Scalar(
    PartialDate.parse, str, {"type": "string", "pattern": f"^{_DATE}$", "examples": ["2026-03-31", "2026-03"]}
)
MOMENT: Scalar[Moment] = Scalar(
    parse_moment, format_moment, {"type": "string", "pattern": f"^({_DATE}|{_DATE_TIME})$"}
)


class Cents:
    """Money as a whole number of euro cents. Nothing else: no float, no boolean, no string."""

    def read(self, value: object, at: Place) -> Money:
        if type(value) is not int:
            raise at.error("must be a whole number of cents")
        if abs(value) > LARGEST_CENTS:
            raise at.error("amount out of range")
        return Money(value)

    def write(self, value: Money) -> object:
        return value.cents

    def schema(self) -> Json:
        return {"type": "integer", "minimum": -LARGEST_CENTS, "maximum": LARGEST_CENTS}


class Flag:
    def read(self, value: object, at: Place) -> bool:
        if not isinstance(value, bool):
            raise at.error("must be true or false")
        return value

    def write(self, value: bool) -> object:
        return value

    def schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class OneOf(Generic[E]):
    """A fixed list of words. A word that we do not know becomes `fallback`, with a finding; when `strict` it is
    an error."""

    words: Mapping[E, str]
    fallback: E | None = None
    strict: bool = False

    def read(self, value: object, at: Place) -> E | None:
        for member, word in self.words.items():
            if word == value:
                return member
        if self.strict or not isinstance(value, str):
            raise at.error("must be one of the fixed words")
        at.note("unknown_word")
        return self.fallback

    def write(self, value: E | None) -> object:
        return None if value is None else self.words[value]

    def schema(self) -> Json:
        return {"type": "string", "enum": list(self.words.values())}


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    item: Codec[T]

    def read(self, value: object, at: Place) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise at.error("must be a list")
        return tuple(self.item.read(element, at.item(index)) for index, element in enumerate(value))

    def write(self, value: tuple[T, ...]) -> object:
        return [self.item.write(element) for element in value]

    def schema(self) -> Json:
        return {"type": "array", "items": self.item.schema()}


CENTS = Cents()
FLAG = Flag()
