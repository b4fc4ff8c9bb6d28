"""One organisation answering: who asks, what is asked, and all that can go wrong on purpose."""

from __future__ import annotations

import gzip
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.organisations import fcid, municipal_rest
from simulators.organisations.behaviour import Behaviour, Switches
from simulators.organisations.data_files import Citizen, Json, Organisation
from simulators.organisations.municipal_rest import BadQuestion
from simulators.organisations.server import Exchange

LARGEST_QUESTION = 2000
HTML = b"<!doctype html><title>Storing</title><h1>Er is iets misgegaan</h1>"


@dataclass(frozen=True)
class Conversation:
    """`api_key` None: the organisation knows callers by the OIN in their certificate."""

    organisation: Organisation
    switches: Switches
    caller_oin: str
    api_key: str | None
    slow_seconds: float

    def respond(self, exchange: Exchange) -> None:
        question = self._question(exchange)
        if question is None:
            return
        try:
            bsn, page = self._read(question)
        except BadQuestion as error:
            exchange.send(400, _problem(str(error)), "application/problem+json")
            return
        citizen = self.organisation.citizen(bsn)
        behaviour = self.switches.get(self.organisation.source_id) or citizen.behaviour
        MISBEHAVIOUR.get(behaviour, _answer)(self, exchange, citizen, page)

    def _question(self, exchange: Exchange) -> Any:
        """The parsed question, or None when a refusal was sent."""
        length = exchange.headers.get("Content-Length", "")
        raw = (
            exchange.rfile.read(int(length)) if length.isdigit() and int(length) <= LARGEST_QUESTION else b""
        )
        if exchange.path != self.path:
            exchange.send(404, _problem("no such page"), "application/problem+json")
        elif not self._knows(exchange):
            exchange.send(401, _problem("who are you"), "application/problem+json")
        elif exchange.headers.get("Content-Type") != "application/json":
            exchange.send(415, _problem("JSON only"), "application/problem+json")
        else:
            try:
                return json.loads(raw)
            except ValueError:
                exchange.send(400, _problem("not JSON"), "application/problem+json")
        return None

    def _knows(self, exchange: Exchange) -> bool:
        if self.api_key is None:
            return exchange.client_oin() == self.caller_oin
        return hmac.compare_digest(exchange.headers.get("X-Api-Key", "").encode(), self.api_key.encode())

    @property
    def path(self) -> str:
        return fcid.PATH if self.organisation.protocol == "fcid" else municipal_rest.PATH

    def _read(self, question: Any) -> tuple[str, int]:
        if self.organisation.protocol == "fcid":
            return fcid.read_question(self.organisation, question), 0
        return municipal_rest.read_question(question)

    def body(self, citizen: Citizen, page: int, behaviour: Behaviour) -> Json:
        if self.organisation.protocol == "fcid":
            return fcid.answer(self.organisation, citizen, behaviour)
        return municipal_rest.answer(self.organisation, citizen, page, behaviour)


Respond = Callable[[Conversation, Exchange, Citizen, int], None]


def _problem(detail: str) -> bytes:
    return json.dumps({"title": "Verzoek geweigerd", "detail": detail}).encode()


def _encode(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _answer(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    """The answer itself; some behaviours only change its content."""
    behaviour = conversation.switches.get(conversation.organisation.source_id) or citizen.behaviour
    exchange.send(200, _encode(conversation.body(citizen, page, behaviour)))


def _slow(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    if not exchange.stopping.wait(conversation.slow_seconds):
        _answer(conversation, exchange, citizen, page)


def _down(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    exchange.break_connection()


def _drip(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    """One byte at a time: every byte comes in time, the answer never does."""
    body = _encode(conversation.body(citizen, page, Behaviour.NORMAL))
    exchange.send_head(200, "application/json", Content_Length=str(len(body)))
    for byte in body:
        if exchange.stopping.wait(0.2):
            return
        exchange.wfile.write(bytes([byte]))


def _malformed(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    """Half an answer that says it is a whole one."""
    body = _encode(conversation.body(citizen, page, Behaviour.NORMAL))
    exchange.send(200, body[: len(body) // 2])


def _wrong_citizen(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    other = conversation.organisation.other_citizen(citizen.bsn)
    exchange.send(200, _encode(conversation.body(other, page, Behaviour.NORMAL)))


def _no_citizen(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    body = conversation.body(citizen, page, Behaviour.NORMAL)
    (body["body"] if "body" in body else body).pop("bsn")
    exchange.send(200, _encode(body))


def _redirect(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    exchange.send(307, b"{}", Location=conversation.path)


def _html_error(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    exchange.send(200, HTML, "text/html; charset=utf-8")


def _server_error(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    exchange.send(503, HTML, "text/html; charset=utf-8")


def _not_found(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    exchange.send(404, _problem("no such page"), "application/problem+json")


def _compressed(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    body = _encode(conversation.body(citizen, page, Behaviour.NORMAL))
    exchange.send(200, gzip.compress(body), Content_Encoding="gzip")


def _cut_off(conversation: Conversation, exchange: Exchange, citizen: Citizen, page: int) -> None:
    """A polite end in the middle of the announced answer."""
    body = _encode(conversation.body(citizen, page, Behaviour.NORMAL))
    exchange.send_head(200, "application/json", Content_Length=str(len(body)))
    exchange.wfile.write(body[: len(body) // 2])


MISBEHAVIOUR: dict[Behaviour, Respond] = {
    Behaviour.SLOW: _slow,
    Behaviour.DOWN: _down,
    Behaviour.DRIP: _drip,
    Behaviour.MALFORMED: _malformed,
    Behaviour.WRONG_CITIZEN: _wrong_citizen,
    Behaviour.NO_CITIZEN: _no_citizen,
    Behaviour.REDIRECT: _redirect,
    Behaviour.HTML_ERROR: _html_error,
    Behaviour.SERVER_ERROR: _server_error,
    Behaviour.NOT_FOUND: _not_found,
    Behaviour.COMPRESSED: _compressed,
    Behaviour.CUT_OFF: _cut_off,
}
