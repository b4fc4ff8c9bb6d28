"""A verdict as a page: its words come from `app.services.verdict_text`, so that the command line says the same."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents import formatting, sentences
from app.language import N_, _
from app.services.verdict_text import SNAPSHOT_ONLY, describe, is_about_sources, is_code
from app.services.verify import Reason, Verdict, VerdictKind
from app.web.facts import Fact
from app.web.source_states import Tone
from claims.outcome import SourceOutcome

TONES = {
    VerdictKind.GENUINE: Tone.SUCCESS,
    VerdictKind.ALTERED: Tone.DANGER,
    VerdictKind.NOT_OURS: Tone.DANGER,
    VerdictKind.CANNOT_CHECK: Tone.WARNING,
}
_REMARKS = frozenset({Reason.SUPERSEDED, Reason.MOMENT_UNPROVEN})
_APART = N_("Wij hebben het bestand apart van andere bestanden bekeken en daarna weggegooid.")
# By whether the file was cut off from the network, and from other files.
_CUT_OFF = {
    (True, True): N_(
        "Het bestand kon tijdens de controle geen verbinding maken met internet, en geen andere bestanden lezen."
    ),
    (False, True): N_(
        "Let op: wij konden niet afdwingen dat het bestand tijdens de controle geen verbinding met internet maakt. "
        "De uitslag verandert daar niet door."
    ),
    (True, False): N_(
        "Let op: wij konden niet afdwingen dat het bestand tijdens de controle geen andere bestanden leest. "
        "De uitslag verandert daar niet door."
    ),
    (False, False): N_(
        "Let op: wij konden niet afdwingen dat het bestand tijdens de controle geen verbinding met internet maakt en geen "
        "andere bestanden leest. De uitslag verandert daar niet door."
    ),
}
_COMPARE_SUMMARY = N_("Vergelijk de gegevens hieronder met de samenvatting die u voor u hebt.")
_COMPARE = N_("Vergelijk de gegevens hieronder met het overzicht dat u voor u hebt.")


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictPage:
    """`sources` only where the content may be relied on. What "echt" does not mean has a section of its own.
    `handling`: how the file itself was looked at; may be empty."""

    tone: Tone
    heading: str
    explanation: str
    next_step: str
    warnings: tuple[str, ...]
    facts: tuple[Fact, ...]
    sources: tuple[SourceLine, ...]
    is_genuine: bool
    is_summary: bool
    handling: str


def verdict_page(verdict: Verdict) -> VerdictPage:
    text = describe(verdict)
    heading, _stop, explanation = text.headline.partition(". ")
    is_genuine = verdict.kind is VerdictKind.GENUINE
    outcomes = verdict.document.overview.outcomes if verdict.document and is_genuine else ()
    return VerdictPage(
        tone=Tone.WARNING if verdict.reason in _REMARKS else TONES[verdict.kind],
        heading=heading.removesuffix("."),
        explanation=explanation,
        next_step=text.next_step or _(_COMPARE if verdict.summary is None else _COMPARE_SUMMARY),
        warnings=tuple(warning for warning in text.warnings if warning != _(SNAPSHOT_ONLY)),
        facts=tuple(
            Fact(label, value, is_code=is_code(label))
            for label, value in text.facts
            if not (is_genuine and is_about_sources(label))  # these stand in a list of their own
        ),
        sources=tuple(map(_source, outcomes)),
        is_genuine=is_genuine,
        is_summary=verdict.summary is not None,
        handling=_handling(verdict),
    )


def _handling(verdict: Verdict) -> str:
    """What happened to the file itself, for whoever wonders. Nothing about a network when no process of its own read it."""
    if verdict.network_cut_off is None:
        return ""
    return f"{_(_APART)} {_(_CUT_OFF[verdict.network_cut_off, bool(verdict.files_cut_off)])}"


def _source(outcome: SourceOutcome) -> SourceLine:
    return SourceLine(formatting.organisation(outcome.source.organisation), sentences.source_result(outcome))
