"""One file of the corpus: how it is made, and which row of the verdict table (NAMES.md) it must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeVar

from tests.corpus.world import World

Suffix = Literal["pdf", "json", "csv", "png", "html", "zip"]
Build = Callable[[World], bytes]
_Value = TypeVar("_Value")


class Register(Enum):
    """What the register of issued documents knows when the file is checked."""

    NOT_ASKED = "not asked"
    KNOWN = "known"
    UNKNOWN = "unknown"
    OTHER_CONTENT = "the number, with another content"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    OUT_OF_REACH = "out of reach"
    OF_OTHERS = "of another organisation"


@dataclass(frozen=True, slots=True)
class Case:
    """`name` with `suffix` is the file's name; `row` the expected row; `why` says it to a reader of the table.

    `hostile`: only ever read by the limited child process. `judged` False: too heavy for the judges, or nothing that
    they could judge.
    """

    name: str
    group: str
    row: int
    why: str
    build: Build
    suffix: Suffix
    register: Register = Register.NOT_ASKED
    hostile: bool = False
    judged: bool = True

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that share a subject, and mostly a row."""

    name: str
    row: int
    suffix: Suffix = "pdf"

    def case(self, name: str, why: str, build: Build, row: int | None = None) -> Case:
        """A case of this group."""
        return Case(
            f"{self.name}-{name}", self.name, self.row if row is None else row, why, build, self.suffix
        )


def given(build: Callable[[World, _Value], bytes], value: _Value) -> Build:
    """`build` with this value: for cases that differ in one thing only."""
    return lambda world: build(world, value)
