"""Downloading the overview as a file, from one frozen moment (see `app.services.issue`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import language
from app.ports.register import RegisterUnavailable
from app.services.collection import CollectionView
from app.services.issue import IssuedFile, NothingToIssue, NotPrintable, SealingFailed, Wanted
from app.web import arrival, messages
from app.web.access import Pages
from app.web.citizen import Citizen, confirm_gaps, has_confirmed_gaps
from app.web.services import WebServices
from app.web.source_states import gaps

FORMATS = ("pdf", "json", "csv")


def register(services: WebServices, pages: Pages) -> None:
    for name in FORMATS:
        download = Download(services, name)
        pages.logged_in(f"/overzicht/{name}", name, download.file)
        pages.logged_in(f"/overzicht/{name}", f"{name}_confirmed", download.confirm, method="POST")
        pages.logged_in(f"/overzicht/{name}/klaar", f"{name}_done", download.done)


@dataclass(frozen=True)
class Download:
    """One file of the collection that the page shows (`ophaling`), or of the newest. A page that is still open from
    an earlier log-in names a collection that this session does not own, so it gives nothing of whoever logged in since.
    When sources are missing it asks once whether the citizen wants it so."""

    services: WebServices
    format_name: str

    def file(self, citizen: Citizen) -> ResponseReturnValue:
        if _was_sent_by_another_site():
            return redirect(url_for("web.overview"))
        return self._when_ready(citizen, lambda view: self._hand_out(citizen, view.collection_id))

    def done(self, citizen: Citizen) -> ResponseReturnValue:
        """The page that fetches the file by itself and says where it is, what to do with it and whom to give it."""
        return self._when_ready(citizen, lambda view: self._page("pages/download_done.html", view))

    def confirm(self, citizen: Citizen) -> ResponseReturnValue:
        """The citizen wants it although some sources did not answer."""
        view = self._view(citizen)
        if view is None:
            return messages.show(messages.NO_COLLECTION)
        confirm_gaps(view.collection_id, _missing(view))
        return redirect(url_for(f"web.{self.format_name}_done", ophaling=view.collection_id), 303)

    def _view(self, citizen: Citizen) -> CollectionView | None:
        shown, collections = request.args.get("ophaling"), self.services.collections
        return collections.view(shown, citizen.owner) if shown else collections.latest(citizen.owner)

    def _when_ready(
        self, citizen: Citizen, show: Callable[[CollectionView], ResponseReturnValue]
    ) -> ResponseReturnValue:
        """Or what to show when there is no file to give, or not yet."""
        view = self._view(citizen)
        if view is None and request.args.get("ophaling"):
            return messages.show(messages.NO_COLLECTION)
        if view is None:
            return render_template("pages/nothing_gathered.html")
        missing = _missing(view)
        if missing and not has_confirmed_gaps(view.collection_id, missing):
            return self._page("pages/download_partial.html", view)
        return show(view)

    def _page(self, template: str, view: CollectionView) -> str:
        kind = self.format_name
        return render_template(template, gaps=gaps(view), format_name=kind, collection_id=view.collection_id)

    def _hand_out(self, citizen: Citizen, collection_id: str) -> ResponseReturnValue:
        try:
            wanted = Wanted(self.format_name, language.current())
            issued = self.services.issue.issue(
                collection_id, citizen.owner, citizen.person, wanted, arrival.case()
            )
        except NothingToIssue:
            return messages.show(messages.NO_COLLECTION)
        except NotPrintable:
            return messages.show(messages.NOT_PRINTABLE)
        except (SealingFailed, RegisterUnavailable):
            return messages.show(messages.SEALING_FAILED)
        return _attachment(issued)


def _missing(view: CollectionView) -> tuple[str, ...]:
    return tuple(gap.source_id for gap in gaps(view))


def _was_sent_by_another_site() -> bool:
    """A first download writes rows; only a press on our own page, or an address that somebody typed, does that (W3C Fetch
    Metadata; ASVS 5.0, 3.5.3). Browsers that do not tell are let through."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def _attachment(issued: IssuedFile) -> Response:
    """`filename` holds the document number only, so it needs no quoting."""
    response = Response(issued.content, content_type=issued.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{issued.filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response
