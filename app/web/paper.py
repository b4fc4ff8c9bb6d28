"""The paper route: whoever has a printed overview types its control code. An option of the installation.

Nothing of the code stands in an address or in a log. It acts for nobody, so there is no session and no cookie.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from app.http.routes import Pace, Terms
from app.language import N_
from app.ports.codes import CodesBusy
from app.services.paper import PaperFinding
from app.web import messages
from app.web.access import Pages
from app.web.messages import Message
from app.web.paper_page import paper_page
from app.web.services import WebServices

log = structlog.get_logger(__name__)

FIELD = "code"
_LOOK = Terms(Pace.SECRET, own_form=False)
_TRY_AGAIN_S = 10
_OFF = Message(
    N_("Papier kunnen wij hier niet nakijken"),
    (
        N_("Aan papier kan niemand zien of het echt is."),
        N_("Vraag de inwoner om het bestand zelf (pdf of json), en controleer dat."),
    ),
    messages.TO_DESK,
    404,
)


@dataclass(frozen=True)
class PaperPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/controleren/papier", "paper", self.ask)
        pages.public("/controleren/papier", "paper_look", self.look, "POST", _LOOK)

    def ask(self) -> ResponseReturnValue:
        if self.services.paper is None:
            return messages.show(_OFF)
        return render_template("pages/paper.html", page=None, typed="")

    def look(self) -> ResponseReturnValue:
        """Raises ServiceUnavailable: our own limit, so that a flood of codes takes no threads that citizens need."""
        paper = self.services.paper
        if paper is None:
            return messages.show(_OFF)
        typed = request.form.get(FIELD, "")
        try:
            answer = paper.look(typed)
        except CodesBusy:
            raise ServiceUnavailable(retry_after=_TRY_AGAIN_S) from None
        log.info("paper_looked_up", finding=answer.finding.name.lower())
        page = paper_page(answer, paper.days)
        # Whoever typed the number starts again; whoever made one mistake need not.
        again = "" if answer.finding is PaperFinding.NUMBER else typed
        return render_template("pages/paper.html", page=page, typed=again), page.status
