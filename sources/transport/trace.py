"""One number per question, so that an operator can follow it through gateways: ours, in their header and in our log.

The number is a version 7 UUID (RFC 9562, section 5.7): an outway for Federated Service Connectivity (OpenFSC) refuses
other versions in `Fsc-Transaction-Id`. It is made of the time and of chance: nothing of the citizen is in it.
"""

from __future__ import annotations

import re
import secrets
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPMessage

import structlog

log = structlog.get_logger(__name__)

_TRIES = 20
_LONGEST = 101
_NINE_DIGITS = re.compile(r"(?<![0-9])[0-9](?:-?[0-9]){8}(?![0-9])")
_ERROR_HEADER = (
    "Fsc-Error-Code"  # FSC Core, error handling: set by an inway or outway, never by the source itself
)
_ERROR_CODE = re.compile(r"[A-Z][A-Z_]{0,79}")
# What others sent is written down only when no number of a person can stand in it.
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PLAIN = re.compile(r"(?!.*(?:[0-9][^0-9A-Za-z]*){8})[A-Za-z0-9._:-]{1,100}")


def new_transaction_id() -> str:
    """A version 7 UUID; by preference one in which no filter of logs sees the number of a person."""
    for _ in range(_TRIES):
        number = _uuid7()
        if not _NINE_DIGITS.search(number):
            break
    return number


def _uuid7() -> str:
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    number = milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1
    return str(uuid.UUID(int=number))


@dataclass
class Trace:
    """One message and its answer. `header` None: nothing is sent, and nothing is logged unless the message has a
    number of its own (`number`)."""

    source_id: str
    header: str | None
    number: str | None = None
    _begun: float = field(default_factory=time.monotonic)
    _seen: dict[str, object] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        if self.header is None:
            return {}
        self.number = self.number or new_transaction_id()
        return {self.header: self.number}

    def saw(self, status: int, headers: HTTPMessage) -> None:
        """Remember what came back: status, the number that the other side used, the error of a gateway."""
        self._seen["status"] = status
        returned = headers.get(self.header) if self.header is not None else None
        if returned is not None:
            self._seen["returned"] = "same" if returned == self.number else _loggable(returned)
        code = gateway_error(headers)
        if code is not None:
            self._seen["gateway_error"] = code

    def write(self) -> None:
        """One line; without `status` no answer came."""
        if self.number is not None:
            milliseconds = round((time.monotonic() - self._begun) * 1000)
            log.info(
                "source_message",
                source=self.source_id,
                transaction=self.number,
                milliseconds=milliseconds,
                **self._seen,
            )


def gateway_error(headers: HTTPMessage) -> str | None:
    """The code of an inway or outway that refused, letters only; None when none refused."""
    code = headers.get(_ERROR_HEADER)
    return code if code is None or _ERROR_CODE.fullmatch(code) else "unreadable"


def _loggable(returned: str) -> str:
    returned = returned[:_LONGEST]  # a hostile one is not worth more work
    return returned if _UUID.fullmatch(returned) or _PLAIN.fullmatch(returned) else "not logged"
