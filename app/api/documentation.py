"""The contract as a page: one section per operation, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Reply:
    status: str
    description: str
    forms: str


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    access: str
    parameters: tuple[Named, ...]
    answers: tuple[Reply, ...]


def introduction(contract: Mapping[str, Any]) -> tuple[str, ...]:
    """Lines without the marks of Markdown."""
    text = str(contract["info"]["description"]).replace("**", "").replace("`", "")
    return tuple(" ".join(part.removeprefix("- ").split()) for part in _parts(text))


def operations(contract: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in contract["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(contract, path, method, item)


def _parts(text: str) -> Iterator[str]:
    """A list item or a paragraph may go on over several lines."""
    part = ""
    for line in text.splitlines():
        if part and (not line.strip() or line.startswith("- ")):
            yield part
            part = ""
        part = f"{part} {line}" if part else line
    if part.strip():
        yield part


def _operation(contract: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]) -> Operation:
    stated = item[method]
    given = [_resolved(contract, one) for one in (*item.get("parameters", ()), *stated.get("parameters", ()))]
    return Operation(
        anchor=stated["operationId"],
        method=method.upper(),
        path=path,
        summary=stated["summary"],
        description=_plain(stated.get("description", "")),
        access=_access(stated["security"]),
        parameters=tuple(Named(one["name"], _plain(one["description"])) for one in given),
        answers=tuple(
            _reply(status, _resolved(contract, one)) for status, one in stated["responses"].items()
        ),
    )


def _access(security: list[Mapping[str, list[str]]]) -> str:
    scopes = [scope for one in security for scopes in one.values() for scope in scopes]
    return f"Nodig: een toegangstoken voor {', '.join(scopes)}." if scopes else "Iedereen mag dit vragen."


def _reply(status: str, stated: Mapping[str, Any]) -> Reply:
    return Reply(status, _plain(stated["description"]), ", ".join(stated.get("content", ())))


def _resolved(contract: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in one:
        return one
    found: Any = contract
    for step in one["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())
