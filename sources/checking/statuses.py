"""What a status means for whoever connects a source. Only the number is told, never a text of the source."""

from __future__ import annotations

from sources.checking.steps import Found, fails
from sources.config import SourceConfig
from sources.transport.http import Question
from sources.transport.watching import AnswerHead

_ACCESS = frozenset({401, 403, 407})
_NOT_THERE = frozenset({404, 410})
_NOT_THIS_WAY = frozenset({405, 406, 411, 414, 415, 501})
_LATER = frozenset({408, 425, 429, 503})
# What a source may well say to a question about nobody.
_EMPTY_QUESTION = frozenset({400, 415, 422, 500})


def judge_status(head: AnswerHead, question: Question, *, about_somebody: bool) -> Found | None:
    """None: this step holds; who may ask is judged apart."""
    status = head.status
    as_agreed = status in question.statuses and head.media_type in question.media_types
    if status == 200 or status in _ACCESS or as_agreed:
        return None
    if not about_somebody and status in _EMPTY_QUESTION:
        return None
    text, advice = _meaning(status)
    return fails(text + _gateway(head), advice)


def _gateway(head: AnswerHead) -> str:
    """A gateway for Federated Service Connectivity says so itself when it, and not the source, refuses."""
    return f" (zegt de gateway: {head.gateway_error})" if head.gateway_error else ""


def _meaning(status: int) -> tuple[str, str]:
    if 300 <= status < 400:
        return (
            f"status {status}: de bron stuurt door naar een ander adres",
            "Zet het uiteindelijke adres in url: wij volgen geen doorverwijzingen, ook niet naar een inlogpagina.",
        )
    if status in _NOT_THERE:
        return (f"status {status}: dit adres is er niet", "Kijk het pad in url na, met hoofdletters en al.")
    if status in _NOT_THIS_WAY:
        return (f"status {status}: op dit adres werkt een andere dienst", "Kijk protocol en url na.")
    if status in _LATER:
        return (
            f"status {status}: nu even niet",
            "Probeer het later; blijft het zo, vraag de bron naar haar grenzen.",
        )
    if status >= 500:
        return (
            f"status {status}: storing bij de bron",
            "Vraag de bron wat haar logboek bij deze vraag zegt.",
        )
    return (
        f"status {status}: de bron kan niets met onze vraag",
        "Vergelijk de instellingen van het protocol (versie, namen, kopregels) met de beschrijving van de bron.",
    )


def judge_access(head: AnswerHead | None, config: SourceConfig) -> Found | None:
    if head is None or head.status not in _ACCESS:
        return None
    gateway = _gateway(head)
    if head.status == 403:
        return fails(
            f"status 403: de bron weet wie wij zijn en weert ons, of de testpersoon{gateway}",
            "Vraag de bron ons OIN voor deze dienst toe te laten.",
        )
    return fails(
        f"status {head.status}: de bron weet niet wie wij zijn{gateway}",
        f"Kijk na of {_means(config)} bij de bron bekend is.",
    )


def _means(config: SourceConfig) -> str:
    if config.api_key_file is not None:
        return f"de sleutel in api_key_file, in kopregel {config.api_key_header},"
    if config.basic_file is not None:
        return "de naam met wachtwoord in basic_file"
    if config.oauth is not None:
        return "het toegangstoken (oauth: client_id, scope, audience)"
    return "ons certificaat (client_certificate_file, met ons OIN)"
