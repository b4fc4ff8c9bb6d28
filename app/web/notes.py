"""What is special about a claim, each in its own words: threats first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents import claim_facts, formatting, labels
from app.language import gettext as _
from app.language.stated import Stated, in_a_row
from app.web.source_states import Tone
from claims.checks import with_findings
from claims.financial_claim import ClaimStatus, Collector, FinancialClaim, Urgency
from claims.organisation import Organisation
from claims.overview import balance_to_show, is_settled


@dataclass(frozen=True, slots=True)
class Note:
    tone: Tone
    heading: str
    text: str


def notes(claim: FinancialClaim) -> tuple[Note, ...]:
    return tuple(_notes(claim))


def _notes(claim: FinancialClaim) -> Iterator[Note]:
    for urgency in claim.urgencies:
        yield _urgency(urgency)
    if claim.collector is not None:
        yield _collector(claim.collector, claim.creditor)
    elif claim.status is ClaimStatus.TRANSFERRED:
        yield _handed_over(claim.creditor)
    yield from _state(claim)
    yield from _amount(claim)
    yield from _findings(claim)


def _state(claim: FinancialClaim) -> Iterator[Note]:
    """In what state it is, where that changes what is asked of people."""
    if claim.status is ClaimStatus.REMITTED and is_settled(claim):
        yield Note(Tone.NEUTRAL, _("Kwijtgescholden"), _("De organisatie vraagt dit geld niet meer van u."))
    if claim.status is ClaimStatus.PAUSED:
        yield Note(Tone.NEUTRAL, _("U hoeft nu niet te betalen"), _("De organisatie wacht even met innen."))
    if claim.status is ClaimStatus.DISPUTED:
        yield Note(Tone.NEUTRAL, _("Er loopt een bezwaar"), _("U krijgt bericht over het besluit."))
    if claim.joint:
        told = _(
            "U en uw partner zijn allebei verantwoordelijk voor het hele bedrag. Het hoeft maar één keer te worden betaald: wat "
            "een van u betaalt, telt voor u allebei. Een betaling van de laatste dagen staat hier misschien nog niet bij."
        )
        yield Note(Tone.NEUTRAL, _("Samen met uw partner"), told)


def _amount(claim: FinancialClaim) -> Iterator[Note]:
    if claim.is_overpaid and is_settled(claim):
        told = _("Dit bedrag is niet van het totaal afgehaald. Bel erover.")
        yield Note(Tone.NEUTRAL, _("U hebt te veel betaald"), told)
    if balance_to_show(claim) is None and not is_settled(claim):
        told = _("Dat is niet hetzelfde als nul. Bel om het te vragen.")
        yield Note(Tone.WARNING, _("Het bedrag is niet bekend"), told)


def _handed_over(creditor: Organisation) -> Note:
    """The source does not say to whom."""
    ask = _(
        "Wij weten niet bij welk. Vraag het aan %(organisation)s.",
        organisation=Stated(formatting.organisation(creditor)),
    )
    return Note(Tone.WARNING, _("Deze rekening is bij een deurwaarder of incassobureau"), ask)


def _urgency(urgency: Urgency) -> Note:
    day = formatting.day(urgency.on)
    when = (
        _("Datum: %(day)s. Bel vandaag.", day=day)
        if urgency.on
        else _("De datum is niet bekend. Bel vandaag.")
    )
    described = Stated(_sentence(urgency.description)) if urgency.description else ""
    return Note(Tone.DANGER, _(labels.URGENCY[urgency.kind]), in_a_row((described, when)))


def _sentence(text: str) -> str:
    """Words of a source, so that ours can follow."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _collector(collector: Collector, creditor: Organisation) -> Note:
    since = collector.handed_over_on
    told = [
        _("Sinds %(day)s.", day=formatting.day(since)) if since else "",
        _("Bel en betaal daar, niet bij %(organisation)s.", organisation=Stated(creditor.name)),
        _("Noem dossier %(number)s.", number=collector.reference) if collector.reference else "",
    ]
    heading = _("Deze rekening is nu bij %(organisation)s", organisation=Stated(collector.name))
    return Note(Tone.WARNING, heading, in_a_row(told))


def _findings(claim: FinancialClaim) -> Iterator[Note]:
    """What is odd about the data, each text once; codes that mean nothing to people stand in the JSON only."""
    told = with_findings(claim)
    for text in claim_facts.findings(told):
        yield Note(Tone.WARNING, _("Let op"), text)
    for text in claim_facts.remarks(told):
        yield Note(Tone.NEUTRAL, _(labels.REMARK_HEADING), text)
