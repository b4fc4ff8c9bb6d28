"""Answers in XML: SuwiML in a SOAP envelope, and the signature around it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from claims.identity import Bsn
from claims.outcome import OutcomeKind, SourceAnswer
from claims.visible import is_visible
from sources.deadline import Deadline
from sources.errors import SourceError
from sources.transport.soap import open_envelope
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity
from tests.fuzz.canned import OIN, CannedDkd
from tests.fuzz.watch import ME, Broken, require_foreseen, require_silent_findings

_SOURCE = CannedDkd()
_NUMBERS = ("burgerservicenr", "burgerservicenummer", "bsn")
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"


def check_dkd(data: bytes) -> bool:
    """Ask the real adapter. True when it believed the answer. Raises Broken."""
    _SOURCE.wire.will_send(data)
    try:
        answer = _SOURCE.ask(Bsn(ME), Deadline.after(60))
    except SourceError as error:
        require_foreseen(error)
        return False
    require_silent_findings([*answer.findings, *(f for claim in answer.claims for f in claim.findings)])
    response = etree.fromstring(data, etree.XMLParser(remove_comments=True, encoding="utf-8")).find(_BODY)[0]
    _check_person(response)
    _check_nothing_is_hidden(response, answer)
    _check_amounts(response, answer)
    return True


def _named(root: Any, name: str) -> list[Any]:
    return [element for element in root.iter(etree.Element) if etree.QName(element).localname == name]


def _children(parent: Any, name: str) -> list[Any]:
    return [element for element in parent if etree.QName(element).localname == name]


def _text(element: Any) -> str:
    return "".join(element.xpath("text()")).strip()


def _check_person(response: Any) -> None:
    """No number in an answer that we believe is somebody else's, but those of partners."""
    for element in response.iter(etree.Element):
        if etree.QName(element).localname.casefold() not in _NUMBERS or _is_of_a_partner(element):
            continue
        if _text(element) != ME:
            raise Broken("an answer that is partly about somebody else was accepted")
    for client in _children(response, "ClientSuwi"):
        if not _children(client, "Burgerservicenr"):
            raise Broken("an answer that does not say about whom it is was accepted")


def _is_of_a_partner(element: Any) -> bool:
    """What is said of a partner is not looked at."""
    above = (etree.QName(ancestor).localname for ancestor in element.iterancestors())
    return any(name.startswith(("Partner", "Gezinslid")) for name in above)


def _check_nothing_is_hidden(response: Any, answer: SourceAnswer) -> None:
    looks_like_claims = [
        element
        for element in response.iter(etree.Element)
        if "vordering" in etree.QName(element).localname.casefold()
    ]
    if answer.kind is OutcomeKind.NO_CLAIMS and looks_like_claims:
        raise Broken(f"no claims, but there is {etree.QName(looks_like_claims[0]).localname}")
    if (
        answer.kind is OutcomeKind.NO_CLAIMS
        and _children(response, "NietsGevonden")
        and _named(response, "ClientSuwi")
    ):
        raise Broken("no claims, but beside the words that nothing was found there are data")
    if answer.kind is OutcomeKind.NO_CLAIMS and not (
        _children(response, "NietsGevonden") or _children(response, "ClientSuwi")
    ):
        raise Broken("no claims, but the source did not say so")
    claims = _named(response, "Vordering")
    repeated = "repeated_claim" in {finding.code for finding in answer.findings}
    if answer.is_full and len(answer.claims) < len(claims) and not repeated:
        raise Broken(f"{len(claims)} claims were sent, a full answer has {len(answer.claims)}")
    if answer.is_full:
        sent = {
            _text(number) for claim in claims for number in _children(claim, "IdentificatienrVordering")[:1]
        }
        # What nobody can see is no reference: such a claim is shown with one of ours.
        missing = {
            text for text in (" ".join(text.split())[:100] for text in sent if text) if is_visible(text)
        }
        missing -= {claim.reference for claim in answer.claims}
        if missing:
            raise Broken("a reference that was sent is not in the full answer")


def _check_amounts(response: Any, answer: SourceAnswer) -> None:
    """An amount stands in the answer, or it is not known."""
    sent = set()
    for element in _named(response, "WaardeBedr"):
        with suppress(ValueError):
            sent.add(int(_text(element)))
    for claim in answer.claims:
        for money in (claim.amounts.balance, claim.amounts.opening):
            if money is not None and abs(money.cents) not in sent:
                raise Broken(f"nobody sent the amount of {money.cents} cents")


# Signed once by make_corpus with a key that was thrown away; only the certificate of its authority was kept.
SIGNED = Path(__file__).parent / "signed"
QUESTION = "cXVlc3Rpb24="


class SignedAnswers:
    """The one party that we believe, at the moment at which it signed."""

    def __init__(self) -> None:
        nothing = SIGNED / "absent"
        self._security = WsSecurity(SignatureKeys(nothing, nothing), SignatureRules(SIGNED / "root.pem", OIN))
        self._now = datetime.fromisoformat((SIGNED / "moment.txt").read_text(encoding="ascii").strip())
        self._signed = {_canonical(self.read(file.read_bytes())) for file in (SIGNED / "answers").iterdir()}

    def read(self, data: bytes) -> Any:
        return self._security.verify(open_envelope(data), QUESTION, self._now)

    def check(self, data: bytes) -> bool:
        """Nobody has the key any more: whatever is believed must be, to the byte, what was signed then."""
        try:
            content = self.read(data)
        except SourceError as error:
            require_foreseen(error)
            return False
        if _canonical(content) not in self._signed:
            raise Broken("something was believed that nobody signed")
        return True


def _canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True))
