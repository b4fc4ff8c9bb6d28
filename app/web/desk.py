"""The counsellor's desk: several files at once, each with its verdict, and what the genuine ones say together.

The files are looked at and not kept. What they say together stays for fifteen minutes, under a key that only the cookie of this
browser holds. No log-in, and no session: whoever has the files may have them verified.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.http.routes import Pace, Terms
from app.language import N_
from app.ports.register import RegisterUnavailable
from app.services.desk import MOST_TOGETHER, DeskView, TooManyFiles
from app.services.issue import NotPrintable, SealingFailed
from app.services.merge import NamedFile
from app.services.summaries import MEDIA_TYPES
from app.web import messages
from app.web.access import Pages
from app.web.desk_page import desk_page
from app.web.messages import Action, Message
from app.web.services import WebServices

log = logging.getLogger(__name__)

# `__Host-`: browsers take it only over a secure connection, for this host alone.
COOKIE = "__Host-bk_bureau"
MOST_FILES = 20
UPLOAD_FIELD = "bestand"
_ACTS_FOR_NOBODY = Terms(Pace.UPLOAD, own_form=False)


@dataclass(frozen=True)
class DeskPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/controleren/samen", "desk", self.again)
        pages.public("/controleren/samen/toevoegen", "desk_add", self.add, "POST", _ACTS_FOR_NOBODY)
        pages.public("/controleren/samen/wissen", "desk_forget", self.forget, "POST", _ACTS_FOR_NOBODY)
        for name in MEDIA_TYPES:
            download = _Download(self.services, name)
            pages.public(f"/controleren/samen/{name}", f"desk_{name}", download, "GET", Terms(Pace.UPLOAD))

    def look(self, files: list[NamedFile]) -> ResponseReturnValue:
        """Of the files only verdicts and sizes are logged."""
        if len(files) > MOST_FILES:
            return messages.show(messages.too_many_files(MOST_FILES))
        return self._merged(files, *self.services.desk.look(files))

    def add(self) -> ResponseReturnValue:
        """More files to the summary on the page: its number says which, the cookie may be of another one by now."""
        files = uploaded()
        if not files:
            return messages.show(messages.NO_FILE)
        if len(files) > MOST_FILES:
            return messages.show(messages.too_many_files(MOST_FILES))
        try:
            found = self.services.desk.add(_ticket(), request.form.get("nummer", ""), files)
        except TooManyFiles:
            return messages.show(_too_many_together(MOST_TOGETHER))
        return messages.show(messages.DESK_OVER) if found is None else self._merged(files, *found)

    def _merged(self, files: list[NamedFile], view: DeskView, ticket: str | None) -> Response:
        size = sum(len(file.content) for file in files)
        merged = sum(line.is_merged for line in view.files)
        log.info("merged", extra={"files": len(files), "merged": merged, "size": size})
        response = _shown(view)
        if ticket is not None and view.until is not None:
            lasts_s = int((view.until - self.services.clock.now()).total_seconds())
            response.set_cookie(
                COOKIE, ticket, lasts_s, path="/", secure=True, httponly=True, samesite="Strict"
            )
        return response

    def again(self) -> ResponseReturnValue:
        view = self.services.desk.view(_ticket())
        return messages.show(messages.DESK_OVER) if view is None else _shown(view)

    def forget(self) -> ResponseReturnValue:
        self.services.desk.forget(_ticket())
        response = make_response(messages.show(messages.DESK_FORGOTTEN))
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
        return response


@dataclass(frozen=True)
class _Download:
    services: WebServices
    format_name: str

    def __call__(self) -> ResponseReturnValue:
        try:
            issued = self.services.desk.file(_ticket(), self.format_name, request.args.get("nummer"))
        except NotPrintable:
            return messages.show(messages.SUMMARY_NOT_PRINTABLE)
        except (SealingFailed, RegisterUnavailable):
            return messages.show(messages.SUMMARY_NOT_SEALED)
        if issued is None:
            return messages.show(messages.DESK_OVER)
        response = Response(issued.content, content_type=issued.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{issued.filename}"'
        return response


def uploaded() -> list[NamedFile]:
    """The files of a form; empty when none was chosen."""
    uploads = [upload for upload in request.files.getlist(UPLOAD_FIELD) if upload.filename]
    return [NamedFile(upload.filename or "", upload.read()) for upload in uploads]


def _too_many_together(most: int) -> Message:
    return Message(
        N_("Dit zijn te veel bestanden"),
        (
            N_("Een samenvatting is van hooguit %(most)s bestanden. Wij hebben niets toegevoegd."),
            N_("De samenvatting die u had, is er nog."),
        ),
        Action("web.desk", N_("Terug naar de samenvatting")),
        413,
        {"most": most},
    )


def _shown(view: DeskView) -> Response:
    page = desk_page(view)
    shown = render_template("pages/desk.html", page=page, field=UPLOAD_FIELD, most_files=MOST_FILES)
    return make_response(shown, page.status)


def _ticket() -> str:
    return request.cookies.get(COOKIE, "")
