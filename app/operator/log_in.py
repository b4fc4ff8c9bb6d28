"""Logging in and out at the identity provider of the municipality's employees."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.http.login_flow import callback_parameters, leave, take_flow
from app.http.public_address import whole
from app.http.routes import Access, Pace, Terms
from app.http.security_headers import clear_site_data
from app.http.staff_messages import FailedLogIn
from app.operator.access import Pages
from app.operator.employee import current_employee, end_session, remember
from app.operator.services import OperatorServices
from app.ports.login import LoginError, ReplayedCallback
from app.ports.staff_login import RoleMissing, SecondFactorMissing
from app.services import audit_facts

_log = structlog.stdlib.get_logger(__name__)
_LOG_IN = Terms(Pace.LOG_IN)
_IN_THE_LOG = "De reden staat in het logboek van deze site."
_FAILED = FailedLogIn(meanwhile=_IN_THE_LOG, asking=_IN_THE_LOG)


@dataclass(frozen=True)
class LogInPages:
    services: OperatorServices

    def register(self, pages: Pages) -> None:
        pages.add(Access.PUBLIC, "/inloggen", "log_in", self.begin, terms=_LOG_IN)
        pages.add(Access.PUBLIC, "/inloggen/terug", "log_in_return", self.finish, terms=_LOG_IN)
        pages.add(Access.OPERATOR, "/uitloggen", "log_out", self.ask_log_out)
        pages.add(Access.PUBLIC, "/uitloggen", "log_out_now", self.log_out, method="POST")

    def begin(self) -> ResponseReturnValue:
        """Send the browser away. A plain link, because a browser blocks a form that ends at another site."""
        try:
            return leave(self.services.login.start(self._return_address()))
        except LoginError as error:
            return self._refuse(error)

    def finish(self) -> ResponseReturnValue:
        """Take the browser back. Whoever was logged in before in this browser no longer is, except after a callback
        that belongs to no log-in of this browser: anybody could send a visitor to such an address."""
        flow = take_flow()
        try:
            operator = self.services.login.finish(flow, callback_parameters(), self._return_address())
        except LoginError as error:
            if flow is not None:
                self.services.audit.try_write(audit_facts.staff_login_refused(error.reason))
            if not isinstance(error, ReplayedCallback):
                end_session()
            return self._refuse(error)
        self.services.audit.write(audit_facts.staff_logged_in(operator.subject))
        remember(operator)
        return redirect(url_for("operator.monitor"))

    def ask_log_out(self) -> ResponseReturnValue:
        return render_template("operator/log_out.html")

    def log_out(self) -> ResponseReturnValue:
        """Our own session ends first; ending that of the identity provider is a link on the page."""
        employee = current_employee()
        end_session()
        if employee is not None:
            self.services.audit.try_write(audit_facts.staff_logged_out(employee.subject))
        _log.info("operator logged out", operator=employee.subject if employee else None)
        page = render_template("operator/logged_out.html", elsewhere=self._elsewhere())
        return clear_site_data(make_response(page))

    def _refuse(self, error: LoginError) -> ResponseReturnValue:
        """With single sign-on the same log-in would come back at once, so that whoever lacks the role, or logged in without a
        second factor, can end that."""
        message = _FAILED.message(error)
        comes_back = isinstance(error, RoleMissing | SecondFactorMissing)
        elsewhere = self._elsewhere() if comes_back else None
        return render_template("operator/refused.html", message=message, elsewhere=elsewhere), message.status

    def _elsewhere(self) -> str | None:
        return self.services.login.logout_url(whole(self.services.texts.base_address, "operator.monitor"))

    def _return_address(self) -> str:
        return whole(self.services.texts.base_address, "operator.log_in_return")
