"""Sharing an overview (the citizen), and opening one that was shared (whoever has the code)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import segno
import structlog
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from app.documents import formatting
from app.http.routes import Pace, Terms
from app.language import N_, _
from app.ports.codes import CodesBusy
from app.ports.register import RegisterUnavailable
from app.ports.shares import Counted, FoundShare, RegisteredOrganisation, ShareState
from app.services.issue import NothingToIssue, SealingFailed
from app.services.share import LONGEST_NAME, Made, TooManyShares, Wish
from app.services.verify import Verdict, VerdictKind
from app.web import arrival, messages
from app.web.access import CitizenView, Pages
from app.web.citizen import Citizen
from app.web.services import SharesOverviews, WebServices
from app.web.share_words import spelled
from app.web.source_states import gaps
from app.web.verdict_page import verdict_page

log = structlog.get_logger(__name__)
# It acts for nobody: whoever has the code may open it.
_OPEN = Terms(Pace.SECRET, own_form=False)
_TRY_AGAIN_S = 10
T = TypeVar("T")
_DOWNLOAD = N_("Download het overzicht hieronder. Daarin staan alle rekeningen.")


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One share as the citizen sees it."""

    share_id: str
    with_whom: str
    number: str
    shared: str
    until: str
    is_open: bool
    ended: str
    openings: tuple[str, ...]
    openings_left: int
    by_log_in: bool


@dataclass(frozen=True)
class SharePages:
    services: WebServices
    shares: SharesOverviews

    @property
    def organisations(self) -> tuple[RegisteredOrganisation, ...]:
        found = self.services.share_organisations
        return () if found is None else tuple(found.organisations.values())

    def register(self, pages: Pages) -> None:
        pages.logged_in("/delen", "share", for_themselves(self.ask))
        pages.logged_in("/delen", "share_now", for_themselves(self.share), "POST")
        pages.logged_in("/delen/<share_id>/stoppen", "share_end", for_themselves(self.end), "POST")
        pages.logged_in("/delen/<share_id>/bewijs", "share_receipt", for_themselves(self.receipt))
        pages.public("/gedeeld", "shared", self.ask_code)
        pages.public("/gedeeld", "shared_open", self.open, "POST", _OPEN)
        for name in ("pdf", "json", "csv"):
            pages.public(f"/gedeeld/{name}", f"shared_{name}", _Download(self.shares, name), "POST", _OPEN)

    def ask(self, citizen: Citizen) -> ResponseReturnValue:
        view = self.services.collections.latest(citizen.owner)
        return render_template(
            "pages/share.html",
            view=view,
            gaps=gaps(view) if view else (),
            limits=self.shares.limits,
            longest=LONGEST_NAME,
            lines=self._lines(citizen),
            organisations=self.organisations,
        )

    def share(self, citizen: Citizen) -> ResponseReturnValue:
        """The collection of the page, so that a tab of an earlier log-in shares nothing of whoever logged in since."""
        made = when_whole(self.services, citizen, lambda collection_id: self._made(collection_id, citizen))
        if isinstance(made, messages.Message):
            return messages.show(made)
        address = f"{self.services.texts.base_address}/gedeeld"
        return render_template(
            "pages/shared_now.html",
            made=made,
            until=formatting.moment(made.expires_at),
            spelled=spelled(made.code),
            address=address,
            link=f"{address}#{made.code}",
            qr=_qr(f"{address}#{made.code}"),
            openings=self.shares.limits.openings,
        )

    def _made(self, collection_id: str, citizen: Citizen) -> Made:
        wish = Wish(request.form.get("met", ""), int(request.form.get("dagen", "")), arrival.case())
        return self.shares.share(collection_id, citizen.owner, citizen.bsn, wish)

    def end(self, citizen: Citizen, share_id: str) -> ResponseReturnValue:
        return messages.show(
            messages.SHARE_ENDED if self.shares.end(share_id, citizen.bsn) else messages.SHARE_UNKNOWN
        )

    def receipt(self, citizen: Citizen, share_id: str) -> ResponseReturnValue:
        """What the citizen agreed to, as a text to keep. Without the code: that stands nowhere."""
        found = next((one for one in self._lines(citizen) if one.share_id == share_id), None)
        if found is None:
            return messages.show(messages.SHARE_UNKNOWN)
        text = render_template("parts/share_receipt.txt", line=found)
        response = Response(text, mimetype="text/plain")
        response.headers["Content-Disposition"] = f'attachment; filename="delen-{found.number}.txt"'
        return response

    def ask_code(self) -> ResponseReturnValue:
        return render_template("pages/shared.html", longest=LONGEST_NAME)

    def open(self) -> ResponseReturnValue:
        """Every code that opens nothing gets the same answer. Judged as any file that somebody brings, because a document may
        have been revoked since; counted after that, so that what fails on our side costs no opening."""
        by = " ".join(request.form.get("naam", "").split())
        if not by or len(by) > LONGEST_NAME or not by.isprintable():
            return messages.show(messages.SHARED_BY_WHOM)
        code = request.form.get("code", "")
        found = _looked_at(lambda: self.shares.find(code))
        if found is None:
            log.info("shared_code_refused")
            return messages.show(messages.SHARED_UNKNOWN)
        judged = found.files.get("pdf") or found.files["json"]
        verdict = self.services.verify.verify(judged.content)
        if verdict.kind is VerdictKind.CANNOT_CHECK:
            log.warning("shared_not_examined", reason=verdict.reason.value)
            return messages.show(messages.SHARED_NOT_NOW)
        counted = self.shares.open(found, by)
        return messages.show(messages.SHARED_UNKNOWN) if counted is None else _shown(found, counted, verdict)

    def _lines(self, citizen: Citizen) -> tuple[ShareLine, ...]:
        now = self.services.clock.now()
        return tuple(_line(one, now) for one in self.shares.of(citizen.bsn))


