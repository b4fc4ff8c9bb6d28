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
from app.ports.register import RegisterUnavailable
from app.services.desk import DeskView
from app.services.issue import NotPrintable, SealingFailed
from app.services.merge import NamedFile
from app.services.summaries import MEDIA_TYPES
from app.web import messages
from app.web.access import Pages
from app.web.desk_page import desk_page
from app.web.services import WebServices

log = logging.getLogger(__name__)

# `__Host-`: browsers take it only over a secure connection, for this host alone.
COOKIE = "__Host-bk_bureau"
MOST_FILES = 20
_LASTS_S = 15 * 60
_ACTS_FOR_NOBODY = Terms(Pace.UPLOAD, own_form=False)


@dataclass(frozen=True)
class DeskPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/controleren/samen", "desk", self.again)
        pages.public("/controleren/samen/wissen", "desk_forget", self.forget, "POST", _ACTS_FOR_NOBODY)
        for name in MEDIA_TYPES:
            download = _Download(self.services, name)
            pages.public(f"/controleren/samen/{name}", f"desk_{name}", download, "GET", Terms(Pace.UPLOAD))

    def look(self, files: list[NamedFile]) -> ResponseReturnValue:
        """Of the files only verdicts and sizes are logged."""
        if len(files) > MOST_FILES:
            return messages.show(messages.too_many_files(MOST_FILES))
        view, ticket = self.services.desk.look(files)
        size = sum(len(file.content) for file in files)
        merged = sum(line.is_merged for line in view.files)
        log.info("merged", extra={"files": len(files), "merged": merged, "size": size})
        response = _shown(view)
        if ticket is not None:
            response.set_cookie(
                COOKIE, ticket, _LASTS_S, path="/", secure=True, httponly=True, samesite="Strict"
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
        response = Response(issued.content, mimetype=issued.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{issued.filename}"'
        return response


def _shown(view: DeskView) -> Response:
    return make_response(render_template("pages/desk.html", page=desk_page(view)))


def _ticket() -> str:
    return request.cookies.get(COOKIE, "")
