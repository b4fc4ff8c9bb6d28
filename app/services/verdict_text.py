"""What a verdict says in plain Dutch, the same on the page and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.documents import case_words, formatting, on_behalf, sentences
from app.documents.json import Recorded
from app.documents.summary_json import DOCUMENT_TYPE as SUMMARY_TYPE
from app.documents.summary_json import NOT_AN_OVERVIEW, Summary
from app.documents.summary_json import title as summary_title
from app.language import N_, _
from app.services.verdict_gist import EXPIRED, gist_of, say
from app.services.verify import ListedRevocation, Reason, Verdict, VerdictKind
from claims.outcome import OutcomeKind, SourceOutcome
from claims.record import names
from signing.report import CheckId, Outcome

SNAPSHOT_ONLY = N_(
    "Echt betekent: dit is wat de bronnen op dat moment zeiden. Het betekent niet dat dit alle schulden zijn, "
    "of dat het vandaag nog zo is. Het bewijst ook niet wie het bestand nu heeft."
)
REGISTER_NOT_ASKED = N_(
    "Het register is niet gevraagd: of dit overzicht is ingetrokken of vervangen, weten wij niet."
)

REVOCATION_UNKNOWN = N_(
    "Of dit zegel zelf is ingetrokken, konden wij niet nagaan: onze lijst met ingetrokken zegels is te oud."
)


AHEAD_OF_CLOCK = N_(
    "Volgens het bestand is het later verzegeld dan nu. Loopt de klok achter van de computer die dit controleert?"
)

_FROM_BEFORE = N_("Dit overzicht is aantoonbaar van daarvoor.")
_CODES = (N_("Nummer"), N_("Controlecode"))

_SOURCES = (
    N_("Bronnen met volledig antwoord"),
    N_("Bronnen met antwoord dat niet volledig is"),
    N_("Bronnen zonder antwoord"),
    N_("Nog niet aangesloten"),
)

# What an authority may state in its list (RFC 5280, 5.3.1); the others say nothing that helps a reader.
_CERTIFICATE_REASONS = {
    "keyCompromise": N_("iemand anders kan de sleutel van het zegel hebben"),
    "cACompromise": N_("de uitgever van het zegel is niet meer te vertrouwen"),
    "affiliationChanged": N_("de gegevens van de organisatie zijn veranderd"),
    "superseded": N_("het zegel is vervangen door een nieuw zegel"),
    "cessationOfOperation": N_("het zegel wordt niet meer gebruikt"),
    "certificateHold": N_("het zegel is tijdelijk stilgezet"),
    "privilegeWithdrawn": N_("de organisatie mag dit zegel niet meer gebruiken"),
}


@dataclass(frozen=True, slots=True)
class VerdictText:
    """`facts` are label and value; `warnings` stand above them."""

    headline: str
    next_step: str | None
    warnings: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def describe(verdict: Verdict) -> VerdictText:
    """The words for one verdict. Facts of the content are given only when the verdict is "echt"."""
    gist = gist_of(verdict)
    return VerdictText(gist.headline, gist.next_step, tuple(_warnings(verdict)), tuple(_facts(verdict)))


def is_about_sources(label: str) -> bool:
    """Whether a fact with this label names sources."""
    return label in {_(one) for one in _SOURCES}


def is_code(label: str) -> bool:
    """Whether a fact with this label is copied sign by sign."""
    return label in {_(one) for one in _CODES}


def kind_of_document(verdict: Verdict) -> str | None:
    """For programs: "schuldenoverzicht" or "schuldensamenvatting"; None when the content is not to be relied on."""
    if verdict.summary is not None:
        return SUMMARY_TYPE
    return None if verdict.document is None else names.DOCUMENT_TYPE


def _say(verdict: Verdict, dutch: str) -> str:
    return say(dutch, is_summary=verdict.summary is not None)


def _revocations(verdict: Verdict) -> Iterator[str]:
    key = verdict.key_revocation
    is_listed = isinstance(key, ListedRevocation)
    if verdict.revoked_at is not None:
        is_listed = is_listed or (key is None and verdict.content is None)
        since = formatting.moment(verdict.revoked_at)
        why = _why(verdict.revoked_reason, is_of_certificate=is_listed)
        if is_listed or key is None:
            yield _("Ingetrokken op %(moment)s.", moment=since) + why
        else:
            yield _("Het zegel geldt niet meer vanaf %(moment)s.", moment=since) + why
    elif key is not None:
        why = _why(key.reason, is_of_certificate=is_listed)
        since = formatting.moment(key.since)
        told = _("Dit zegel geldt niet meer vanaf %(moment)s.", moment=since)
        yield f"{told}{why} {_say(verdict, _FROM_BEFORE)}"


def _why(reason: str | None, *, is_of_certificate: bool) -> str:
    if not reason or (is_of_certificate and reason not in _CERTIFICATE_REASONS):
        return ""
    stated = _(_CERTIFICATE_REASONS[reason]) if is_of_certificate else reason
    return " " + _("Reden: %(reason)s.", reason=stated.rstrip(". "))


def _warnings(verdict: Verdict) -> Iterator[str]:
    yield from _revocations(verdict)
    if verdict.ahead_of_clock:
        yield _(AHEAD_OF_CLOCK)
    if verdict.newer_number is not None:
        yield _("Het nieuwere overzicht heeft nummer %(number)s.", number=verdict.newer_number)
    if verdict.content is None:
        return
    if verdict.summary is not None:
        yield _(NOT_AN_OVERVIEW)
    if verdict.kind is VerdictKind.GENUINE and verdict.document is not None:
        said = sentences.completeness(verdict.document.overview)
        yield from said.sentences if said.gaps or not said.is_full else ()
        yield from (
            [_(EXPIRED)] if verdict.moment_unproven and verdict.reason is not Reason.MOMENT_UNPROVEN else []
        )
    if verdict.kind is VerdictKind.GENUINE:
        yield _say(verdict, SNAPSHOT_ONLY)
    if any(check.id is CheckId.REVOCATION and check.outcome is Outcome.NOT_DONE for check in verdict.checks):
        yield _(REVOCATION_UNKNOWN)
    if not verdict.register_asked and verdict.reason is not Reason.REVOKED:
        yield _say(verdict, REGISTER_NOT_ASKED)


def _facts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.organisation:
        yield _("Organisatie"), verdict.organisation
    if verdict.content is None:
        if verdict.sealed_at:
            yield _("Verzegeld op (volgens het bestand)"), formatting.moment(verdict.sealed_at)
        return
    if verdict.summary is not None:
        yield _("Soort"), summary_title(verdict.summary)
    yield _("Nummer"), verdict.content.number
    yield _("Gemaakt op"), formatting.moment(verdict.content.made_at)
    if verdict.kind is VerdictKind.GENUINE and verdict.proven_at:
        yield _("Tijdstempel: het zegel bestond op"), formatting.moment(verdict.proven_at)
    if verdict.document is not None:
        if verdict.kind is VerdictKind.GENUINE:
            yield from _content_facts(verdict.document)
        yield from _source_facts(verdict.document)
    if verdict.summary is not None and verdict.kind is VerdictKind.GENUINE:
        yield from _summary_facts(verdict.summary)
    if verdict.kind is VerdictKind.GENUINE and verdict.control_code:
        yield _("Controlecode"), verdict.control_code


def _content_facts(document: Recorded) -> Iterator[tuple[str, str]]:
    """Person and amounts: not for what is revoked or unknown to the register, because repeating them lends them weight."""
    overview = document.overview
    yield _("Over de persoon met BSN dat eindigt op"), document.bsn.last_three
    if document.requested_by is not None:
        who = on_behalf.parties(document.requested_by, document.bsn.last_three)
        yield _(on_behalf.REQUESTED_BY), _("%(who)s, met DigiD Machtigen", who=who)
    if document.case_reference is not None:
        yield _(case_words.LABEL), case_words.to_others(document.case_reference)
    yield _("Aantal rekeningen"), str(len(overview.claims))
    yield _("Nog te betalen"), formatting.total(overview.balance)
    yield _("Waarvan te laat"), formatting.total(overview.arrears)


def _summary_facts(summary: Summary) -> Iterator[tuple[str, str]]:
    """Whom it is about, and from which files it was made: no amounts, those are to be looked up in the files."""
    yield _("Over de persoon met BSN dat eindigt op"), summary.bsn.last_three
    for file in summary.merged.files:
        made = formatting.moment(file.made_at)
        yield (
            _("Bestand %(number)s", number=file.number),
            f"{file.issuer}, {made}, SHA-256 {', '.join(file.digests)}",
        )


def _source_facts(document: Recorded) -> Iterator[tuple[str, str]]:
    overview = document.overview
    complete = [o for o in overview.outcomes if o.is_full]
    unconnected = [o for o in overview.outcomes if o.kind is OutcomeKind.NOT_CONNECTED]
    sources = (complete, overview.partial, overview.missing, unconnected)
    yield from ((_(label), _names(some)) for label, some in zip(_SOURCES, sources, strict=True))


def _names(outcomes: Sequence[SourceOutcome]) -> str:
    return "; ".join(formatting.organisation(o.source.organisation) for o in outcomes) or _("geen")
