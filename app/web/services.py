"""What the pages need from the rest: use cases and a few texts, handed over once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.documents import formatting
from app.language import N_, ngettext
from app.oauth.server import OAuthServer
from app.ports.clock import Clock
from app.ports.data_subject import DataSubject
from app.ports.error_reports import KnownReport
from app.ports.login import LoginProvider
from app.ports.sessions import OpenSession
from app.ports.shares import Counted, FoundShare, NewShare, RegisteredOrganisation, ShareState
from app.services.audit import WritesAudit
from app.services.desk import DeskView
from app.services.error_reports import ClaimPlace
from app.services.error_reports import Wish as ReportWish
from app.services.issue import IssuedFile
from app.services.merge import NamedFile
from app.services.my_data import Deeds
from app.services.overviews import CollectsClaims as CollectsClaims
from app.services.overviews import IssuesFiles as IssuesFiles
from app.services.overviews import VerifiesFiles as VerifiesFiles
from app.services.paper import PaperAnswer
from app.services.publication import PublishedSeal
from app.services.share import Made, ShareLimits, Wish
from app.services.share_organisations import OrganisationWish
from app.web.arrival import NOTHING_ALLOWED, ArrivalRules
from claims.identity import Bsn
from claims.organisation import ContactOption
from claims.outcome import Source
from claims.overview import ReportedClaim


class ShowsMyData(Protocol):
    """The use case `app.services.my_data.MyData`."""

    def of(self, person: DataSubject) -> Deeds:
        """Raises StorageUnavailable."""


class ShowsSessions(Protocol):
    """The use case `app.services.open_sessions.OpenSessions`. Every method raises StorageUnavailable."""

    def of(self, who_logged_in: Bsn, owner: str) -> tuple[OpenSession, ...]: ...

    def end_others(self, who_logged_in: Bsn, owner: str, handle: str | None = None) -> int: ...


class ReportsErrors(Protocol):
    """The use case `app.services.error_reports.ErrorReports`. Raises StorageUnavailable where it looks something up."""

    def receiver_of(self, claim: ReportedClaim) -> Source | None: ...

    def report(self, place: ClaimPlace, bsn: Bsn, wish: ReportWish) -> str: ...

    def of(self, bsn: Bsn) -> tuple[KnownReport, ...]: ...


class ShowsDesk(Protocol):
    """The use case `app.services.desk.CounsellorsDesk`."""

    def look(self, files: Sequence[NamedFile]) -> tuple[DeskView, str | None]: ...

    def add(
        self, ticket: str, number: str, files: Sequence[NamedFile]
    ) -> tuple[DeskView, str | None] | None: ...

    def view(self, ticket: str) -> DeskView | None: ...

    def file(self, ticket: str, format_name: str, number: str | None = None) -> IssuedFile | None: ...

    def forget(self, ticket: str) -> None: ...


class LooksUpPaper(Protocol):
    """The use case `app.services.paper.Paper`."""

    @property
    def days(self) -> int: ...

    def look(self, typed: str) -> PaperAnswer: ...


class SharesOverviews(Protocol):
    """The use case `app.services.share.Shares`."""

    @property
    def limits(self) -> ShareLimits: ...

    def share(self, collection_id: str, owner: str, bsn: Bsn, wish: Wish) -> Made: ...

    def find(self, typed: str) -> FoundShare | None: ...

    def open(self, found: FoundShare, by: str) -> Counted | None: ...

    def find_again(self, typed: str, ticket: str) -> FoundShare | None: ...

    def of(self, bsn: Bsn) -> tuple[ShareState, ...]: ...

    def end(self, share_id: str, bsn: Bsn) -> bool: ...


class SharesWithOrganisations(Protocol):
    """The use case `app.services.share_organisations.OrganisationShares`."""

    @property
    def organisations(self) -> Mapping[str, RegisteredOrganisation]: ...

    def share(self, collection_id: str, owner: str, bsn: Bsn, wish: OrganisationWish) -> NewShare: ...


@dataclass(frozen=True, slots=True)
class AgreedStatement:
    """Who agreed to the accessibility statement, and when; `register_address`: its address in the register of the government."""

    agreed_on: date
    responsible: str
    register_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTexts:
    """Texts of this installation.

    `organisation_name` is the registered name of the organisation that may use the BSN: it stands beside the log-in
    button (DigiD criterion C2). `base_address` is the fixed public address without a slash at the end: addresses are
    never built from what a browser sends. `security_contact` is a mailto: or https: address (RFC 9116),
    which holds until the day `security_contact_until`.
    `idle_seconds` and `absolute_seconds` say how long a session lasts, `log_kept_days` how long the audit log is kept.
    `digid_need` says what the citizen must have to reach the level that this service asks; `may_represent`, whether people can
    log in on behalf of others. `statement` None: nobody agreed yet to the accessibility statement.
    """

    organisation_name: str
    base_address: str
    security_contact: str
    security_contact_until: date
    contact: tuple[ContactOption, ...] = ()
    digid_need: str = N_("de DigiD-app met ID-check")
    may_represent: bool = False
    idle_seconds: int = 15 * 60
    absolute_seconds: int = 60 * 60
    log_kept_days: int = 365
    statement: AgreedStatement | None = None

    @property
    def idle_limit(self) -> str:
        """In words, in the language of this moment; so are the others."""
        return formatting.duration(self.idle_seconds)

    @property
    def absolute_limit(self) -> str:
        return formatting.duration(self.absolute_seconds)

    @property
    def log_kept(self) -> str:
        return ngettext("%(number)s dag", "%(number)s dagen", self.log_kept_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServices:
    """Everything that the pages may use. `progress_wait_seconds`: how long one request for the progress page may
    wait for sources, so that a browser without JavaScript need not press a button for a quick answer.
    `progress_streams`: how many progress pages may be filled in at the same time by one process; each takes a thread.
    `arrivals`: what links on other sites may bring along.
    `apps`: the authorization server for app back ends; None: there is none, and no address of it.
    `paper` None: printed overviews cannot be looked up. `shares` None: sharing is off. `share_organisations` None: only by a
    code."""

    login: LoginProvider
    collections: CollectsClaims
    issue: IssuesFiles
    verify: VerifiesFiles
    desk: ShowsDesk
    audit: WritesAudit
    my_data: ShowsMyData
    open_sessions: ShowsSessions
    reports: ReportsErrors
    clock: Clock
    texts: WebTexts
    seal: Callable[[], PublishedSeal]
    paper: LooksUpPaper | None = None
    shares: SharesOverviews | None = None
    share_organisations: SharesWithOrganisations | None = None
    progress_wait_seconds: float = 2.0
    progress_streams: int = 3
    apps: OAuthServer | None = None
    arrivals: ArrivalRules = NOTHING_ALLOWED
