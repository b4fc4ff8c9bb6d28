"""The answer to one question, and all the ways in which it can go wrong on purpose."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Json, Organisation
from simulators.organisations.server import Exchange
from simulators.organisations.speakers import SPEAKERS, Speaker, encode

HTML = b"<!doctype html><title>Storing</title><h1>Er is iets misgegaan</h1>"
TOLD = "DatabaseWachtwoord"
_SECONDS_PER_DRIP = 0.2
_LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Turn:
    """One accepted question: who it is about and how to behave now. `switched`: what the switch says at this moment."""

    exchange: Exchange
    organisation: Organisation
    citizen: Citizen
    page: int
    behaviour: Behaviour
    slow_seconds: float
    switched: Callable[[], Behaviour | None]

    @property
    def as_huge(self) -> Turn:
        """The same question, answered in several pages."""
        return replace(self, behaviour=Behaviour.HUGE)

    @property
    def speaker(self) -> Speaker:
        return SPEAKERS[self.organisation.protocol]

    @property
    def content_type(self) -> str:
        return self.speaker.content_type

    def body(self) -> Json:
        return self.body_about(self.citizen)

    def encoded(self) -> bytes:
        """The whole answer as it should be."""
        return self.encoded_about(self.citizen)

    def encoded_about(self, citizen: Citizen) -> bytes:
        return self.speaker.encode(self.body_about(citizen))

    def encoded_about_nobody(self) -> bytes:
        """The answer without the number of the citizen."""
        body = self.body()
        self.speaker.without_person(body)
        return self.speaker.encode(body)

    def own_reply(self) -> Callable[[Turn], None] | None:
        """How this protocol alone can misbehave."""
        return None

    def body_about(self, citizen: Citizen) -> Json:
        return self.speaker.answer(self.organisation, citizen, self.page, self.behaviour)

    def send(self, encoded: bytes) -> None:
        self.exchange.send(200, encoded, self.content_type)


def perform(turn: Turn) -> None:
    """Answer, or fail to, as `turn.behaviour` says."""
    (turn.own_reply() or _REPLIES.get(turn.behaviour, _answer))(turn)


def problem(detail: str) -> bytes:
    """A refusal (RFC 9457)."""
    return json.dumps({"title": "Verzoek geweigerd", "detail": detail}).encode()


def _answer(turn: Turn) -> None:
    """The answer itself; some behaviours only change its content."""
    turn.send(turn.encoded())


def _slow(turn: Turn) -> None:
    """Until the time is over, or somebody turns the switch."""
    end, begun = time.monotonic() + turn.slow_seconds, turn.switched()
    while time.monotonic() < end and turn.switched() == begun:
        if turn.exchange.stopping.wait(_LOOK_EVERY_SECONDS):
            return
    _answer(turn)


def _down(turn: Turn) -> None:
    turn.exchange.break_connection()


def _drip(turn: Turn) -> None:
    """One byte at a time: every byte comes in time, the answer never does."""
    body = turn.encoded()
    turn.exchange.send_head(200, turn.content_type, Content_Length=str(len(body)))
    for byte in body:
        if turn.exchange.stopping.wait(_SECONDS_PER_DRIP):
            return
        turn.exchange.wfile.write(bytes([byte]))


def _drip_head(turn: Turn) -> None:
    """As `_drip`, but already in the status line and headers, without end."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Filler: a\r\n" * 90:
        if turn.exchange.stopping.wait(_SECONDS_PER_DRIP):
            return
        turn.exchange.wfile.write(bytes([byte]))


def _malformed(turn: Turn) -> None:
    """Half an answer that says it is a whole one."""
    body = turn.encoded()
    turn.send(body[: len(body) // 2])


def _wrong_citizen(turn: Turn) -> None:
    turn.send(turn.encoded_about(turn.organisation.other_citizen(turn.citizen.bsn)))


def _no_citizen(turn: Turn) -> None:
    turn.send(turn.encoded_about_nobody())


def _redirect(turn: Turn) -> None:
    turn.exchange.send(307, b"{}", Location=turn.exchange.path)


def _html_error(turn: Turn) -> None:
    turn.exchange.send(200, HTML, "text/html; charset=utf-8")


def _server_error(turn: Turn) -> None:
    turn.exchange.send(503, HTML, "text/html; charset=utf-8")


def _telling_error(turn: Turn) -> None:
    """A stack trace with everything that the source knows: the question, who asked with which key, what it holds."""
    told = f"{TOLD} {turn.citizen.bsn} {turn.exchange.headers}".encode() + turn.encoded()
    turn.exchange.send(500, told, "text/plain; charset=utf-8", X_Debug=f"{TOLD} {turn.citizen.bsn}")


def _refused(turn: Turn) -> None:
    turn.exchange.send(403, problem("not for you"), "application/problem+json")


def _not_found(turn: Turn) -> None:
    turn.exchange.send(404, problem("no such page"), "application/problem+json")


def _compressed(turn: Turn) -> None:
    turn.exchange.send(200, gzip.compress(turn.encoded()), turn.content_type, Content_Encoding="gzip")


def _cut_off(turn: Turn) -> None:
    """A polite end in the middle of the announced answer."""
    body = turn.encoded()
    turn.exchange.send_head(200, turn.content_type, Content_Length=str(len(body)))
    turn.exchange.wfile.write(body[: len(body) // 2])


def _second_page_down(turn: Turn) -> None:
    (_down if turn.page else _answer)(turn.as_huge)


def _second_page_wrong_citizen(turn: Turn) -> None:
    (_wrong_citizen if turn.page else _answer)(turn.as_huge)


def _endless_pages(turn: Turn) -> None:
    turn.send(encode(turn.body() | {"vervolg": f"blad-{turn.page + 1}"}))


_REPLIES: dict[Behaviour, Callable[[Turn], None]] = {
    Behaviour.SLOW: _slow,
    Behaviour.DOWN: _down,
    Behaviour.DRIP: _drip,
    Behaviour.DRIP_HEAD: _drip_head,
    Behaviour.MALFORMED: _malformed,
    Behaviour.WRONG_CITIZEN: _wrong_citizen,
    Behaviour.NO_CITIZEN: _no_citizen,
    Behaviour.REDIRECT: _redirect,
    Behaviour.HTML_ERROR: _html_error,
    Behaviour.SERVER_ERROR: _server_error,
    Behaviour.TELLING_ERROR: _telling_error,
    Behaviour.REFUSED: _refused,
    Behaviour.NOT_FOUND: _not_found,
    Behaviour.COMPRESSED: _compressed,
    Behaviour.CUT_OFF: _cut_off,
    Behaviour.SECOND_PAGE_DOWN: _second_page_down,
    Behaviour.SECOND_PAGE_WRONG_CITIZEN: _second_page_wrong_citizen,
    Behaviour.ENDLESS_PAGES: _endless_pages,
}
