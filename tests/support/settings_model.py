"""What the typed settings can name, by the kind of its value: no example can forget one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import AfterValidator

from app.settings.kinds import Part
from app.settings.model import Settings


def settings_of_kind(*kinds: Any) -> set[str]:
    """ "[table] key" of every setting whose value is of one of these kinds of app/settings/kinds.py; a table that may stand
    there more than once as "[[table]] key"."""
    checks = {check for kind in kinds for check in get_args(kind)[1:]}
    assert checks
    return {name for name, stated in _settings(Settings, (), "[]") if checks & set(_checks(stated))}


def _settings(part: type[Part], table: tuple[str, ...], place: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """`place`: the table with its brackets. Gives each setting with its kind, and what that is made of."""
    for key, field in part.model_fields.items():
        yield f"{place} {key}", (field.annotation, *field.metadata)
        inner = (*table, key)
        several = "tuple[" in str(field.annotation)
        for one in _parts(field.annotation):
            yield from _settings(one, inner, f"[[{'.'.join(inner)}]]" if several else f"[{'.'.join(inner)}]")


def _parts(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for one in get_args(annotation):
        yield from _parts(one)


def _checks(stated: tuple[Any, ...]) -> Iterator[AfterValidator]:
    for one in stated:
        if isinstance(one, AfterValidator):
            yield one
        yield from _checks(get_args(one))
