"""Logging in and out. The rest of the site sees a Citizen, never a token."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.http.login_flow import callback_parameters, leave, take_flow, take_purpose
from app.http.public_address import whole
from app.http.routes import Pace, Terms
from app.http.security_headers import clear_site_data
from app.ports.login import ActingForAnother, LoginError, Principal, ReplayedCallback
from app.services import audit_facts
from app.web import arrival, messages
from app.web.access import Pages
from app.web.authorization import AuthorizationPages
from app.web.citizen import Citizen, current_citizen, end_session, remember
from app.web.services import WebServices

log = logging.getLogger(__name__)
_LOG_IN = Terms(Pace.LOG_IN)


@dataclass(frozen=True)
class LogInPages:
    """`apps` None: nobody can come here for an app."""

    services: WebServices
    apps: AuthorizationPages | None = None

    def register(self, pages: Pages) -> None:
        pages.public("/inloggen", "log_in", self.begin, terms=_LOG_IN)
        pages.public("/inloggen/opnieuw", "log_in_again", self.step_up, terms=_LOG_IN)
        pages.public("/inloggen/terug", "log_in_return", self.finish, terms=_LOG_IN)
        pages.logged_in("/uitloggen", "log_out", self.ask_log_out)
        pages.public("/uitloggen", "log_out_now", self.log_out, method="POST")

    def begin(self) -> ResponseReturnValue:
        """Send the browser to DigiD. A plain link, because a browser blocks a form that ends at another site."""
        return self._leave(step_up=False)

    def step_up(self) -> ResponseReturnValue:
        """After a log-in with too little certainty: that session is gone, and DigiD asks everything again."""
        return self._leave(step_up=True)

    def _leave(self, *, step_up: bool) -> ResponseReturnValue:
        try:
            return leave(self.services.login.start(self._return_address(), step_up=step_up))
        except LoginError as error:
            return self._refuse(error)

    def finish(self) -> ResponseReturnValue:
        """Take the browser back from DigiD. Whoever was logged in before in this browser no longer is, except after
        a callback that belongs to no log-in of this browser: anybody could send a visitor to such an address. Nobody is
        logged in before that is in the audit log: StorageUnavailable becomes the page that says so."""
        flow, purpose, brought = take_flow(), take_purpose(), arrival.carried()
        try:
            principal = self.services.login.finish(flow, callback_parameters(), self._return_address())
            if purpose is not None and principal.representative is not None:
                raise ActingForAnother(
                    "representation_for_app"
                )  # an authorisation to look is none to let an app look
        except LoginError as error:
            if flow is not None:
                self.services.audit.try_write(audit_facts.login_refused(error.reason))
            if isinstance(error, ReplayedCallback):
                return self._refuse(error)
            self._end_session()
            arrival.put_back(brought)
            if purpose is not None and self.apps is not None:
                return self.apps.not_logged_in(purpose, error)
            return self._refuse(error)
        self._end_session()
        self.services.audit.write(audit_facts.logged_in(principal.data_subject, principal.level))
        if purpose is not None and self.apps is not None:
            return self.apps.returned(purpose, principal)
        return self._show_overview(principal, brought)

    def _show_overview(self, principal: Principal, brought: dict[str, Any]) -> ResponseReturnValue:
        citizen = remember(principal)
        arrival.put_back(brought)
        collection_id = self.services.collections.start(citizen.owner, citizen.person)
        return redirect(url_for("web.progress", collection_id=collection_id))

    def ask_log_out(self, _citizen: Citizen) -> ResponseReturnValue:
        return render_template("pages/log_out.html")

    def log_out(self) -> ResponseReturnValue:
        """Our own session ends first. Ending that of the log-in service is a link on the page: Chromium blocks a form
        that is answered with a redirect to another site."""
        back = arrival.back(self.services.arrivals)
        self._end_session()
        elsewhere = self.services.login.logout_url(whole(self.services.texts.base_address, "web.start"))
        page = render_template("pages/logged_out.html", elsewhere=elsewhere, back=back)
        return clear_site_data(make_response(page))

    def _end_session(self) -> None:
        citizen = current_citizen()
        end_session()
        if citizen is not None:
            self.services.audit.try_write(audit_facts.logged_out(citizen.person))
            self.services.collections.forget(citizen.owner)

    def _refuse(self, error: LoginError) -> ResponseReturnValue:
        log.warning("login_failed", extra={"reason": error.reason})
        still_in = current_citizen() is not None
        return messages.show(
            messages.after_login_error(error, self.services.texts.digid_need, still_in=still_in)
        )

    def _return_address(self) -> str:
        return whole(self.services.texts.base_address, "web.log_in_return")
