"""What a control code from paper turned out to be, in words: facts to compare, never whom they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents import formatting, labels
from app.language import N_, _, ngettext
from app.language.stated import Stated
from app.ports.paper import PaperFacts, SourceCounts
from app.services.paper import PaperAnswer, PaperFinding
from app.web.facts import Fact
from app.web.source_states import Tone
from claims.outcome import OutcomeKind

_ASK_FOR_THE_FILE = N_("Vraag om het bestand zelf (pdf of json), en controleer dat.")
# Heading, explanation and next step.
_MISTYPED = {
    PaperFinding.NUMBER: (
        N_("Dit is het nummer, niet de controlecode"),
        N_("Het nummer begint met BK. De controlecode staat ernaast, onderaan elke bladzijde."),
        N_("Typ de controlecode."),
    ),
    PaperFinding.NOT_A_CODE: (
        N_("Dit is geen controlecode"),
        N_(
            "Een controlecode heeft 16 letters en cijfers, in vier groepen van vier. De letter U staat er nooit in."
        ),
        N_("Kijk onderaan een bladzijde van het papier, bij ‘Controlecode’, en typ de code nog eens."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """`may_try_again`: the code may have been typed wrongly, so the form stands on the page again. `may_be_used`: the facts are
    there to compare with, so the page says what that proves. `status`: of the answer (HTTP)."""

    tone: Tone
    heading: str
    explanation: str
    next_step: str
    warnings: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    may_try_again: bool = False
    may_be_used: bool = False
    status: int = 200


def paper_page(answer: PaperAnswer, days: int) -> PaperPage:
    """`days`: how long a printed overview can be looked up."""
    if answer.facts is None:
        return _nothing(answer.finding, days)
    if answer.finding is PaperFinding.REVOKED:
        return _key_revoked(answer, answer.facts) if answer.is_key_revoked else _revoked(answer, answer.facts)
    if answer.finding is PaperFinding.SUPERSEDED:
        return _superseded(answer, answer.facts)
    return PaperPage(
        tone=Tone.INFO,
        heading=_("Er is een overzicht met deze controlecode"),
        explanation=_(
            "%(organisation)s heeft het gemaakt. Vergelijk alles hieronder met het papier dat u voor u hebt.",
            organisation=Stated(answer.facts.organisation),
        ),
        next_step=_(
            "Is iets op het papier anders? Gebruik het papier dan niet, en vraag om het bestand. Is alles gelijk? Lees dan "
            "hieronder wat u wel en niet weet."
        ),
        warnings=tuple(_incomplete(answer.facts)),
        facts=tuple(_facts(answer.facts)),
        may_be_used=True,
    )


def _nothing(finding: PaperFinding, days: int) -> PaperPage:
    if finding in _MISTYPED:
        heading, explanation, next_step = map(_, _MISTYPED[finding])
        return PaperPage(
            tone=Tone.WARNING,
            heading=heading,
            explanation=explanation,
            next_step=next_step,
            may_try_again=True,
            status=400,
        )
    return _expired(days) if finding is PaperFinding.EXPIRED else _unknown(days)


def _expired(days: int) -> PaperPage:
    return PaperPage(
        tone=Tone.WARNING,
        heading=_("Dit papier is te oud om na te kijken"),
        explanation=ngettext(
            "Er was een overzicht met deze controlecode. Wat erin stond, bewaren wij hooguit %(number)s dag.",
            "Er was een overzicht met deze controlecode. Wat erin stond, bewaren wij hooguit %(number)s dagen.",
            days,
        ),
        next_step=" ".join((_(_ASK_FOR_THE_FILE), _("Of vraag om een nieuw overzicht."))),
        status=404,
    )


def _unknown(days: int) -> PaperPage:
    again = (
        _("Typ de code nog eens. Deze tekens lijken op elkaar: B en 8, S en 5, Z en 2."),
        _("Lukt het niet? Vertrouw dan niet op het papier."),
    )
    return PaperPage(
        tone=Tone.WARNING,
        heading=_("Wij kennen deze controlecode niet"),
        explanation=ngettext(
            "Misschien is er een teken verkeerd. Of het papier is van een andere organisatie, ouder dan %(number)s dag, of een "
            "samenvatting. Dat kunnen wij niet nakijken.",
            "Misschien is er een teken verkeerd. Of het papier is van een andere organisatie, ouder dan %(number)s dagen, of een "
            "samenvatting. Dat kunnen wij niet nakijken.",
            days,
        ),
        next_step=" ".join((*again, _(_ASK_FOR_THE_FILE))),
        may_try_again=True,
        status=404,
    )


def _revoked(answer: PaperAnswer, facts: PaperFacts) -> PaperPage:
    """As for a file: amounts on our page would lend weight to what nobody should use."""
    since = _("Ingetrokken op %(moment)s.", moment=_moment(answer))
    why = _("Reden: %(reason)s.", reason=answer.revoked_reason.rstrip(". ")) if answer.revoked_reason else ""
    return PaperPage(
        tone=Tone.DANGER,
        heading=_("Dit overzicht is ingetrokken"),
        explanation=f"{since} {why}".strip(),
        next_step=_("Gebruik het papier niet. Vraag om een nieuw overzicht."),
        facts=tuple(_names(facts)),
    )


def _key_revoked(answer: PaperAnswer, facts: PaperFacts) -> PaperPage:
    return PaperPage(
        tone=Tone.DANGER,
        heading=_("Het zegel van dit overzicht is ingetrokken"),
        explanation=_(
            "Het zegel geldt niet meer vanaf %(moment)s. Aan papier kunnen wij niet zien of het overzicht van daarvoor is.",
            moment=_moment(answer),
        ),
        next_step=_(
            "Gebruik het papier niet. Vraag om het bestand en controleer dat, of vraag om een nieuw overzicht."
        ),
        facts=tuple(_names(facts)),
    )


def _superseded(answer: PaperAnswer, facts: PaperFacts) -> PaperPage:
    return PaperPage(
        tone=Tone.WARNING,
        heading=_("Er is een nieuwer overzicht"),
        explanation=_(
            "Na dit papier is er een nieuwer overzicht gemaakt, met nummer %(number)s. "
            "De gegevens hieronder zijn van het papier.",
            number=answer.newer_number or "",
        ),
        next_step=_("Vraag de inwoner om het nieuwe overzicht."),
        warnings=tuple(_incomplete(facts)),
        facts=tuple(_facts(facts)),
        may_be_used=True,
    )


def _moment(answer: PaperAnswer) -> str:
    return formatting.moment(answer.revoked_at)


def _names(facts: PaperFacts) -> Iterator[Fact]:
    yield Fact(_("Organisatie"), Stated(facts.organisation))
    yield Fact(_("Gemaakt op"), formatting.moment(facts.made_at))
    yield Fact(_("Nummer"), facts.number, is_code=True)


def _facts(facts: PaperFacts) -> Iterator[Fact]:
    """A total never stands without how far it reaches."""
    yield from _names(facts)
    yield Fact(_("Aantal rekeningen"), str(facts.claim_count))
    yield Fact(_(labels.BALANCE), formatting.total(facts.balance))
    yield Fact(_("Wie antwoordden"), _completeness(facts.sources))
    if facts.sources.not_connected is not None:
        yield Fact(_(labels.OUTCOME[OutcomeKind.NOT_CONNECTED]), _organisations(facts.sources.not_connected))


def _organisations(count: int) -> str:
    return ngettext("%(number)s organisatie", "%(number)s organisaties", count) if count else _("geen")


def _completeness(sources: SourceCounts) -> str:
    if sources.asked == 0:
        return (
            _("Wij hoefden geen bron te vragen.") if sources.not_asked else _("Er was geen bron aangesloten.")
        )
    if sources.full == sources.asked:
        return ngettext(
            "De ene bron die wij vroegen, gaf een volledig antwoord.",
            "Alle %(number)s bronnen die wij vroegen, gaven een volledig antwoord.",
            sources.asked,
        )
    return _(
        "%(full)s van de %(asked)s bronnen die wij vroegen, gaven een volledig antwoord.",
        full=sources.full,
        asked=sources.asked,
    )


def _incomplete(facts: PaperFacts) -> Iterator[str]:
    sources, unknown = facts.sources, facts.balance.unknown_count
    if sources.full < sources.asked or not (sources.asked or sources.not_asked):
        yield _("Let op: niet alle bronnen gaven een volledig antwoord. Er kunnen meer schulden zijn.")
    elif unknown:
        yield ngettext(
            "Let op: van %(number)s rekening is het bedrag niet bekend. Het totaal kan hoger zijn.",
            "Let op: van %(number)s rekeningen is het bedrag niet bekend. Het totaal kan hoger zijn.",
            unknown,
        )
    elif facts.balance.is_at_least:
        yield _("Let op: niet elk bedrag is zeker. Het totaal kan hoger zijn.")
