"""What the counsellor's desk shows: verdicts, and claims per creditor, with what differs side by side."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents import case_words, formatting, labels, sentences
from app.documents import summary_rows as rows
from app.documents import versions as side_by_side
from app.documents.summary_json import NOT_AN_OVERVIEW, Summary, notes, title
from app.documents.versions import Versions
from app.language import N_, _
from app.language.stated import Stated, in_a_row
from app.services.desk import DeskView
from app.services.desk_record import FileLine
from app.services.merge import Refusal
from app.web.facts import Fact
from app.web.source_states import Tone
from app.web.verdict_page import TONES
from claims.merged import EarlierClaim, Merged
from claims.money import ZERO
from claims.newest import moment
from claims.outcome import SourceOutcome
from claims.overview import ReportedClaim, balance_to_show, creditor_key

_REFUSED = {
    Refusal.NOTHING_GENUINE: (
        N_("Er is geen overzicht om samen te voegen"),
        N_("Wij voegen alleen bestanden samen die echt zijn. Per bestand ziet u hieronder wat u kunt doen."),
    ),
    Refusal.DIFFERENT_PERSONS: (
        N_("Deze bestanden gaan niet over dezelfde persoon"),
        N_(
            "Daarom voegen wij niets samen. Bij elk bestand ziet u hoe het burgerservicenummer eindigt. Kies opnieuw, van "
            "één persoon. Helpt u partners? Maak dan twee samenvattingen. Een gezamenlijke rekening staat in allebei: tel die "
            "één keer."
        ),
    ),
    Refusal.PERSON_UNKNOWN: (
        N_("Van een bestand is niet zeker over wie het gaat"),
        N_("Daarom voegen wij niets samen. Controleer de bestanden een voor een."),
    ),
    Refusal.NOT_NOW: (
        N_("Een samenvatting maken lukt nu niet"),
        N_("Hieronder ziet u wel de uitslag per bestand."),
    ),
}

# The same when files were to be added: the summary of before is still there.
_NOT_ADDED = {
    Refusal.DIFFERENT_PERSONS: N_("Deze bestanden gaan over een andere persoon dan uw samenvatting"),
    Refusal.PERSON_UNKNOWN: N_("Van een bestand is niet zeker over wie het gaat"),
    Refusal.NOT_NOW: N_("Een samenvatting maken lukt nu niet"),
}
_STILL_THERE = N_(
    "Daarom hebben wij niets toegevoegd. De samenvatting die u had, is er nog, en is niet veranderd."
)


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One file. `tone` as on the page of one verdict."""

    name: str
    tone: Tone
    word: str
    detail: str
    is_merged: bool


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """`differing`: what each source says, where they contradict each other. `before`: older versions. `joint`: a partner owes
    all of it too."""

    title: str
    reference: str
    status: str
    due: str
    balance_label: str
    balance: str
    late: str
    told_by: str
    at: str
    differing: tuple[str, ...] = ()
    before: str = ""
    joint: str = ""


@dataclass(frozen=True, slots=True)
class CreditorPart:
    name: str
    balance: str
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    result: str
    at: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """`notes` stand above every total. Without a summary `heading` and `explanation` say why there is none.
    `number`: of the summary, for its downloads. `pairs`: some overview came in more than one file. `until`: the time at
    which it is gone. `may_add`: more files can come; `was_kept`: files were refused, and the summary of before is still there.
    `status`: the HTTP status code; an error when a summary should have been made, and was not."""

    heading: str
    explanation: str
    files: tuple[VerdictLine, ...]
    has_summary: bool
    number: str = ""
    pairs: bool = False
    until: str = ""
    may_add: bool = False
    was_kept: bool = False
    status: int = 200
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    creditors: tuple[CreditorPart, ...] = ()
    gone: tuple[ClaimLine, ...] = ()
    sources: tuple[SourceLine, ...] = ()


def desk_page(view: DeskView) -> DeskPage:
    files = tuple(map(_file, view.files))
    if view.summary is None:
        heading, explanation = _refused(view)
        return DeskPage(
            heading=heading,
            explanation=explanation,
            files=files,
            has_summary=False,
            was_kept=view.was_kept,
            status=503 if view.refusal is Refusal.NOT_NOW else 200,
        )
    merged = view.summary.merged
    return DeskPage(
        heading=title(view.summary),
        explanation=_(NOT_AN_OVERVIEW),
        files=tuple(sorted(files, key=lambda file: file.is_merged)),  # what is not in it first
        has_summary=True,
        pairs=sum(file.is_merged for file in files) > len(merged.files),
        number=view.summary.number,
        until="" if view.until is None else formatting.hour_and_minute(view.until),
        may_add=view.may_add,
        notes=notes(view.summary),
        facts=tuple(_facts(view.summary)),
        creditors=tuple(_creditors(merged)),
        gone=tuple(map(_gone, merged.gone)),
        sources=tuple(_source(merged, outcome) for outcome in merged.overview.outcomes),
    )


