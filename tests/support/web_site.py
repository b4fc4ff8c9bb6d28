"""The real pages on the real HTTP layer and session store; what stands behind the doors is decided by the test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from werkzeug.test import Client, TestResponse

from app.documents.registry import FORMATS
from app.http.routes import exempt_stateless
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.code_vault import CodeVault
from app.persistence.desk_store import SqlDeskStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.error_report_store import SqlErrorReportStore
from app.persistence.organisation_share_store import SqlOrganisationShareStore
from app.persistence.organisation_vault import OrganisationVault
from app.persistence.paper_store import SqlPaperStore
from app.persistence.share_store import SqlShareStore
from app.persistence.share_vault import ShareVault
from app.ports.case_reference import CaseReference
from app.ports.clock import SystemClock
from app.ports.collections import AskedSource
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import (
    LoginError,
    LoginProvider,
    LoginRefused,
    LoginStart,
    LogoutNotice,
    Principal,
    ProviderSession,
)
from app.ports.sessions import Ended
from app.ports.shares import RegisteredOrganisation
from app.ports.snapshot import Issuer
from app.services.collection import CollectionView
from app.services.counsel import Counsel
from app.services.desk import CounsellorsDesk
from app.services.error_reports import ErrorReports
from app.services.issue import PLAIN, IssuedFile, Occasion, Sealing, Wanted
from app.services.merge import MergeFiles
from app.services.my_data import MyData
from app.services.open_sessions import OpenSessions
from app.services.paper import Paper
from app.services.publication import PublishedSeal, publish
from app.services.session_ends import SessionEnds
from app.services.share import ShareLimits, Shares
from app.services.share_organisations import OrganisationShares
from app.services.summaries import Summaries
from app.services.verify import Reason, Verdict
from app.web.arrival import NOTHING_ALLOWED, ArrivalRules
from app.web.blueprint import create_blueprint
from app.web.citizen import ended_fact
from app.web.errors import render_error
from app.web.services import WebServices, WebTexts
from claims.identity import Bsn
from claims.organisation import Organisation
from claims.outcome import FailureCause, NotConnected, Source, SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import Overview
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.sealing.seals import PdfSeals
from simulators.authority import DEMO_IDENTIFIER
from tests.support.apps import Bench, make_bench
from tests.support.audit import Logbook, make_logbook
from tests.support.clock import FrozenClock
from tests.support.seals import NAME, Town
from tests.support.site import Site, make_site
from tests.support.templates import CompiledTemplates
from tests.support.web_claims import NOW, PHONE

BSN = "999993549"
NUMBER = "BK-2026-0123456789"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

TEMPLATES = CompiledTemplates()
REPORT_KEYS = KeyRing.parse(new_key_line("one"))


class OpenDoor:
    """Implements app.ports.login.LoginProvider: `state` in the callback names the citizen by BSN. `representative`: who logs in
    for that citizen from now on."""

    def __init__(self) -> None:
        self.refusal: LoginError | None = None
        self.representative: Representative | None = None
        self.at_start: LoginError | None = None
        self.at_notice: LoginError | None = None
        self.seen_flows: list[dict[str, str] | None] = []
        self.step_ups: list[bool] = []

    def start(self, redirect_uri: str, *, step_up: bool = False) -> LoginStart:
        self.step_ups.append(step_up)
        if self.at_start is not None:
            raise self.at_start
        return LoginStart("https://digid.example/inloggen?terug=" + redirect_uri, {"state": "geheim"})

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Principal:
        self.seen_flows.append(dict(flow) if flow is not None else None)
        if self.refusal is not None:
            raise self.refusal
        known_as = ProviderSession("https://digid.example", callback_params["state"], None)
        level = "http://eidas.europa.eu/LoA/substantial"
        return Principal(Bsn(callback_params["state"]), level, NOW, known_as, self.representative)

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        return "https://digid.example/uitloggen?terug=" + post_logout_redirect_uri

    def client_jwks(self) -> dict[str, Any]:
        return {"keys": [{"kty": "RSA", "kid": "inloggen"}]}

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        """The token of a test is the subject itself."""
        if self.at_notice is not None:
            raise self.at_notice
        if not unverified_token:
            raise LoginRefused("signature")
        return LogoutNotice("https://digid.example", unverified_token, None, unverified_token, NOW)


@dataclass
class StatedCollections:
    """Implements app.web.services.CollectsClaims with outcomes that a test states, per citizen."""

    outcomes: dict[str, tuple[SourceOutcome, ...]] = field(default_factory=dict)
    pending: tuple[Source, ...] = ()
    asked_again: tuple[SourceAnswer, ...] = ()
    may_show: bool = True
    views: dict[tuple[str, str], str] = field(default_factory=dict)
    retried: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    signs: list[float | None] = field(default_factory=list)
    started: int = 0
    runs: int = 1
    at_start: Exception | None = None

    @property
    def known_sources(self) -> tuple[tuple[Source, bool], ...]:
        return tuple(
            (outcome.source, not isinstance(outcome, NotConnected))
            for outcomes in self.outcomes.values()
            for outcome in outcomes
        )

    def start(self, owner: str, person: DataSubject, collection_id: str | None = None) -> str:
        if self.at_start is not None:
            raise self.at_start
        collection_id = collection_id or f"ophaling-{self.started}"
        self.started += 1
        self.views[owner, collection_id] = person.bsn.digits
        return collection_id

    def follow(self, collection_id: str, owner: str) -> Callable[[], CollectionView | None]:
        return lambda: self.view(collection_id, owner)

    def view(self, collection_id: str, owner: str) -> CollectionView | None:
        digits = self.views.get((owner, collection_id))
        if digits is None:
            return None
        silent = tuple(_silent(pending) for pending in self.pending)
        outcomes = self.outcomes.get(digits, ()) + silent + self.asked_again
        asked = tuple(
            replace(_asked(outcome, outcome in silent), run=self.runs)
            for outcome in outcomes
            if outcome not in self.asked_again
        )
        again = tuple(replace(_asked(one, True), earlier=one) for one in self.asked_again)
        pending = (*self.pending, *(one.source for one in self.asked_again))
        return CollectionView(
            collection_id, NOW, (*asked, *again), Overview(NOW, outcomes), pending, self.may_show
        )

    def latest(self, owner: str) -> CollectionView | None:
        mine = [collection_id for who, collection_id in self.views if who == owner]
        return self.view(mine[-1], owner) if mine else None

    def attend(self, collection_id: str, owner: str, person: DataSubject, next_sign: float | None) -> None:
        if (owner, collection_id) in self.views:
            self.signs.append(next_sign)

    def retry(self, collection_id: str, owner: str, source_id: str, person: DataSubject) -> bool:
        self.retried.append(source_id)
        return True

    def forget(self, owner: str) -> None:
        self.forgotten.append(owner)
        self.views = {key: value for key, value in self.views.items() if key[0] != owner}


@cache
def sealing_town() -> Town:
    """The same for every site of a test run."""
    return Town.create()


def sealing() -> Sealing:
    """What seals summaries."""
    town = sealing_town()
    issuer = Issuer(Organisation(NAME), DEMO_IDENTIFIER, "https://schulden.example/controleren")
    return Sealing(issuer, PdfSeals(PdfSeal(town.key)), JsonSeal(town.key), town.examine)


@cache
def published_seal() -> PublishedSeal:
    """Real certificates of a throw-away authority."""
    town = sealing_town()
    (trusted,) = town.policy.organisations
    return publish(trusted, town.identity.certificate, town.identity.chain)


def _silent(pending: Source) -> SourceFailure:
    return SourceFailure(source=pending, failed_at=NOW, cause=FailureCause.TOO_SLOW)


def _asked(outcome: SourceOutcome, is_pending: bool) -> AskedSource:
    return AskedSource(outcome.source, 1, NOW, NOW + timedelta(seconds=32), None if is_pending else outcome)


@dataclass
class StatedFiles:
    """Implements app.web.services.IssuesFiles. `all_answered`: in what is frozen, whatever was seen before."""

    error: Exception | None = None
    all_answered: bool = False
    issued: list[tuple[str, str, str]] = field(default_factory=list)
    persons: list[DataSubject] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    cases: list[CaseReference | None] = field(default_factory=list)

    def make(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        occasion: Occasion = PLAIN,
    ) -> IssuedFile:
        return self.issue(collection_id, owner, person, wanted, occasion.case)

    def issue(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        case: CaseReference | None = None,
    ) -> IssuedFile:
        if self.error is not None:
            raise self.error
        format_name = wanted.format_name
        self.issued.append((collection_id, person.bsn.digits, format_name))
        self.languages.append(wanted.language)
        self.persons.append(person)
        self.cases.append(case)
        media_type = FORMATS[format_name].media_type
        name = f"schuldenoverzicht-{NUMBER}.{format_name}"
        return IssuedFile(name, media_type, b"inhoud", NUMBER, self.all_answered)


@dataclass
class StatedVerdict:
    """Implements app.web.services.VerifiesFiles."""

    verdict: Verdict = field(default_factory=lambda: Verdict(Reason.NOT_SEALED))
    seen: list[bytes] = field(default_factory=list)

    def verify(self, data: bytes) -> Verdict:
        self.seen.append(data)
        return self.verdict


@dataclass
class Watcher:
    """Implements app.http.session_interface.WatchesSessions, from when there is an audit log."""

    real: SessionEnds | None = None

    def ended(self, sessions: Ended, why: str | None = None) -> None:
        assert self.real is not None
        self.real.ended(sessions, why)


@dataclass
class WebSite:
    """`browser()` gives a new visitor; cookies are kept."""

    site: Site
    login: OpenDoor
    collections: StatedCollections
    files: StatedFiles
    verifier: StatedVerdict
    book: Logbook
    services: WebServices
    apps: Bench | None = None
    counsel: Counsel | None = None

    def browser(self) -> Browser:
        return Browser(self.site.app.test_client(), self.site.base_url)


@dataclass
class Browser:
    client: Client
    base_url: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base_url)

    def post(self, path: str, token_from: str | None = None, **data: object) -> TestResponse:
        """Send a form with the token that stands on the page `token_from`."""
        if token_from is not None:
            found = _TOKEN.search(self.get(token_from).text)
            assert found, f"no form token on {token_from}"
            data["csrf_token"] = found[1]
        headers = {"Referer": self.base_url + (token_from or path)}
        return self.client.post(path, base_url=self.base_url, data=data, headers=headers)

    def log_in(self, bsn: str = BSN) -> TestResponse:
        self.get("/inloggen")
        return self.get(f"/inloggen/terug?state={bsn}&code=abc")


@dataclass(frozen=True)
class _Sharing:
    """Real shares, in this `vault`; the organisations are registered."""

    vault: ShareVault
    organisations: tuple[RegisteredOrganisation, ...]

    def build(
        self, site: Site, files: StatedFiles, book: Logbook
    ) -> tuple[Shares, OrganisationShares, Counsel]:
        ring, around = KeyRing.parse(new_key_line("one")), (FrozenClock(NOW), book.audit)
        store = SqlShareStore(site.database, ring, self.vault)
        shares = Shares(store, files, book.pseudonyms, around, ShareLimits())
        keys = {one.organisation_id: [("a", os.urandom(32))] for one in self.organisations}
        theirs = SqlOrganisationShareStore(site.database, ring, OrganisationVault(b"g" * 32, keys))
        with_them = OrganisationShares(shares, theirs, self.organisations, book.audit)
        return shares, with_them, Counsel(theirs, store, *around)


def _reports(
    site: Site, collections: StatedCollections, book: Logbook, receivers: Mapping[str, timedelta]
) -> ErrorReports:
    around = (FrozenClock(NOW), book.audit)
    return ErrorReports(report_store(site), collections, book.pseudonyms, around, receivers)


def report_store(site: Site) -> SqlErrorReportStore:
    return SqlErrorReportStore(site.database, REPORT_KEYS)


def _desk(site: Site, verifier: StatedVerdict, book: Logbook) -> CounsellorsDesk:
    clock = FrozenClock(NOW)
    summaries = Summaries(sealing, SqlDocumentRegister(site.database), SystemClock(), book.audit)
    return CounsellorsDesk(MergeFiles(verifier), summaries, SqlDeskStore(site.database), clock)


def _paper(site: Site, book: Logbook, vault: CodeVault) -> Paper:
    register, store = SqlDocumentRegister(site.database), SqlPaperStore(site.database, vault)
    return Paper(store, register, book.pseudonyms, (FrozenClock(NOW), book.audit), 30)


def make_web_site(
    folder: Path,
    *outcomes: SourceOutcome,
    real_login: LoginProvider | None = None,
    with_apps: bool = False,
    with_sharing: bool = False,
    vault: ShareVault | None = None,
    with_paper: CodeVault | None = None,
    receivers: Mapping[str, timedelta] = MappingProxyType({}),
    organisations: tuple[RegisteredOrganisation, ...] = (),
    arrivals: ArrivalRules = NOTHING_ALLOWED,
    **changes: object,
) -> WebSite:
    """A site on which the citizen BSN has these outcomes; `changes` replace fields of SiteParts. `real_login` instead of
    the door that is always open. `with_apps`: with an authorization server; `with_sharing`: with real shares, in this `vault`;
    `organisations` log in for them. `with_paper`: printed overviews can be looked up, with this
    vault. `receivers`: sources that take reports, and for how long trying to deliver goes on; the
    reports are real. `arrivals`: what links may bring."""
    folder.mkdir(parents=True, exist_ok=True)
    watcher = Watcher()
    site = make_site(folder, None, **{"render_error": render_error, "session_watcher": watcher, **changes})
    login, files, verifier = OpenDoor(), StatedFiles(), StatedVerdict()
    collections = StatedCollections({BSN: outcomes})
    book = make_logbook(site.database, folder, site.clock)
    limits = site.parts.session_limits
    watcher.real = SessionEnds(book.audit, ended_fact, limits.idle, limits.absolute)
    apps = make_bench(site.database, book.audit, site.clock) if with_apps else None
    sharing = _Sharing(vault or ShareVault(b"g" * 32), organisations)
    made = sharing.build(site, files, book) if with_sharing else None
    services = WebServices(
        apps=None if apps is None else apps.server,
        arrivals=arrivals,
        shares=made[0] if made else None,
        share_organisations=made[1] if made and organisations else None,
        paper=_paper(site, book, with_paper) if with_paper else None,
        login=real_login or login,
        collections=collections,
        issue=files,
        verify=verifier,
        desk=_desk(site, verifier, book),
        audit=book.audit,
        my_data=MyData(book.log, book.pseudonyms),
        reports=_reports(site, collections, book, receivers),
        open_sessions=OpenSessions(
            site.parts.session_store, watcher.real, site.parts.clock, (limits.idle, limits.absolute)
        ),
        clock=FrozenClock(NOW),
        seal=published_seal,
        texts=WebTexts(
            organisation_name="Gemeente Voorbeeldstad",
            base_address=site.base_url,
            security_contact="mailto:lek@voorbeeldstad.example",
            security_contact_until=date(2027, 5, 1),
            contact=(PHONE,),
        ),
        progress_wait_seconds=0,
    )
    site.app.register_blueprint(create_blueprint(services))
    exempt_stateless(site.app, site.csrf)
    TEMPLATES.serve(site.app)
    return WebSite(site, login, collections, files, verifier, book, services, apps, made[2] if made else None)
