"""What every answer of the API has in common: the wanted form, parameters that are checked together, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Response, request

from app.api.problems import Fault, In, Problem, invalid
from claims.instant import format_instant

JSON = "application/json"


def wanted(*media_types: str) -> str:
    """The form that the caller likes best of these. Raises Problem (406)."""
    if "Accept" not in request.headers:
        return media_types[0]
    best = request.accept_mimetypes.best_match(media_types)
    if best is None:
        said = f"Deze dienst kan hier antwoorden als {', '.join(media_types)}. Vraag in `Accept` om een van deze."
        raise Problem(406, "Deze vorm is er niet", said)
    return best


def as_json(members: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(members, ensure_ascii=False), status, headers, mimetype=JSON)


def instant(moment: datetime | None) -> str | None:
    """UTC, with Z (ADR /core/date-time/timezone)."""
    return None if moment is None else format_instant(moment)


def check_query(allowed: Iterable[str] = ()) -> tuple[Fault, ...]:
    """What is wrong with the names in the query: unknown ones, and ones that are there twice."""
    known = frozenset(allowed)
    return tuple(
        Fault(In.QUERY, name if name in known else "?", message)
        for name, values in request.args.lists()
        for message in _faults_of(name in known, len(values))
    )


def _faults_of(is_known: bool, count: int) -> Iterable[str]:
    """The name of an unknown parameter is not repeated: it can be anything, a number of a person too."""
    if not is_known:
        yield "Deze parameter bestaat hier niet."
    elif count > 1:
        yield "Deze parameter staat er meer dan eens."


def refuse(*faults: Fault) -> None:
    """Raises Problem (400) when there is any fault."""
    if faults:
        raise invalid(faults)