def _shown(found: FoundShare, counted: Counted, verdict: Verdict) -> ResponseReturnValue:
    """Nothing is handed out that nobody should use; the words about a file that was thrown away are not true of one that is
    kept."""
    page = verdict_page(verdict)
    next_step = _(_DOWNLOAD) if page.is_genuine else page.next_step
    return render_template(
        "pages/shared_open.html",
        page=replace(page, handling="", next_step=next_step),
        may_download=page.is_genuine,
        code=request.form["code"],
        found=found,
        counted=counted,
        until=formatting.moment(found.expires_at),
    )


def when_whole(services: WebServices, citizen: Citizen, share: Callable[[str], T]) -> T | messages.Message:
    """What `share` makes of the collection that the form names, or why nothing is shared."""
    collection_id = request.form.get("ophaling", "")
    view = services.collections.view(collection_id, citizen.owner)
    if view is None:
        return messages.NO_COLLECTION
    if not view.is_finished:
        return messages.SHARE_TOO_EARLY
    try:
        return share(collection_id)
    except ValueError:
        return messages.SHARE_INCOMPLETE
    except TooManyShares:
        return messages.SHARE_TOO_MANY
    except NothingToIssue:
        return messages.NO_COLLECTION
    except (SealingFailed, RegisterUnavailable):
        return messages.SEALING_FAILED


def for_themselves(view: CitizenView) -> CitizenView:
    """Whoever logged in for somebody else shares nothing of theirs, and sees nothing of what they share."""

    def checked(citizen: Citizen, **route_values: str) -> ResponseReturnValue:
        if citizen.acts_for_another:
            return messages.show(messages.SHARE_FOR_ANOTHER)
        return view(citizen, **route_values)

    return checked


@dataclass(frozen=True)
class _Download:
    shares: SharesOverviews
    format_name: str

    def __call__(self) -> ResponseReturnValue:
        code, ticket = request.form.get("code", ""), request.form.get("bon", "")
        found = _looked_at(lambda: self.shares.find_again(code, ticket))
        file = found.files.get(self.format_name) if found else None
        if file is None:
            return messages.show(messages.SHARED_UNKNOWN)
        response = Response(file.content, content_type=file.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response


def _looked_at(look: Callable[[], FoundShare | None]) -> FoundShare | None:
    """Raises ServiceUnavailable: our own limit, so that a flood of codes takes no threads that citizens need."""
    try:
        return look()
    except CodesBusy:
        raise ServiceUnavailable(retry_after=_TRY_AGAIN_S) from None


def _line(share: ShareState, now: datetime) -> ShareLine:
    # After the last opening its files can be downloaded for a moment: there is still something to stop.
    is_open = share.ended_at is None and share.expires_at > now
    ended = share.ended_at or min(share.expires_at, now)
    unknown = _("onbekend")
    return ShareLine(
        share.share_id,
        share.with_whom,
        share.number,
        formatting.moment(share.shared_at),
        formatting.moment(share.expires_at),
        is_open,
        "" if is_open else formatting.moment(ended),
        tuple(f"{formatting.moment(one.at)}: {one.by or unknown}" for one in share.openings),
        share.openings_left,
        share.by_log_in,
    )


def _qr(link: str) -> str:
    """An SVG without styles of its own; what it says stands beside it in words."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        border=4,
        scale=6,
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()
