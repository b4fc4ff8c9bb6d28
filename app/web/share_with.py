"""Sharing an overview with a registered organisation, whose employees log in to find it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.ports.shares import NewShare, RegisteredOrganisation
from app.services.share import LONGEST_NAME
from app.services.share_organisations import OrganisationWish
from app.web import arrival, messages
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.services import SharesOverviews, SharesWithOrganisations, WebServices
from app.web.share import for_themselves, when_whole
from app.web.source_states import gaps

_ADDRESS = "/delen/met/<organisation_id>"


@dataclass(frozen=True)
class ShareWithPages:
    services: WebServices
    shares: SharesOverviews
    organisations: SharesWithOrganisations

    def register(self, pages: Pages) -> None:
        pages.logged_in(_ADDRESS, "ask_share_with", for_themselves(self.ask))
        pages.logged_in(_ADDRESS, "share_with", for_themselves(self.share), "POST")

    def ask(self, citizen: Citizen, organisation_id: str) -> ResponseReturnValue:
        organisation = self._organisation(organisation_id)
        view = self.services.collections.latest(citizen.owner)
        if view is None:
            return messages.show(messages.NO_COLLECTION)
        return render_template(
            "pages/share_with.html",
            organisation=organisation,
            view=view,
            gaps=gaps(view),
            limits=self.shares.limits,
            longest=LONGEST_NAME,
        )

    def share(self, citizen: Citizen, organisation_id: str) -> ResponseReturnValue:
        organisation = self._organisation(organisation_id)

        def with_them(collection_id: str) -> NewShare:
            days = int(request.form.get("dagen", ""))
            wish = OrganisationWish(organisation, request.form.get("kenmerk", ""), days, arrival.case())
            return self.organisations.share(collection_id, citizen.owner, citizen.bsn, wish)

        made = when_whole(self.services, citizen, with_them)
        if isinstance(made, messages.Message):
            return messages.show(made)
        return render_template(
            "pages/shared_with.html",
            organisation=organisation,
            made=made,
            until=formatting.moment(made.expires_at),
        )

    def _organisation(self, organisation_id: str) -> RegisteredOrganisation:
        return self.organisations.organisations.get(organisation_id) or abort(404)
