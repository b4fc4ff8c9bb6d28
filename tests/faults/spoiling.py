"""Broken builds of the service, for the test of the bench itself: each breaks one promise while its name stands in a file.

Installed only in `tests.faults.spoiled_site`, never in the service that the bench judges.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import app.http.errors
import app.http.request_context
import sources.gather
from app.persistence.document_register import SqlDocumentRegister
from app.ports.audit import Event
from app.services.audit import Audit
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, SourceAnswer
from sources.errors import CircuitOpen
from sources.guarded import GuardedSource
from tests.faults.installation import VARIABLE
from tests.faults.world import PEOPLE


def install() -> None:
    """Replace parts of the service in this process by parts that can be made to fail. Raises KeyError without VARIABLE."""
    file = Path(os.environ[VARIABLE])

    def is_on(name: str) -> bool:
        return file.read_text("utf-8") == name

    for owner, attribute, name, spoiled in _SPOILED:
        setattr(owner, attribute, _switchable(getattr(owner, attribute), spoiled, name, is_on))


def _switchable(
    real: Callable[..., Any], spoiled: Callable[..., Any], name: str, is_on: Callable[[str], bool]
) -> Callable[..., Any]:
    @wraps(real)
    def call(*arguments: Any, **named: Any) -> Any:
        return spoiled(real, *arguments, **named) if is_on(name) else real(*arguments, **named)

    return call


def _no_claims(_real: Callable[..., Any], source: Any, _cause: Any, clock: Any) -> SourceAnswer:
    now = clock.now()
    return SourceAnswer(source=source, answered_at=now, basis=Basis(BasisKind.LIVE, now))


def _somebody_else(real: Callable[..., Any], guarded: GuardedSource, bsn: Bsn, deadline: Any) -> Any:
    other = next(person.bsn for person in PEOPLE if person.bsn != bsn.digits)
    return real(guarded, Bsn(other), deadline)


def _never_again(_real: Callable[..., Any], _guarded: GuardedSource, _bsn: Bsn, _deadline: Any) -> Any:
    raise CircuitOpen("it failed once")


def _nothing(_real: Callable[..., Any], *_arguments: Any) -> None:
    """As if it had been done."""


def _not_the_download(real: Callable[..., Any], audit: Audit, *facts: Any) -> Any:
    return real(audit, *(fact for fact in facts if fact.event is not Event.DOCUMENT_DOWNLOADED))


def _no_number(_real: Callable[..., Any]) -> str:
    return ""


_SPOILED: tuple[tuple[Any, str, str, Callable[..., Any]], ...] = (
    (sources.gather, "_failure", "a failed source is no claims", _no_claims),
    (GuardedSource, "ask", "somebody else is asked about", _somebody_else),
    (SqlDocumentRegister, "add", "documents are not registered", _nothing),
    (Audit, "write", "downloads are not written down", _not_the_download),
    (app.http.errors, "reference", "errors have no number", _no_number),
    (app.http.request_context, "reference", "errors have no number", _no_number),
    (GuardedSource, "ask", "a source is never asked again", _never_again),
)
SPOILERS = tuple(dict.fromkeys(name for _, _, name, _ in _SPOILED))
