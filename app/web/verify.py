"""Anybody may have a file verified, without logging in. The file is looked at and not kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.http.routes import Pace, Terms
from app.web import messages
from app.web.access import Pages
from app.web.services import WebServices
from app.web.verdict_page import verdict_page

log = logging.getLogger(__name__)

UPLOAD_FIELD = "bestand"
# It acts for nobody: no form token, so that it needs no session and does not expire while somebody reads.
_UPLOAD = Terms(Pace.UPLOAD, own_form=False)


@dataclass(frozen=True)
class VerifyPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/controleren", "verify", self.ask)
        pages.public("/controleren", "verify_file", self.verify, "POST", _UPLOAD)

    def ask(self) -> ResponseReturnValue:
        megabytes = max(1, (request.max_content_length or 0) // 1_000_000)
        return render_template("pages/verify.html", field=UPLOAD_FIELD, megabytes=megabytes)

    def verify(self) -> ResponseReturnValue:
        """Of the content only the verdict and the size are logged."""
        upload = request.files.get(UPLOAD_FIELD)
        if upload is None or not upload.filename:
            return messages.show(messages.NO_FILE)
        unverified_file = upload.read()
        verdict = self.services.verify.verify(unverified_file)
        log.info("verified", extra={"reason": verdict.reason.value, "size": len(unverified_file)})
        return render_template("pages/verdict.html", page=verdict_page(verdict))
