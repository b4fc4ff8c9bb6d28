"""From BijstandsregelingenInfoResponse (v0500; v0400 alike) to claims: lenient on local names.

Third-party data stay here: a partner's BSN is only looked for, never read; the group `Fraude` (sanctions,
prosecution) is not looked at at all.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from claims.checks import with_findings
from claims.financial_claim import Amounts, FinancialClaim, Finding
from claims.identity import Bsn
from claims.organisation import ContactOption, Organisation
from claims.partial_date import PartialDate
from claims.strict_json import canonical_json
from claims.visible import is_visible
from sources.answers import require_bearable
from sources.suwi.codes import LAWS, CodeLists
from sources.suwi.persons import require_one_person
from sources.suwi.strict import deviations
from sources.suwi.values import AmountRule, Found, read_amount, read_code, read_date
from sources.transport.xml import Node

_KNOWN = frozenset(
    {
        "IdentificatienrVordering",
        "DatBesluitVordering",
        "CdRedenVordering",
        "BedrAanvangVordering",
        "CdStatusVordering",
        "BedrSaldoVordering",
        "DatOnherroepelijkVordering",
        "SzWet",
    }
)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How to read the answers of one source. `source_id` makes references where the source gives none. `contact` is how
    the organisation is reached: the message has no place for it."""

    source_id: str
    creditor: Organisation
    contact: tuple[ContactOption, ...] = ()
    codes: CodeLists = field(default_factory=CodeLists)
    amounts: AmountRule = field(default_factory=AmountRule)


@dataclass(frozen=True, slots=True)
class ReadClient:
    """What the answer says about the citizen. `delivered_on`: the day on which the data were taken into a central
    file, None when the municipality itself answered. `unreadable`: a claim could not be read at all."""

    claims: tuple[FinancialClaim, ...]
    unreadable: bool
    delivered_on: date | None
    stated_name: str | None
    findings: tuple[Finding, ...]


def read_client(response: Node, bsn: Bsn, rules: ReadingRules, today: date) -> ReadClient:
    """All claims of one response that holds ClientSuwi. Raises WrongPerson when any part is about somebody else."""
    require_one_person(response, bsn)
    clients = tuple(response.all("ClientSuwi"))
    found = Found()
    delivered = [_delivered_on(client, found) for client in clients]
    delivered_on = min((day for day in delivered if day), default=None)
    elements = [element for client in clients for element in client.all("Vordering")]
    require_bearable(len(elements))
    as_of = PartialDate.of(last_month_end(delivered_on or today))
    claims = [_read_claim(element, number, rules, as_of) for number, element in enumerate(elements, start=1)]
    readable = tuple(claim for claim in claims if claim is not None)
    unreadable = len(readable) < sum(1 for _ in response.everywhere("Vordering"))
    unreadable |= has_stray_claim(response)
    name = next((name for name in map(_stated_name, clients) if name), None)
    return ReadClient(readable, unreadable, delivered_on, name, tuple(found.findings))


def has_stray_claim(element: Node) -> bool:
    """Somebody's own spelling of Vordering, or a part of one that stands alone, may be a debt that we do not see."""
    return any(
        "vordering" in child.name.casefold() or has_stray_claim(child)
        for child in element.children
        if child.name != "Vordering"
    )


def last_month_end(day: date) -> date:
    """The last day of a month that is not after `day`: on which status and balance are drawn up (SGR 18.0, 3b). At either
    end of the calendar, where no honest answer is, there may be no day before or after."""
    if day.day == monthrange(day.year, day.month)[1]:
        return day
    first = day.replace(day=1)
    return first if first == date.min else first - timedelta(days=1)


def _delivered_on(client: Node, found: Found) -> date | None:
    file = client.child("DossierGsd")
    day = read_date(file, "DatOpnameGegevensInIbSysteem", found) if file is not None else None
    return day.earliest if day else None


def _read_claim(element: Node, number: int, rules: ReadingRules, as_of: PartialDate) -> FinancialClaim | None:
    """None when not one element in it is one that we know."""
    if not any(child.name in _KNOWN for child in element.children):
        return None
    found = Found()
    amounts = Amounts(
        opening=read_amount(element, "BedrAanvangVordering", rules.amounts, found),
        balance=read_amount(element, "BedrSaldoVordering", rules.amounts, found),
        as_of=as_of,
    )
    if amounts.balance is not None:
        found.add("balance_date_assumed", "BedrSaldoVordering")
    reason = _reason(element, rules.codes, found)
    status = _status_code(element, rules.codes, found)
    claim = FinancialClaim(
        reference=_reference(element, number, rules.source_id, found),
        creditor=rules.creditor,
        amounts=amounts,
        title=rules.codes.title(reason),
        legal_ground=_law(element, found),
        originated_on=read_date(element, "DatBesluitVordering", found),
        status=rules.codes.status(status, amounts.balance),
        contact=rules.contact,
        joint=True if element.child("PartnerVordering") is not None else None,
        extra=_extra(element, reason, status, found),
    )
    return with_findings(replace(claim, findings=(*found.findings, *deviations(element))))


def _reference(element: Node, number: int, source_id: str, found: Found) -> str:
    """The source's own number, whatever its form. Without one we number it ourselves: equal claims stay apart."""
    reference = element.text_of("IdentificatienrVordering")
    shown = " ".join((reference or "").split())[:100]  # what is visible may stand behind the cut
    if reference is None or not is_visible(shown):
        found.add("reference_missing", "IdentificatienrVordering")
        return f"{source_id}-zonder-kenmerk-{number}"
    if len(reference) != 15:
        found.add("reference_not_official", "IdentificatienrVordering")
    return shown


def _reason(element: Node, codes: CodeLists, found: Found) -> str | None:
    code = read_code(element, "CdRedenVordering", found=found)
    if code is not None and code not in codes.reasons:
        found.add("reason_code_unknown", "CdRedenVordering")
    return code


def _status_code(element: Node, codes: CodeLists, found: Found) -> str | None:
    code = read_code(element, "CdStatusVordering", found=found)
    if code is not None and code not in codes.statuses:
        found.add("status_code_unknown", "CdStatusVordering")
    return code


def _law(element: Node, found: Found) -> str | None:
    code = (element.text_of("SzWet", "CdSzWet") or "").upper()
    if code not in LAWS:
        found.add("law_code_unknown" if code else "law_missing", "CdSzWet")
    return LAWS.get(code)


def _extra(element: Node, reason: str | None, status: str | None, found: Found) -> str | None:
    """The codes as received, so that nothing is lost on a code that we do not know, and when the claim is final."""
    final_on = read_date(element, "DatOnherroepelijkVordering", found)
    stated = {
        "reden_code": reason,
        "status_code": status,
        "wet_code": read_code(element, "SzWet", "CdSzWet", found=found),
        "onherroepelijk_op": str(final_on) if final_on else None,
    }
    known = {name: value for name, value in stated.items() if value}
    return canonical_json(known).decode() if known else None


def _stated_name(client: Node) -> str | None:
    surname = client.text_of("SignificantDeelVanDeAchternaam")
    if surname is None:
        return None
    initials = client.text_of("Voorletters") or ""
    dotted = "".join(f"{letter}." for letter in initials if letter.isalpha())
    return " ".join(part for part in (dotted, client.text_of("Voorvoegsel"), surname) if part)[:200]
