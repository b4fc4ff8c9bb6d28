"""What citizens shared with the organisation of who is logged in: the list, and one of them with its verdict and files."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.counsel import messages
from app.counsel.access import Pages
from app.counsel.services import CounselServices
from app.documents import formatting
from app.ports.shares import Counted, FoundShare, ListedShare
from app.services.counsel import Counsellor
from app.services.verify import Verdict, VerdictKind
from app.web.verdict_page import verdict_page

log = structlog.get_logger(__name__)
_DOWNLOAD = "Download het overzicht hieronder. Daarin staan alle rekeningen."
FORMATS = ("pdf", "json", "csv")


@dataclass(frozen=True, slots=True)
class ShareLine:
    share_id: str
    known_as: str
    number: str
    shared: str
    until: str
    openings_left: int


@dataclass(frozen=True)
class SharedPages:
    services: CounselServices

    def register(self, pages: Pages) -> None:
        pages.logged_in("/", "shared", self.show)
        pages.logged_in("/openen/<share_id>", "open", self.open, "POST")
        for name in FORMATS:
            download = _Download(self.services, name)
            pages.logged_in(f"/openen/<share_id>/{name}", f"download_{name}", download, "POST")

    def show(self, who: Counsellor) -> ResponseReturnValue:
        lines = tuple(map(_line, self.services.counsel.listed(who)))
        return render_template("counsel/shared.html", lines=lines)

    def open(self, who: Counsellor, share_id: str) -> ResponseReturnValue:
        """What is another organisation's, and what has ended, gets the same answer. Judged as any file that somebody brings;
        counted after that, so that what fails on our side costs no opening."""
        found = self.services.counsel.find(who, share_id)
        if found is None:
            return messages.show(messages.GONE)
        judged = found.files.get("pdf") or found.files["json"]
        verdict = self.services.verify.verify(judged.content)
        if verdict.kind is VerdictKind.CANNOT_CHECK:
            log.warning("shared_not_examined", reason=verdict.reason.value)
            return messages.show(messages.NOT_NOW)
        counted = self.services.counsel.open(who, found)
        return messages.show(messages.GONE) if counted is None else _shown(found, counted, verdict)


def _shown(found: FoundShare, counted: Counted, verdict: Verdict) -> ResponseReturnValue:
    """Nothing is handed out that nobody should use."""
    page = verdict_page(verdict)
    next_step = _DOWNLOAD if page.is_genuine else page.next_step
    return render_template(
        "counsel/opened.html",
        frame="counsel/base.html",
        page=replace(page, handling="", next_step=next_step),
        may_download=page.is_genuine,
        found=found,
        counted=counted,
        until=formatting.moment(found.expires_at),
    )


@dataclass(frozen=True)
class _Download:
    services: CounselServices
    format_name: str

    def __call__(self, who: Counsellor, share_id: str) -> ResponseReturnValue:
        found = self.services.counsel.find_again(who, share_id, request.form.get("bon", ""))
        file = found.files.get(self.format_name) if found else None
        if file is None:
            return messages.show(messages.GONE)
        response = Response(file.content, content_type=file.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response


def _line(share: ListedShare) -> ShareLine:
    return ShareLine(
        share.share_id,
        share.known_as,
        share.number,
        formatting.moment(share.shared_at),
        formatting.moment(share.expires_at),
        share.openings_left,
    )
