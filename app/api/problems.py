"""Errors of the API as problem+json (RFC 9457), with every fault of a request in one answer (ADR /core/error-handling)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from flask import Response

from app.http.request_context import reference

MEDIA_TYPE = "application/problem+json"


class In(StrEnum):
    """Where the fault is."""

    QUERY = "query"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request; `name` is the parameter or header as the contract calls it."""

    place: In
    name: str
    message: str


class Problem(Exception):
    """What the caller is told. `detail` is for a developer: never text from outside."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        faults: tuple[Fault, ...] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail
        self.faults, self.headers = faults, headers


def invalid(faults: tuple[Fault, ...]) -> Problem:
    """Status 400, also where others would say 422 (ADR /core/error-handling/invalid-input)."""
    return Problem(
        400, "Het verzoek klopt niet", "Verbeter wat bij `fouten` staat en probeer het opnieuw.", faults
    )


def answer(problem: Problem) -> Response:
    members: dict[str, object] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "referentienummer": reference(),
    }
    if problem.faults:
        members["fouten"] = [
            {"plaats": fault.place.value, "naam": fault.name, "melding": fault.message}
            for fault in problem.faults
        ]
    response = Response(json.dumps(members, ensure_ascii=False), problem.status, mimetype=MEDIA_TYPE)
    for name, value in problem.headers:
        response.headers[name] = value
    return response
