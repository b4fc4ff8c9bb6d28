"""Downloading the overview as a file, from one frozen moment (see `app.services.issue`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ports.register import RegisterUnavailable
from app.services.collection import CollectionView
from app.services.issue import IssuedFile, NothingToIssue, NotPrintable, SealingFailed
from app.web import messages
from app.web.access import Pages
from app.web.citizen import Citizen, confirm_gaps, has_confirmed_gaps
from app.web.services import WebServices
from app.web.source_states import gaps

FORMATS = ("pdf", "json", "csv")


def register(services: WebServices, pages: Pages) -> None:
    for name in FORMATS:
        pages.logged_in(f"/overzicht/{name}", name, Download(services, name, is_confirmed=False))
        confirmed = Download(services, name, is_confirmed=True)
        pages.logged_in(f"/overzicht/{name}", f"{name}_confirmed", confirmed, method="POST")


@dataclass(frozen=True)
class Download:
    """One file of the collection that the page shows (`ophaling`), or of the newest. A page that is still open from
    an earlier log-in names a collection that this session does not own, so it gives nothing of whoever logged in since.
    When sources are missing it asks once whether the citizen wants it so."""

    services: WebServices
    format_name: str
    is_confirmed: bool

    def __call__(self, citizen: Citizen) -> ResponseReturnValue:
        if _was_sent_by_another_site():
            return redirect(url_for("web.overview"))
        shown = request.args.get("ophaling")
        collections = self.services.collections
        view = collections.view(shown, citizen.owner) if shown else collections.latest(citizen.owner)
        if view is None:
            return (
                messages.show(messages.NO_COLLECTION)
                if shown
                else render_template("pages/nothing_gathered.html")
            )
        missing = gaps(view)
        if missing and not self._may_leave_out(view, tuple(gap.source_id for gap in missing)):
            return render_template(
                "pages/download_partial.html",
                gaps=missing,
                format_name=self.format_name,
                collection_id=view.collection_id,
            )
        return self._hand_out(citizen, view.collection_id)

    def _may_leave_out(self, view: CollectionView, missing: tuple[str, ...]) -> bool:
        if self.is_confirmed:
            confirm_gaps(view.collection_id, missing)
        return has_confirmed_gaps(view.collection_id, missing)

    def _hand_out(self, citizen: Citizen, collection_id: str) -> ResponseReturnValue:
        try:
            issued = self.services.issue.issue(collection_id, citizen.owner, citizen.person, self.format_name)
        except NothingToIssue:
            return messages.show(messages.NO_COLLECTION)
        except NotPrintable:
            return messages.show(messages.NOT_PRINTABLE)
        except (SealingFailed, RegisterUnavailable):
            return messages.show(messages.SEALING_FAILED)
        return _attachment(issued)


def _was_sent_by_another_site() -> bool:
    """A first download writes rows; only a press on our own page, or an address that somebody typed, does that (W3C Fetch
    Metadata; ASVS 5.0, 3.5.3). Browsers that do not tell are let through."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def _attachment(issued: IssuedFile) -> Response:
    """`filename` holds the document number only, so it needs no quoting."""
    response = Response(issued.content, mimetype=issued.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{issued.filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response
