"""One kind of object on the wire: its members, how to read and write them, and what they mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from claims.record.codec import Codec, Json, ListOf, Place
from claims.record.descriptions import DESCRIPTIONS

T = TypeVar("T")
AnyCodec = Codec[Any]


@dataclass(frozen=True, slots=True)
class Member:
    """`required`: the member must be there. `nullable`: null is allowed and means "not known"; such a required
    member is always written. An optional member is left out when there is nothing to say."""

    attribute: str
    wire: str
    codec: AnyCodec
    required: bool = False
    nullable: bool = True
    always_written: bool = False

    def write_into(self, obj: Json, value: object) -> None:
        if value is not None and value != ():
            obj[self.wire] = self.codec.write(value)
        elif self.required or self.always_written:
            obj[self.wire] = None if value is None else []

    def schema(self) -> Json:
        schema = self.codec.schema()
        return or_null(schema) if self.nullable else schema


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """An object of the dataclass `make`. `name` is its name in the schema, `fixed` its constant members."""

    name: str
    make: Callable[..., T]
    members: tuple[Member, ...]
    fixed: tuple[tuple[str, object], ...] = ()

    def read(self, value: object, at: Place) -> T:
        obj = as_object(value, at)
        at.note_unknown_members(obj, self.wire_names)
        return self.build(self.read_members(obj, at), at)

    def read_members(self, obj: Mapping[str, object], at: Place) -> dict[str, object]:
        """Attribute -> value for every member that is there; attributes without a default become None."""
        values: dict[str, object] = dict.fromkeys(self._without_default())
        for member in self.members:
            inside = at.member(member.wire)
            if obj.get(member.wire) is not None:
                values[member.attribute] = member.codec.read(obj[member.wire], inside)
            elif member.required and not (member.nullable and member.wire in obj):
                raise inside.error("is missing")
        return values

    def build(self, values: Mapping[str, object], at: Place) -> T:
        try:
            return self.make(**values)
        except ValueError as error:  # our own models: their messages hold no values
            raise at.error(str(error)) from None

    def write(self, value: T) -> Json:
        obj: Json = dict(self.fixed)
        for member in self.members:
            member.write_into(obj, getattr(value, member.attribute))
        return obj

    @property
    def wire_names(self) -> frozenset[str]:
        return frozenset(member.wire for member in self.members) | {name for name, _ in self.fixed}

    def _without_default(self) -> Iterator[str]:
        known = {member.attribute for member in self.members}
        for field in dataclasses.fields(self.make):  # type: ignore[arg-type]  # always one of our dataclasses
            bare = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if field.init and bare and field.name in known:
                yield field.name

    def schema(self) -> Json:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Any]:
        """The JSON Schema of this object, with a Dutch description for every member."""
        texts = DESCRIPTIONS[self.name]
        properties: Json = {name: {"const": value} for name, value in self.fixed}
        for member in self.members:
            properties[member.wire] = {**member.schema(), "description": texts[member.wire]}
        required = [name for name, _ in self.fixed] + [m.wire for m in self.members if m.required]
        return {"type": "object", "description": texts[""], "properties": properties, "required": required}

    def parts(self) -> Iterator[AnyCodec]:
        return (member.codec for member in self.members)


def members(
    names: Mapping[str, str],
    codecs: Mapping[str, AnyCodec],
    required: Iterable[str] = (),
    known: Iterable[str] = (),
) -> tuple[Member, ...]:
    """Join a table of names with a table of codecs. `required` attributes must be there and not null; `known`
    ones must be there but may be null."""
    must, may_be_null = set(required), set(known)
    if names.keys() != codecs.keys():
        raise KeyError(f"names and codecs differ: {sorted(names.keys() ^ codecs.keys())}")
    return tuple(
        Member(attribute, wire, codecs[attribute], attribute in must | may_be_null, attribute not in must)
        for attribute, wire in names.items()
    )


def as_object(value: object, at: Place) -> Json:
    if not isinstance(value, dict):
        raise at.error("must be an object")
    return value


def or_null(schema: Json) -> Json:
    """The same schema, null allowed too."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


@runtime_checkable
class Defined(Protocol):
    """A part with a definition of its own in the schema."""

    def definition(self) -> dict[str, Any]: ...

    def parts(self) -> Iterator[AnyCodec]: ...


def shapes_in(codec: AnyCodec) -> Iterator[Any]:
    """Every part below `codec` that has a definition of its own, itself included."""
    if isinstance(codec, ListOf):
        yield from shapes_in(codec.item)
    elif isinstance(codec, Defined):
        yield codec
        for part in codec.parts():
            yield from shapes_in(part)
