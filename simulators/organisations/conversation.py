"""One organisation listening: who asks, and what is asked. It is strict, so that our questions stay right."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any

from simulators.organisations import discovery, dkd_conversation, reports
from simulators.organisations.behaviour import Behaviour, Switches
from simulators.organisations.data_files import Organisation
from simulators.organisations.discovery import DiscoveryParty
from simulators.organisations.dkd import DkdParty
from simulators.organisations.municipal_rest import BadQuestion
from simulators.organisations.replies import Turn, perform, problem
from simulators.organisations.reports import ReportDesk
from simulators.organisations.server import Exchange
from simulators.organisations.speakers import SPEAKERS
from simulators.organisations.stanzas import BASIC_NAME

LARGEST_QUESTION = 2000


@dataclass(frozen=True)
class Conversation:
    """`api_key` None: the organisation knows callers by the OIN in their certificate."""

    organisation: Organisation
    switches: Switches
    caller_oin: str
    api_key: str | None
    slow_seconds: float
    dkd: DkdParty | None = None
    discovery: DiscoveryParty | None = None
    desk: ReportDesk | None = None

    def respond(self, exchange: Exchange) -> None:
        if exchange.command == "GET":
            discovery.respond(self, exchange)
            return
        if self.desk is not None and exchange.path == reports.PATH:
            reports.respond(self, self.desk, exchange)
            return
        if self.dkd is not None:
            dkd_conversation.respond(self, self.dkd, exchange)
            return
        question = self._question(exchange)
        if question is None:
            return
        try:
            bsn, page = self._read(question)
        except BadQuestion as error:
            exchange.send(400, problem(str(error)), "application/problem+json")
            return
        citizen = self.organisation.citizen(bsn)
        behaviour = self.switched() or citizen.behaviour
        perform(Turn(exchange, self.organisation, citizen, page, behaviour, self.slow_seconds, self.switched))

    def switched(self) -> Behaviour | None:
        return self.switches.get(self.organisation.source_id)

    def _question(self, exchange: Exchange) -> Any:
        """The parsed question, or None when a refusal was sent."""
        length = exchange.headers.get("Content-Length", "")
        raw = (
            exchange.rfile.read(int(length)) if length.isdigit() and int(length) <= LARGEST_QUESTION else b""
        )
        if exchange.path != self.path:
            exchange.send(404, problem("no such page"), "application/problem+json")
        elif not self.knows(exchange):
            exchange.send(401, problem("who are you"), "application/problem+json")
        elif exchange.headers.get("Content-Type") != "application/json":
            exchange.send(415, problem("JSON only"), "application/problem+json")
        else:
            try:
                return json.loads(raw)
            except ValueError:
                exchange.send(400, problem("not JSON"), "application/problem+json")
        return None

    def knows(self, exchange: Exchange) -> bool:
        if self.api_key is None:
            return exchange.client_oin() == self.caller_oin
        name, wanted = "X-Api-Key", self.api_key
        if self.organisation.settings.get("toegang") == "basic":
            pair = base64.b64encode(f"{BASIC_NAME}:{self.api_key}".encode()).decode()
            name, wanted = "Authorization", f"Basic {pair}"
        return hmac.compare_digest(exchange.headers.get(name, "").encode(), wanted.encode())

    @property
    def path(self) -> str:
        return SPEAKERS[self.organisation.protocol].path

    def _read(self, question: Any) -> tuple[str, int]:
        return SPEAKERS[self.organisation.protocol].read(self.organisation, question)
