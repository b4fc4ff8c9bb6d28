"""How to come to every page: `VISITS` by name. Each visit asks as a new visitor and gives the answer of the site."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import unescape

from werkzeug.test import TestResponse

from app.counsel.services import COUNSEL_PATH
from app.ports.login import LoginRefused
from app.services.verify import Reason, Verdict
from tests.accessibility.stage import Stage, collection_of, form_key, upload
from tests.support import web_claims as given
from tests.support.counsel_site import listed, share
from tests.support.operator_site import OperatorBrowser
from tests.support.web_site import Browser
from tests.unit.operator.test_app_form import GOOD
from tests.unit.web.test_apps import asked
from tests.unit.web.test_desk import Verdicts, newer
from tests.unit.web.test_paper import printed
from tests.unit.web.test_verify import verdict

Visit = Callable[[Stage], TestResponse]
WITH_STATES = ("overview", "overview by organisation")
"""Pages that look different in every state; the others are judged in one."""


def _public(path: str, stage: Stage) -> TestResponse:
    return stage.visitor().get(path)


def _own(path: str, stage: Stage) -> TestResponse:
    return stage.citizen().get(path)


def _progress(stage: Stage) -> TestResponse:
    browser = stage.visitor()
    stage.web.collections.pending = (given.source("belastingen", given.TAXES),)
    stage.web.collections.may_show = False
    return browser.get(browser.log_in().headers["Location"])


def _partial_download(stage: Stage) -> TestResponse:
    before, stage.state = stage.state, "partial"
    answer = _own("/overzicht/pdf", stage)
    stage.state = before
    return answer


def _nothing_gathered(stage: Stage) -> TestResponse:
    browser = stage.citizen()
    stage.web.collections.views.clear()
    return browser.get("/overzicht/pdf")


def _log_out(stage: Stage) -> TestResponse:
    return stage.citizen().post("/uitloggen", "/uitloggen")


def _with_full(visit: Callable[[Browser], TestResponse], stage: Stage) -> TestResponse:
    """A page about claims, which are there in one state only."""
    before, stage.state = stage.state, "full"
    answer = visit(stage.citizen())
    stage.state = before
    return answer


def _report_address(browser: Browser) -> str:
    link = re.search(r'href="(/overzicht/melden/[^"]+)"', browser.get("/overzicht").text)
    assert link
    return unescape(link[1])


def _claim(browser: Browser) -> TestResponse:
    link = re.search(r'href="(/overzicht/rekening/[^"]+)"', browser.get("/overzicht").text)
    assert link
    return browser.get(unescape(link[1]))


def _report(browser: Browser) -> TestResponse:
    return browser.get(_report_address(browser))


def _report_step(step: str, reason: str, browser: Browser) -> TestResponse:
    address = _report_address(browser)
    form = {
        "formulier": form_key(browser.get(address).text),
        "reden": reason,
        "toelichting": "Ik heb\nal betaald.",
    }
    answer = browser.post(address, address, stap=step, **form)
    return browser.get(answer.headers["Location"]) if step == "versturen" else answer


def _reports_listed(browser: Browser) -> TestResponse:
    _report_step("versturen", "al_betaald", browser)
    return browser.get("/mijn-gegevens")


def _shared_now(browser: Browser) -> TestResponse:
    form = {"met": "Mevrouw De Wit", "dagen": "7", "ophaling": collection_of(browser, "/delen")}
    return browser.post("/delen", "/delen", **form)


def _shares_listed(browser: Browser) -> TestResponse:
    _shared_now(browser)
    return browser.get("/delen")


def _shared_open(stage: Stage) -> TestResponse:
    made = _with_full(_shared_now, stage)
    code = re.search(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>", made.text)
    assert code, made.text
    return stage.visitor().post("/gedeeld", code=code[1], naam="Mevrouw De Wit, Stadsbank")


def _shared_with(browser: Browser) -> TestResponse:
    return share(browser, "dossier 12", "stadsbank")


def _verdict(reason: Reason, stage: Stage) -> TestResponse:
    browser = stage.visitor()
    stage.web.verifier.verdict = verdict(reason) if reason is not Reason.NOT_SEALED else Verdict(reason)
    return upload(browser, "overzicht")


def _desk(stage: Stage) -> TestResponse:
    browser, verifier = stage.visitor(), stage.web.verifier
    stated = Verdicts(old=verdict(Reason.GENUINE), new=newer(), scan=Verdict(Reason.NOT_SEALED))
    verifier.verify = stated.verify  # type: ignore[method-assign]
    answer = upload(browser, "old", "scan", "new")
    del verifier.verify
    return answer


def _consent(stage: Stage) -> TestResponse:
    assert stage.web.apps is not None
    return asked(stage.web, stage.web.apps.new_app(), stage.visitor())


def _paper(stage: Stage) -> TestResponse:
    return stage.visitor().post("/controleren/papier", code="ABCD-EFGH-JKMN-PQRS")


def _paper_known(stage: Stage) -> TestResponse:
    _snapshot, code = printed(stage.web, whole=False)
    return stage.visitor().post("/controleren/papier", code=code)


def _employee(path: str, stage: Stage) -> TestResponse:
    return stage.employee().get(path)


def _with_app(path: str, stage: Stage) -> TestResponse:
    employee = stage.employee()
    _add_app(employee)
    return employee.get(path)


def _add_app(employee: OperatorBrowser, **changes: str) -> TestResponse:
    return employee.post("/apps/toevoegen", "/apps/toevoegen", {**GOOD, **changes})


def _employee_refused(stage: Stage) -> TestResponse:
    stage.operator.login.refusal = LoginRefused("signature")
    answer = stage.operator.browser().log_in()
    stage.operator.login.refusal = None
    return answer


def _counsellor(path: str, stage: Stage) -> TestResponse:
    stage.visitor()
    return stage.counsel.counsellor().get(f"{COUNSEL_PATH}{path}")


def _counsel_list(stage: Stage) -> TestResponse:
    _with_full(_shared_with, stage)
    return _counsellor("/", stage)


def _counsel_opened(stage: Stage) -> TestResponse:
    _with_full(_shared_with, stage)
    counsellor = stage.counsel.counsellor()
    return counsellor.post(f"{COUNSEL_PATH}/openen/{listed(counsellor)[0]}", f"{COUNSEL_PATH}/")


def _counsel_gone(stage: Stage) -> TestResponse:
    _with_full(_shared_with, stage)
    return stage.counsel.counsellor().post(f"{COUNSEL_PATH}/openen/{'0' * 32}", f"{COUNSEL_PATH}/uitloggen")


def _counsel_log_out(stage: Stage) -> TestResponse:
    out = f"{COUNSEL_PATH}/uitloggen"
    return stage.counsel.counsellor().post(out, out)


_PUBLIC = {
    "start": "/",
    "sources": "/bronnen",
    "help": "/hulp",
    "words": "/woorden",
    "verify": "/controleren",
    "paper": "/controleren/papier",
    "shared": "/gedeeld",
    "seal": "/zegel",
    "accessibility": "/toegankelijkheid",
    "privacy": "/privacy",
    "error": "/bestaat-niet",
    "session expired": "/overzicht",
    "consent gone": "/oauth/toestemming",
    "api": "/api/v1/documentatie",
    "counsel, not logged in": f"{COUNSEL_PATH}/",
}
_OWN = {
    "overview": "/overzicht",
    "overview by organisation": "/overzicht?volgorde=organisatie",
    "downloaded": "/overzicht/pdf/klaar",
    "share": "/delen",
    "share with": "/delen/met/stadsbank",
    "my data": "/mijn-gegevens",
    "session": "/sessie",
    "log out": "/uitloggen",
    "message": "/meldingen/0",
}
_ABOUT_CLAIMS: dict[str, Callable[[Browser], TestResponse]] = {
    "claim": _claim,
    "report": _report,
    "report, nothing chosen": partial(_report_step, "nakijken", ""),
    "report, looked over": partial(_report_step, "nakijken", "al_betaald"),
    "reported": partial(_report_step, "versturen", "al_betaald"),
    "my data with reports": _reports_listed,
    "shared now": _shared_now,
    "share with shares": _shares_listed,
    "shared with": _shared_with,
}
_OPERATOR = {
    "operator, sources": "/",
    "operator, source": "/bronnen/belastingen",
    "operator, new app": "/apps/toevoegen",
    "operator, session": "/sessie",
    "operator, log out": "/uitloggen",
    "operator, error": "/bestaat-niet",
}
_APP = {
    "operator, apps": "/apps",
    "operator, change app": "/apps/mijn-app/wijzigen",
    "operator, remove app": "/apps/mijn-app/verwijderen",
}
VISITS: dict[str, Visit] = {
    **{name: partial(_public, path) for name, path in _PUBLIC.items()},
    **{name: partial(_own, path) for name, path in _OWN.items()},
    **{name: partial(_with_full, visit) for name, visit in _ABOUT_CLAIMS.items()},
    **{
        f"verdict {one.value}": partial(_verdict, one)
        for one in (Reason.GENUINE, Reason.ALTERED, Reason.NOT_SEALED)
    },
    "progress": _progress,
    "download with gaps": _partial_download,
    "nothing gathered": _nothing_gathered,
    "logged out": _log_out,
    "shared, opened": _shared_open,
    "counsellor's desk": _desk,
    "paper, unknown code": _paper,
    "paper, compared": _paper_known,
    "consent": _consent,
    "counsel, list": _counsel_list,
    "counsel, opened": _counsel_opened,
    "counsel, gone": _counsel_gone,
    "counsel, session": partial(_counsellor, "/sessie"),
    "counsel, log out": partial(_counsellor, "/uitloggen"),
    "counsel, logged out": _counsel_log_out,
    "counsel, error": partial(_counsellor, "/bestaat-niet"),
    **{name: partial(_employee, path) for name, path in _OPERATOR.items()},
    **{name: partial(_with_app, path) for name, path in _APP.items()},
    "operator, wrong form": lambda stage: _add_app(stage.employee(), naam="", adressen="http://"),
    "operator, not logged in": lambda stage: stage.operator.browser().get("/"),
    "operator, logged out": lambda stage: stage.employee().post("/uitloggen", "/uitloggen"),
    "operator, refused": _employee_refused,
}
DUTCH_ONLY = tuple(name for name in VISITS if name == "api" or name.startswith(("operator, ", "counsel, ")))
UNTHEMED = tuple(name for name in VISITS if name.startswith("operator, "))
"""The operator site has no theme."""
