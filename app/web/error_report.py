""" "Klopt er iets niet?": a citizen reports that something about a claim is wrong, and sees what became of that."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.documents.versions import Versions
from app.language import _
from app.ports.error_reports import KnownReport, Reason
from app.services.collection import CollectionView
from app.services.error_reports import (
    LONGEST_TEXT,
    ClaimPlace,
    NothingToReport,
    TooManyReports,
    Wish,
    claim_id_of,
    find_claim,
    is_about,
    is_form_key,
    whom_to_call,
)
from app.web import messages
from app.web.access import CitizenView, Pages
from app.web.citizen import Citizen
from app.web.claim_card import claim_card
from app.web.error_report_words import REASONS, ReportHint, line_of, lines_of
from app.web.services import WebServices
from claims.overview import ReportedClaim

_PLACE = "/overzicht/melden/<collection_id>/<claim_id>"
_CHANGE, _SEND = "aanpassen", "versturen"


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was filled in. `problem`: what is missing, or empty."""

    form_key: str = field(repr=False)
    reason: str = ""
    text: str = field(default="", repr=False)
    problem: str = ""


@dataclass(frozen=True)
class ErrorReportPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.logged_in(_PLACE, "report", _for_themselves(self.ask))
        pages.logged_in(_PLACE, "report_step", _for_themselves(self.step), "POST")
        pages.logged_in("/meldingen/<report_id>", "reported", _for_themselves(self.show))

    def ask(self, citizen: Citizen, collection_id: str, claim_id: str) -> ResponseReturnValue:
        return self._form(ClaimPlace(collection_id, citizen.owner, claim_id), Filled(secrets.token_hex(16)))

    def step(self, citizen: Citizen, collection_id: str, claim_id: str) -> ResponseReturnValue:
        """First shown again to look over, then sent; or back to change it."""
        place, step = ClaimPlace(collection_id, citizen.owner, claim_id), request.form.get("stap", "")
        filled = _filled()
        try:
            wish = Wish(Reason(filled.reason), filled.text, filled.form_key)
        except ValueError:
            return self._form(place, _explained(filled), 400)
        if step == _CHANGE:
            return self._form(place, filled)
        if step != _SEND:
            return self._page("pages/report_review.html", place, filled)
        try:
            report_id = self.services.reports.report(place, citizen.bsn, wish)
        except NothingToReport:
            return messages.show(messages.REPORT_NOTHING)
        except TooManyReports:
            return messages.show(messages.REPORT_TOO_MANY)
        return redirect(url_for("web.reported", report_id=report_id), 303)

    def show(self, citizen: Citizen, report_id: str) -> ResponseReturnValue:
        """A report of this citizen, also of an earlier log-in."""
        known = self.services.reports.of(citizen.bsn)
        found = next((one for one in known if one.report_id == report_id), None)
        if found is None:
            return messages.show(messages.REPORT_UNKNOWN)
        return render_template("pages/reported.html", line=line_of(found))

    def _form(self, place: ClaimPlace, filled: Filled, status: int = 200) -> ResponseReturnValue:
        return self._page("pages/report.html", place, filled, status)

    def _page(
        self, template: str, place: ClaimPlace, filled: Filled, status: int = 200
    ) -> ResponseReturnValue:
        view = self.services.collections.view(place.collection_id, place.owner)
        claim = None if view is None else find_claim(view, place.claim_id)
        source = None if claim is None else self.services.reports.receiver_of(claim)
        if view is None or claim is None or source is None:
            return messages.show(messages.REPORT_NOTHING)
        call, phones = whom_to_call(claim)
        page = render_template(
            template,
            place=place,
            filled=filled,
            card=claim_card(claim, 1, self._today, Versions(view.overview)),
            receiver=formatting.organisation(source.organisation),
            call=call,
            phones=phones,
            objection_until=_objection(claim),
            reasons={reason: _(words) for reason, words in REASONS.items()},
            longest=LONGEST_TEXT,
        )
        return page, status

    @property
    def _today(self) -> date:
        return formatting.in_amsterdam(self.services.clock.now()).date()


@dataclass(frozen=True)
class Hints:
    """What the cards of one overview say about reporting. Nothing about reports for who looks on behalf of another."""

    services: WebServices
    citizen: Citizen
    view: CollectionView

    def of_each(self) -> dict[str, ReportHint]:
        """By id of the claim."""
        known = self._known()
        hints = (self._of(claim, known) for claim in self.view.overview.reported)
        return {hint.claim_id: hint for hint in hints}

    def of(self, claim: ReportedClaim) -> ReportHint:
        return self._of(claim, self._known())

    def _known(self) -> tuple[KnownReport, ...]:
        return () if self.citizen.acts_for_another else self.services.reports.of(self.citizen.bsn)

    def _of(self, claim: ReportedClaim, known: tuple[KnownReport, ...]) -> ReportHint:
        call, phones = whom_to_call(claim)
        return ReportHint(
            collection_id=self.view.collection_id,
            claim_id=claim_id_of(self.view.collection_id, claim),
            receiver=self._receiver(claim),
            call=call,
            phones=phones,
            earlier=lines_of([one for one in known if is_about(one, claim)]),
        )

    def _receiver(self, claim: ReportedClaim) -> str:
        source = None if self.citizen.acts_for_another else self.services.reports.receiver_of(claim)
        return "" if source is None else formatting.organisation(source.organisation)


def _for_themselves(view: CitizenView) -> CitizenView:
    """Nobody reports in the name of another (decision 33)."""

    def checked(citizen: Citizen, **route_values: str) -> ResponseReturnValue:
        if citizen.acts_for_another:
            return messages.show(messages.REPORT_FOR_ANOTHER)
        return view(citizen, **route_values)

    return checked


def _filled() -> Filled:
    form = request.form
    return Filled(form.get("formulier", ""), form.get("reden", ""), _plain(form.get("toelichting", "")))


def _plain(typed: str) -> str:
    """Without what cannot be seen; lines stay lines. The citizen sees the result before it is sent."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()


def _explained(filled: Filled) -> Filled:
    """What the citizen must do; also for a form that no page of ours made."""
    key = filled.form_key if is_form_key(filled.form_key) else secrets.token_hex(16)
    if filled.reason not in {reason.value for reason in Reason}:
        problem = _("Kies wat er niet klopt.")
    elif len(filled.text) > LONGEST_TEXT:
        problem = _("Uw uitleg is te lang. Gebruik ten hoogste %(number)s tekens.", number=LONGEST_TEXT)
    else:
        problem = _("Schrijf kort wat er niet klopt.")
    return Filled(key, filled.reason, filled.text, problem)


def _objection(claim: ReportedClaim) -> str:
    until = claim.claim.objection_until_on
    return "" if until is None else formatting.day(until)
