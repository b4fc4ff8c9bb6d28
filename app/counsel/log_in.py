"""Logging in and out at the provider of a counselling organisation. Every organisation has addresses of its own, so that the
answer of one provider can never count for another organisation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.counsel import messages
from app.counsel.access import Pages
from app.counsel.counsellor import current_counsellor, end_session, remember
from app.counsel.services import CounselServices, Party
from app.http import client_keys, logout_notice
from app.http.login_flow import callback_parameters, leave, take_flow, take_purpose
from app.http.routes import Pace, Terms
from app.http.security_headers import clear_site_data
from app.ports.login import LoginError, ReplayedCallback
from app.ports.staff_login import RoleMissing, SecondFactorMissing
from app.services import audit_facts
from app.services.counsel import Counsellor

_LOG_IN = Terms(Pace.LOG_IN)
_FOR = "organisation"


@dataclass(frozen=True)
class LogInPages:
    services: CounselServices

    def register(self, pages: Pages) -> None:
        own = "/inloggen/<organisation_id>"
        pages.public(own, "log_in", self.begin, terms=_LOG_IN)
        pages.public(f"{own}/terug", "log_in_return", self.finish, terms=_LOG_IN)
        pages.public(f"{own}/sleutels", "client_keys", self.publish, terms=client_keys.TERMS)
        pages.logged_in("/uitloggen", "log_out", self.ask_log_out)
        pages.public("/uitloggen", "log_out_now", self.log_out, "POST")
        address = "/uitloggen/<organisation_id>/melding"
        pages.public(address, "logout_notice", self.receive, "POST", logout_notice.TERMS)

    def begin(self, organisation_id: str) -> ResponseReturnValue:
        """Send the browser away. A plain link, because a browser blocks a form that ends at another site."""
        party = self._party(organisation_id)
        try:
            return leave(party.login.start(self._return_address(party)), {_FOR: organisation_id})
        except LoginError as error:
            return self._refuse(party, error)

    def finish(self, organisation_id: str) -> ResponseReturnValue:
        """Take the browser back. Whoever was logged in before in this browser no longer is, except after a callback
        that belongs to no log-in of this browser: anybody could send a visitor to such an address."""
        party = self._party(organisation_id)
        flow, purpose = take_flow(), take_purpose()
        if purpose != {_FOR: organisation_id}:
            flow = None  # the log-in that began here was with another organisation
        try:
            employee = party.login.finish(flow, callback_parameters(), self._return_address(party))
        except LoginError as error:
            if flow is not None:
                self.services.audit.try_write(
                    audit_facts.counsellor_login_refused(organisation_id, error.reason)
                )
            if not isinstance(error, ReplayedCallback):
                self._end()
            return self._refuse(party, error)
        self._end()
        self.services.audit.write(audit_facts.counsellor_logged_in((organisation_id, employee.subject)))
        remember(party.organisation, employee)
        return redirect(url_for("counsel.shared"))

    def publish(self, organisation_id: str) -> ResponseReturnValue:
        return client_keys.publisher(self._party(organisation_id).login)()

    def receive(self, organisation_id: str) -> ResponseReturnValue:
        return logout_notice.receiver(self._party(organisation_id).login)()

    def ask_log_out(self, _who: Counsellor) -> ResponseReturnValue:
        return render_template("counsel/log_out.html")

    def log_out(self) -> ResponseReturnValue:
        """Our own session ends first; ending that of the provider is a link on the page."""
        who = self._end()
        party = None if who is None else self.services.parties[who.organisation.organisation_id]
        page = render_template("counsel/logged_out.html", elsewhere=self._elsewhere(party))
        return clear_site_data(make_response(page))

    def _end(self) -> Counsellor | None:
        """Whose session it was."""
        who = current_counsellor(self.services.parties)
        end_session()
        if who is not None:
            self.services.audit.try_write(audit_facts.counsellor_logged_out(who.account))
        return who

    def _refuse(self, party: Party, error: LoginError) -> ResponseReturnValue:
        """With single sign-on the same log-in would come back at once, so that whoever lacks the role, or logged in without a
        second factor, can end that."""
        comes_back = isinstance(error, RoleMissing | SecondFactorMissing)
        return messages.show(
            messages.FAILED_LOG_IN.message(error), elsewhere=self._elsewhere(party) if comes_back else None
        )

    def _party(self, organisation_id: str) -> Party:
        return self.services.parties.get(organisation_id) or abort(404)

    def _elsewhere(self, party: Party | None) -> str | None:
        return None if party is None else party.login.logout_url(f"{self.services.address}/")

    def _return_address(self, party: Party) -> str:
        return f"{self.services.address}/inloggen/{party.organisation.organisation_id}/terug"
