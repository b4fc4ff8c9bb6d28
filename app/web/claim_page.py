"""One claim on a page of its own: build-up, history and what to do now, all unfolded.

Its address holds two random-looking names, of the collection and of the claim in it, that say nothing without the session
that gathered them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.documents.versions import Versions
from app.services.collection import CollectionView
from app.services.error_reports import find_claim
from app.web import messages
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.claim_card import ClaimCard, claim_card, is_asked_again
from app.web.error_report import Hints
from app.web.services import WebServices
from claims.overview import ReportedClaim, sort_by_urgency


@dataclass(frozen=True)
class ClaimPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.logged_in("/overzicht/rekening/<collection_id>/<claim_id>", "claim", self.show)

    def show(self, citizen: Citizen, collection_id: str, claim_id: str) -> ResponseReturnValue:
        """A claim of an earlier answer, or of somebody else's collection, is not there."""
        view = self.services.collections.view(collection_id, citizen.owner)
        if view is None:
            return messages.show(messages.NO_COLLECTION)
        claim = find_claim(view, claim_id)
        if claim is None:
            return messages.show(messages.CLAIM_GONE)
        return render_template("pages/claim.html", card=self._card(citizen, view, claim))

    def _card(self, citizen: Citizen, view: CollectionView, claim: ReportedClaim) -> ClaimCard:
        today = formatting.in_amsterdam(self.services.clock.now()).date()
        number = sort_by_urgency(view.overview.reported, today).index(claim) + 1  # as on the overview
        asked_again = is_asked_again(claim, view.pending)
        card = claim_card(claim, number, today, Versions(view.overview), asked_again=asked_again)
        return replace(card, report=Hints(self.services, citizen, view).of(claim))
