"""The pages of a logged-in citizen: progress, asking again and the overview."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.routes import Pace, Terms
from app.services.collection import CollectionView
from app.web import messages
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.error_report import Hints
from app.web.overview_page import overview_page
from app.web.progress_state import progress_state
from app.web.services import WebServices

_PAUSE_SECONDS = 0.2
_ASK_ALL = Terms(Pace.LOG_IN)  # as a log-in does


@dataclass(frozen=True)
class OverviewPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.logged_in("/ophalen", "gather", self.gather, method="POST", terms=_ASK_ALL)
        pages.logged_in("/ophalen/<collection_id>", "progress", self.progress)
        pages.logged_in("/ophalen/<collection_id>/<source_id>", "retry", self.retry, method="POST")
        pages.logged_in("/overzicht", "overview", self.overview)

    def gather(self, citizen: Citizen) -> ResponseReturnValue:
        """Ask every source anew, for a citizen whose collection has been deleted or is old. While they are still being asked,
        a press leads to what is being gathered: one person must not make us flood the sources."""
        latest = self.services.collections.latest(citizen.owner)
        if latest is not None and latest.pending:
            return redirect(url_for("web.progress", collection_id=latest.collection_id), 303)
        collection_id = self.services.collections.start(citizen.owner, citizen.person)
        return redirect(url_for("web.progress", collection_id=collection_id), 303)

    def progress(self, citizen: Citizen, collection_id: str) -> ResponseReturnValue:
        """Every source with its state; moves on to the overview as soon as that may be shown. Without JavaScript no
        sign follows; with it, the stream gives one at once."""
        self.services.collections.attend(collection_id, citizen.owner, citizen.person, None)
        view = self._wait(collection_id, citizen.owner)
        if view is None:
            return messages.show(messages.NO_COLLECTION)
        if view.may_show:
            return redirect(url_for("web.overview"), 303)
        return render_template(
            "pages/progress.html", collection_id=collection_id, progress=progress_state(view)
        )

    def retry(self, citizen: Citizen, collection_id: str, source_id: str) -> ResponseReturnValue:
        """Ask one source again; a second press while it is being asked changes nothing."""
        collections = self.services.collections
        if collections.view(collection_id, citizen.owner) is None:
            return messages.show(messages.NO_COLLECTION)
        collections.retry(collection_id, citizen.owner, source_id, citizen.person)
        return redirect(url_for("web.progress", collection_id=collection_id), 303)

    def overview(self, citizen: Citizen) -> ResponseReturnValue:
        view = self._latest(citizen)
        if view is None:
            return render_template("pages/nothing_gathered.html")
        if not view.may_show:
            return redirect(url_for("web.progress", collection_id=view.collection_id))
        today = formatting.in_amsterdam(self.services.clock.now()).date()
        hints = Hints(self.services, citizen, view).of_each()
        grouped = request.args.get("volgorde") == "organisatie"
        page = overview_page(view, citizen, today, hints, by_organisation=grouped)
        return render_template("pages/overview.html", page=page)

    def _latest(self, citizen: Citizen) -> CollectionView | None:
        """Whoever comes back to a collection that was given up halfway finds it being gathered again."""
        collections = self.services.collections
        view = collections.latest(citizen.owner)
        if view is None or not (view.overview.missing or view.pending):
            return view
        collections.attend(view.collection_id, citizen.owner, citizen.person, None)
        return collections.latest(citizen.owner)

    def _wait(self, collection_id: str, owner: str) -> CollectionView | None:
        """The collection, as soon as everybody has answered or after the time that one request may wait."""
        waits = int(self.services.progress_wait_seconds / _PAUSE_SECONDS)
        look = self.services.collections.follow(collection_id, owner)
        for _ in range(waits):
            view = look()
            if view is None or view.is_finished:
                return view
            time.sleep(_PAUSE_SECONDS)
        return look()
