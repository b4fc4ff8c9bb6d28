"""Anybody may have a file verified, without logging in. The file is looked at and not kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.http.routes import Pace, Terms
from app.web import messages
from app.web.access import Pages
from app.web.desk import MOST_FILES, UPLOAD_FIELD, DeskPages, uploaded
from app.web.services import WebServices
from app.web.verdict_page import verdict_page

log = logging.getLogger(__name__)

# It acts for nobody: no form token, so that it needs no session and does not expire while somebody reads.
_UPLOAD = Terms(Pace.UPLOAD, own_form=False)


@dataclass(frozen=True)
class VerifyPages:
    services: WebServices
    desk: DeskPages

    def register(self, pages: Pages) -> None:
        pages.public("/controleren", "verify", self.ask)
        pages.public("/controleren", "verify_file", self.verify, "POST", _UPLOAD)

    def ask(self) -> ResponseReturnValue:
        megabytes = max(1, (request.max_content_length or 0) // 1_000_000)
        return render_template(
            "pages/verify.html", field=UPLOAD_FIELD, megabytes=megabytes, most_files=MOST_FILES
        )

    def verify(self) -> ResponseReturnValue:
        """Of the content only the verdict and the size are logged. Several files go to the counsellor's desk."""
        files = uploaded()
        if not files:
            return messages.show(messages.NO_FILE)
        if len(files) > 1:
            return self.desk.look(files)
        unverified_file = files[0].content
        verdict = self.services.verify.verify(unverified_file)
        log.info("verified", extra={"reason": verdict.reason.value, "size": len(unverified_file)})
        return render_template("pages/verdict.html", page=verdict_page(verdict))
