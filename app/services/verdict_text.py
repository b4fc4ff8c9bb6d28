"""What a verdict says in plain Dutch, the same on the page and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents import case_words, formatting, on_behalf, sentences
from app.documents.json import Recorded
from app.documents.summary_json import DOCUMENT_TYPE as SUMMARY_TYPE
from app.documents.summary_json import NOT_AN_OVERVIEW, Summary
from app.documents.summary_json import title as summary_title
from app.services.verify import ListedRevocation, Reason, Verdict, VerdictKind
from claims.outcome import OutcomeKind, SourceOutcome
from claims.record import names
from signing.report import CheckId, Outcome

_HEADLINE = {
    Reason.EXAMINER_FAILED: "Wij kunnen dit bestand nu niet controleren.",
    Reason.REGISTER_UNAVAILABLE: "Wij kunnen dit bestand nu niet controleren.",
    Reason.AHEAD_OF_CLOCK: "Wij kunnen dit bestand nu niet controleren. De klok loopt misschien achter.",
    Reason.NOT_SEALED: "Dit is geen verzegeld overzicht.",
    Reason.ALTERED: "Dit bestand is veranderd nadat het is gemaakt.",
    Reason.UNTRUSTED: "Dit zegel is niet van een organisatie die wij vertrouwen.",
    Reason.REVOKED: "Dit overzicht is ingetrokken.",
    Reason.NOT_IN_REGISTER: "Wij kunnen dit overzicht niet controleren: het staat niet in ons register.",
    Reason.SUPERSEDED: "Dit overzicht is echt, maar er is een nieuwer overzicht.",
    Reason.OTHER_ORGANISATION: "Dit overzicht is echt.",
    Reason.MOMENT_UNPROVEN: "Dit overzicht is echt, met een opmerking.",
    Reason.ARCHIVED: "Dit overzicht is echt. Het is een gearchiveerde kopie.",
    Reason.GENUINE: "Dit overzicht is echt.",
}

_EXPIRED = (
    "Het certificaat van het zegel is daarna verlopen. Het moment van verzegelen is daardoor niet bewezen."
)
_NEXT_STEP = {
    Reason.EXAMINER_FAILED: "Probeer het later nog een keer. Vertrouw tot die tijd niet op dit bestand.",
    Reason.REGISTER_UNAVAILABLE: (
        "Probeer het later nog een keer. Het ligt aan ons. Vertrouw tot die tijd niet op dit bestand."
    ),
    Reason.AHEAD_OF_CLOCK: (
        "Controleert u op uw eigen computer? Zet datum en tijd goed en probeer het nog een keer. "
        "Anders: probeer het later. Vertrouw tot die tijd niet op dit bestand."
    ),
    Reason.NOT_SEALED: (
        "Een scan, een foto, een afdruk of een ander bestand kunnen wij niet controleren. "
        "Vraag om het bestand dat is gedownload (pdf of json)."
    ),
    Reason.ALTERED: "Gebruik het niet. Vraag om het bestand zoals het is gedownload.",
    Reason.UNTRUSTED: "Gebruik het niet. Vraag om een overzicht van een organisatie die u kent.",
    Reason.REVOKED: "Gebruik het niet. Vraag om een nieuw overzicht.",
    Reason.NOT_IN_REGISTER: "Het zegel klopt, maar wij kennen het nummer niet. Neem contact op met de organisatie.",
    Reason.SUPERSEDED: "Vraag om het nieuwe overzicht.",
    Reason.MOMENT_UNPROVEN: _EXPIRED,
}

SNAPSHOT_ONLY = (
    "Echt betekent: dit is wat de bronnen op dat moment zeiden. Het betekent niet dat dit alle schulden zijn, "
    "of dat het vandaag nog zo is. Het bewijst ook niet wie het bestand nu heeft."
)
REGISTER_NOT_ASKED = (
    "Het register is niet gevraagd: of dit overzicht is ingetrokken of vervangen, weten wij niet."
)

REVOCATION_UNKNOWN = (
    "Of dit zegel zelf is ingetrokken, konden wij niet nagaan: onze lijst met ingetrokken zegels is te oud."
)


AHEAD_OF_CLOCK = (
    "Volgens het bestand is het later verzegeld dan het nu is op de computer die het controleert. "
    "Loopt de klok van die computer achter?"
)

KEY_REVOKED = "Het zegel van dit overzicht is ingetrokken."
KEY_REVOKED_BEFORE = "Het zegel was al ingetrokken toen dit bestand werd gemaakt."
KEY_NEXT_STEP = "Gebruik het niet. Vraag om een nieuw overzicht."

# What an authority may state in its list (RFC 5280, 5.3.1); the others say nothing that helps a reader.
_CERTIFICATE_REASONS = {
    "keyCompromise": "iemand anders kan de sleutel van het zegel hebben",
    "cACompromise": "de uitgever van het zegel is niet meer te vertrouwen",
    "affiliationChanged": "de gegevens van de organisatie zijn veranderd",
    "superseded": "het zegel is vervangen door een nieuw zegel",
    "cessationOfOperation": "het zegel wordt niet meer gebruikt",
    "certificateHold": "het zegel is tijdelijk stilgezet",
    "privilegeWithdrawn": "de organisatie mag dit zegel niet meer gebruiken",
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
    next_step = KEY_NEXT_STEP if _has_bad_key(verdict) else _NEXT_STEP.get(verdict.reason)
    return VerdictText(
        _named(verdict, _headline(verdict)),
        None if next_step is None else _named(verdict, next_step),
        tuple(_named(verdict, warning) for warning in _warnings(verdict)),
        tuple(_facts(verdict)),
    )


def kind_of_document(verdict: Verdict) -> str | None:
    """For programs: "schuldenoverzicht" or "schuldensamenvatting"; None when the content is not to be relied on."""
    if verdict.summary is not None:
        return SUMMARY_TYPE
    return None if verdict.document is None else names.DOCUMENT_TYPE


def _named(verdict: Verdict, text: str) -> str:
    """A summary is never called an overview."""
    if verdict.summary is None or text == NOT_AN_OVERVIEW:
        return text
    said = text.replace("Dit overzicht", "Deze samenvatting").replace("dit overzicht", "deze samenvatting")
    return said.replace("een nieuw overzicht", "een nieuwe samenvatting")


def _headline(verdict: Verdict) -> str:
    headline = _HEADLINE[verdict.reason]
    if _has_bad_key(verdict):
        return KEY_REVOKED_BEFORE if verdict.reason is Reason.UNTRUSTED else KEY_REVOKED
    if verdict.content is None or verdict.kind is not VerdictKind.GENUINE:
        return headline
    made, it = formatting.moment(verdict.content.made_at), "Zij" if verdict.summary else "Het"
    return f"{headline} {it} is op {made} gemaakt door {verdict.organisation} en daarna niet veranderd."


def _has_bad_key(verdict: Verdict) -> bool:
    """The key was revoked (not the document alone), and that counts for this file."""
    if verdict.kind is VerdictKind.GENUINE or verdict.revoked_at is None:
        return False
    return verdict.key_revocation is not None or verdict.content is None


def _revocations(verdict: Verdict) -> Iterator[str]:
    key = verdict.key_revocation
    is_listed = isinstance(key, ListedRevocation)
    if verdict.revoked_at is not None:
        is_listed = is_listed or (key is None and verdict.content is None)
        since = "Ingetrokken op" if is_listed or key is None else "Het zegel geldt niet meer vanaf"
        why = _why(verdict.revoked_reason, is_of_certificate=is_listed)
        yield f"{since} {formatting.moment(verdict.revoked_at)}.{why}"
    elif key is not None:
        why = _why(key.reason, is_of_certificate=is_listed)
        since = formatting.moment(key.since)
        yield f"Dit zegel geldt niet meer vanaf {since}.{why} Dit overzicht is aantoonbaar van daarvoor."


def _why(reason: str | None, *, is_of_certificate: bool) -> str:
    if not reason or (is_of_certificate and reason not in _CERTIFICATE_REASONS):
        return ""
    stated = _CERTIFICATE_REASONS[reason] if is_of_certificate else reason
    return f" Reden: {stated.rstrip('. ')}."


def _warnings(verdict: Verdict) -> Iterator[str]:
    yield from _revocations(verdict)
    if verdict.ahead_of_clock:
        yield AHEAD_OF_CLOCK
    if verdict.newer_number is not None:
        yield f"Het nieuwere overzicht heeft nummer {verdict.newer_number}."
    if verdict.content is None:
        return
    if verdict.summary is not None:
        yield NOT_AN_OVERVIEW
    if verdict.kind is VerdictKind.GENUINE and verdict.document is not None:
        said = sentences.completeness(verdict.document.overview)
        yield from said.sentences if said.gaps or not said.is_full else ()
        yield from (
            [_EXPIRED] if verdict.moment_unproven and verdict.reason is not Reason.MOMENT_UNPROVEN else []
        )
    if verdict.kind is VerdictKind.GENUINE:
        yield SNAPSHOT_ONLY
    if any(check.id is CheckId.REVOCATION and check.outcome is Outcome.NOT_DONE for check in verdict.checks):
        yield REVOCATION_UNKNOWN
    if not verdict.register_asked and verdict.reason is not Reason.REVOKED:
        yield REGISTER_NOT_ASKED


def _facts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.organisation:
        yield "Organisatie", verdict.organisation
    if verdict.content is None:
        if verdict.sealed_at:
            yield "Verzegeld op (volgens het bestand)", formatting.moment(verdict.sealed_at)
        return
    if verdict.summary is not None:
        yield "Soort", summary_title(verdict.summary)
    yield "Nummer", verdict.content.number
    yield "Gemaakt op", formatting.moment(verdict.content.made_at)
    if verdict.kind is VerdictKind.GENUINE and verdict.proven_at:
        yield "Tijdstempel: het zegel bestond op", formatting.moment(verdict.proven_at)
    if verdict.document is not None:
        if verdict.kind is VerdictKind.GENUINE:
            yield from _content_facts(verdict.document)
        yield from _source_facts(verdict.document)
    if verdict.summary is not None and verdict.kind is VerdictKind.GENUINE:
        yield from _summary_facts(verdict.summary)
    if verdict.kind is VerdictKind.GENUINE and verdict.control_code:
        yield "Controlecode", verdict.control_code


def _content_facts(document: Recorded) -> Iterator[tuple[str, str]]:
    """Person and amounts: not for what is revoked or unknown to the register, because repeating them lends them weight."""
    overview = document.overview
    yield "Over de persoon met BSN dat eindigt op", document.bsn.last_three
    if document.requested_by is not None:
        who = on_behalf.parties(document.requested_by, document.bsn.last_three)
        yield on_behalf.REQUESTED_BY, f"{who}, met DigiD Machtigen"
    if document.case_reference is not None:
        yield case_words.LABEL, case_words.to_others(document.case_reference)
    yield "Aantal rekeningen", str(len(overview.claims))
    yield "Nog te betalen", formatting.total(overview.balance)
    yield "Waarvan te laat", formatting.total(overview.arrears)


def _summary_facts(summary: Summary) -> Iterator[tuple[str, str]]:
    """Whom it is about, and from which files it was made: no amounts, those are to be looked up in the files."""
    yield "Over de persoon met BSN dat eindigt op", summary.bsn.last_three
    for file in summary.merged.files:
        made = formatting.moment(file.made_at)
        yield f"Bestand {file.number}", f"{file.issuer}, {made}, SHA-256 {', '.join(file.digests)}"


def _source_facts(document: Recorded) -> Iterator[tuple[str, str]]:
    overview = document.overview
    complete = [o for o in overview.outcomes if o.is_full]
    yield "Bronnen met volledig antwoord", _names(complete)
    yield "Bronnen met antwoord dat niet volledig is", _names(overview.partial)
    yield "Bronnen zonder antwoord", _names(overview.missing)
    unconnected = [o for o in overview.outcomes if o.kind is OutcomeKind.NOT_CONNECTED]
    yield "Nog niet aangesloten", _names(unconnected)


def _names(outcomes: tuple[SourceOutcome, ...] | list[SourceOutcome]) -> str:
    return "; ".join(formatting.organisation(o.source.organisation) for o in outcomes) or "geen"