def _refused(view: DeskView) -> tuple[str, str]:
    """Heading and explanation."""
    why = view.refusal or Refusal.NOTHING_GENUINE
    if view.was_kept and why in _NOT_ADDED:
        return _(_NOT_ADDED[why]), _(_STILL_THERE)
    heading, explanation = _REFUSED[why]
    return _(heading), _(explanation)


def _file(line: FileLine) -> VerdictLine:
    return VerdictLine(
        line.name or _("bestand zonder naam"),
        TONES[line.verdict],
        _(line.verdict.word),
        _detail(line),
        line.is_merged,
    )


def _detail(line: FileLine) -> str:
    told = [_said(line)]
    if line.person:
        told.append(_("Het burgerservicenummer eindigt op %(digits)s.", digits=line.person))
    if line.case:
        told.append(_("Zaaknummer: %(case)s", case=case_words.stated_to_others(line.case)))
    return in_a_row(told)


def _said(line: FileLine) -> str:
    """Short where nothing is wrong: there may be twenty."""
    if line.is_plain:
        made, organisation = formatting.moment(line.gist.made_at), Stated(line.gist.organisation)
        return _("Gemaakt op %(moment)s door %(organisation)s.", moment=made, organisation=organisation)
    return line.words


def _facts(summary: Summary) -> list[Fact]:
    merged = summary.merged
    return [
        Fact(_("Over de persoon met BSN dat eindigt op"), summary.bsn.last_three),
        Fact(_(labels.BALANCE), formatting.total(merged.balance)),
        Fact(_(labels.ARREARS), formatting.total(merged.arrears)),
        Fact(_("Aantal rekeningen"), str(len(merged.overview.claims))),
        Fact(_("Nummer van deze samenvatting"), summary.number, is_code=True),
        Fact(_("Gemaakt op"), formatting.moment(summary.made_at)),
    ]


def _creditors(merged: Merged) -> list[CreditorPart]:
    said, at = Versions(merged.overview), rows.moments(merged)
    parts: dict[tuple[str, str], list[ClaimLine]] = {}
    for one in merged.overview.reported:
        newest = formatting.moment(max(at[source.source_id] for source in one.sources))
        line = _claim(one, newest, tuple(map(side_by_side.line, said.of(one))), rows.earlier(merged, one))
        parts.setdefault(creditor_key(one.claim.creditor), []).append(line)
    names = sentences.creditor_labels(merged.overview)
    totals = (formatting.total(one.balance) for one in merged.per_organisation)
    return [
        CreditorPart(name, total, tuple(lines))
        for name, total, lines in zip(names, totals, parts.values(), strict=True)
    ]


def _gone(one: EarlierClaim) -> ClaimLine:
    return _claim(ReportedClaim(one.claim, (one.source,)), formatting.moment(one.said_at), (), "")


def _claim(one: ReportedClaim, at: str, differing: tuple[str, ...], before: str) -> ClaimLine:
    claim = one.claim
    shown = balance_to_show(claim)
    is_back = shown is not None and shown < ZERO
    name = sentences.claim_title(claim)
    if claim.creditor.department:
        name = f"{name} ({claim.creditor.department})"
    return ClaimLine(
        title=name,
        reference=claim.reference,
        status=_(labels.STATUS[sentences.shown_status(claim)]),
        due=sentences.due_words(claim),
        balance_label=_(labels.OVERPAID if is_back else labels.BALANCE),
        balance=formatting.money(-shown if shown is not None and is_back else shown),
        late=formatting.arrears(claim.arrears),
        told_by=sentences.reported_by(one),
        at=at,
        differing=differing,
        before=before,
        joint=_(labels.JOINT_TITLE) if claim.joint else "",
    )


def _source(merged: Merged, outcome: SourceOutcome) -> SourceLine:
    return SourceLine(
        formatting.organisation(outcome.source.organisation),
        sentences.source_result(outcome),
        formatting.moment(moment(outcome)),
        rows.source_remark(merged, outcome),
    )
