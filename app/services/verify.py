"""Judge a file that somebody brings: one verdict, by the ordered table of NAMES.md, for page and command alike.

The examination of the bytes happens in `signing.verifying`; here its finding meets the register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum

from app.documents import json as record
from app.documents import summary_json
from app.documents.summary_json import Summary
from app.language import N_
from app.ports.register import DocumentRegister, KeyRevocation, RegisterState, RegisterUnavailable
from app.ports.storage import StorageUnavailable
from app.services.audit import WritesAudit
from app.services.audit_facts import document_verified
from app.services.register_digest import is_registered_as
from claims.outcome import SourceOutcome
from signing.control_code import control_code
from signing.report import Check, Finding, SealReport
from sources.spans import Fact, span


class VerdictKind(Enum):
    """What the reader is told, with the exit code of `blauwe-knop verify`."""

    GENUINE = (N_("echt"), 0)
    ALTERED = (N_("gewijzigd"), 1)
    NOT_OURS = (N_("niet van ons"), 2)
    CANNOT_CHECK = (N_("kan nu niet controleren"), 3)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def exit_code(self) -> int:
        return self.value[1]


class Reason(StrEnum):
    """Why; one per row of the table."""

    EXAMINER_FAILED = "examiner_failed"
    REGISTER_UNAVAILABLE = "register_unavailable"
    AHEAD_OF_CLOCK = "ahead_of_clock"
    NOT_SEALED = "not_sealed"
    ALTERED = "altered"
    UNTRUSTED = "untrusted"
    REVOKED = "revoked"
    NOT_IN_REGISTER = "not_in_register"
    SUPERSEDED = "superseded"
    OTHER_ORGANISATION = "other_organisation"
    MOMENT_UNPROVEN = "moment_unproven"
    ARCHIVED = "archived"
    GENUINE = "genuine"

    @property
    def kind(self) -> VerdictKind:
        return _KIND[self][1]


_KIND = {
    Reason.EXAMINER_FAILED: (1, VerdictKind.CANNOT_CHECK),
    Reason.REGISTER_UNAVAILABLE: (1, VerdictKind.CANNOT_CHECK),
    Reason.AHEAD_OF_CLOCK: (1, VerdictKind.CANNOT_CHECK),
    Reason.NOT_SEALED: (2, VerdictKind.NOT_OURS),
    Reason.ALTERED: (3, VerdictKind.ALTERED),
    Reason.UNTRUSTED: (4, VerdictKind.NOT_OURS),
    Reason.REVOKED: (5, VerdictKind.NOT_OURS),
    Reason.NOT_IN_REGISTER: (6, VerdictKind.CANNOT_CHECK),
    Reason.SUPERSEDED: (7, VerdictKind.GENUINE),
    Reason.OTHER_ORGANISATION: (8, VerdictKind.GENUINE),
    Reason.MOMENT_UNPROVEN: (9, VerdictKind.GENUINE),
    Reason.ARCHIVED: (10, VerdictKind.GENUINE),
    Reason.GENUINE: (11, VerdictKind.GENUINE),
}

_BY_FILE_ALONE = {
    Finding.UNEXAMINED: Reason.EXAMINER_FAILED,
    Finding.AHEAD_OF_CLOCK: Reason.AHEAD_OF_CLOCK,
    Finding.NOT_SEALED: Reason.NOT_SEALED,
    Finding.ALTERED: Reason.ALTERED,
    Finding.UNTRUSTED: Reason.UNTRUSTED,
}


class ListedRevocation(KeyRevocation):
    """Not from our register but from the revocation list of the certificate's issuer; `reason` in the names of RFC 5280."""


Content = record.Recorded | Summary


@dataclass(frozen=True, slots=True)
class Verdict:
    """`document` is set only when the file is intact and by a trusted organisation; it says nothing about debts that
    other sources may have. `summary` instead of it: the file is no overview but a summary of verified files.
    `key_revocation` is what register or authority say about the key of the seal; with a verdict
    "echt" it holds for later seals only. `register_asked` False: checked offline, or the register is another organisation's.
    `moment_unproven`: the certificate has expired since and no time-stamp proves the moment, also when another row comes
    first. `ahead_of_clock`, `network_cut_off`, `files_cut_off`: as in `SealReport`. `sha256`: of the file, hexadecimal."""

    reason: Reason
    organisation: str | None = None
    sealed_at: datetime | None = None
    proven_at: datetime | None = None
    document: record.Recorded | None = None
    summary: Summary | None = None
    control_code: str | None = None
    moment_unproven: bool = False
    newer_number: str | None = None
    revoked_at: datetime | None = None
    revoked_reason: str | None = None
    key_revocation: KeyRevocation | None = None
    register_asked: bool = False
    checks: tuple[Check, ...] = ()
    ahead_of_clock: bool = False
    network_cut_off: bool | None = None
    files_cut_off: bool | None = None
    sha256: str | None = None

    @property
    def row(self) -> int:
        """Row in the table of NAMES.md."""
        return _KIND[self.reason][0]

    @property
    def kind(self) -> VerdictKind:
        return self.reason.kind

    @property
    def content(self) -> Content | None:
        """Whichever of the two it is."""
        return self.document or self.summary

    @property
    def included(self) -> tuple[SourceOutcome, ...]:
        """Sources that gave a full answer."""
        return tuple(o for o in self.document.overview.outcomes if o.is_full) if self.document else ()

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a boolean: look at its kind")


class Verify:
    """`register` None: offline, the register is not asked and the verdict says so. `own_identifier` is the
    organizationIdentifier of the organisation whose register this is. `audit`: where the citizen whose document it is can
    see that it was verified; None offline."""

    def __init__(
        self,
        examine: Callable[[bytes], SealReport],
        register: DocumentRegister | None = None,
        own_identifier: str | None = None,
        audit: WritesAudit | None = None,
    ) -> None:
        self._examine = examine
        self._register = register
        self._own_identifier = own_identifier
        self._audit = audit

    def verify(self, data: bytes) -> Verdict:
        """Never raises for what is in the file: every file gets a verdict."""
        with span("verify") as one:
            verdict = self._verdict(data)
            one.note(Fact.VERDICT, verdict.reason.value)
        return verdict

    def _verdict(self, data: bytes) -> Verdict:
        report = self._examine(data)
        if report.finding in _BY_FILE_ALONE:
            return _verdict_of_file(report, _BY_FILE_ALONE[report.finding])
        try:
            document = _read(report.payload or b"")
        except record.NotOurPayload:
            return _verdict_of_file(report, Reason.NOT_SEALED)
        return self._judge(report, document)

    def _judge(self, report: SealReport, document: Content) -> Verdict:
        is_own = self._own_identifier is not None and report.organization_identifier == self._own_identifier
        if self._register is None or not is_own or report.finding is Finding.KEY_REVOKED:
            reason = _without_register(report, is_foreign=self._register is not None and not is_own)
            verdict = _verdict_of_document(report, document, reason)
            return _with_revoked_key(report, _listed(report), verdict)
        try:
            state = self._register.find(document.number)
            revocation = _revocation_of_key(report, self._register)
        except RegisterUnavailable:
            return _verdict_of_file(report, Reason.REGISTER_UNAVAILABLE)
        verdict = _with_register(report, document, state)
        for one in (revocation, _listed(report)):
            verdict = _with_revoked_key(report, one, verdict)
        if state is None or not _is_registered(report, state):
            return verdict
        return self._written_down(report, document, verdict)

    def _written_down(self, report: SealReport, document: Content, verdict: Verdict) -> Verdict:
        """The verdict, once the citizen can see that somebody asked for it. Only of a document that is in our register:
        whoever has a stolen key could name anybody in another one."""
        if self._audit is None:
            return verdict
        try:
            self._audit.write(document_verified(document.bsn, document.number, verdict.reason.value))
        except StorageUnavailable:
            return _verdict_of_file(report, Reason.REGISTER_UNAVAILABLE)
        return verdict


def _read(payload: bytes) -> Content:
    """An overview or a summary; the one is never taken for the other. Raises NotOurPayload."""
    try:
        return record.read_payload(payload)
    except record.NotOurPayload:
        return summary_json.read_payload(payload)


def _revocation_of_key(report: SealReport, register: DocumentRegister) -> KeyRevocation | None:
    """Under both names of the certificate: a thief of the key chooses under which one it stands in the file."""
    names = (report.key_id, report.other_key_id)
    found = [revoked for name in names if name and (revoked := register.key_revocation(name)) is not None]
    return min(found, key=lambda revoked: revoked.since, default=None)


def _listed(report: SealReport) -> ListedRevocation | None:
    if report.revoked_at is None:
        return None
    reason = report.revocation_reason or ""
    return ListedRevocation(report.key_id or "", report.revoked_at, reason, report.revoked_at)


def _with_register(report: SealReport, document: Content, state: RegisterState | None) -> Verdict:
    if state is None or not _is_registered(report, state):
        return _verdict_of_document(report, document, Reason.NOT_IN_REGISTER, state)
    if state.revoked_at is not None:
        return _verdict_of_document(report, document, Reason.REVOKED, state)
    if state.superseded_by is not None:
        return _verdict_of_document(report, document, Reason.SUPERSEDED, state)
    return _verdict_of_document(report, document, _without_register(report, is_foreign=False), state)


def _is_registered(report: SealReport, state: RegisterState) -> bool:
    return is_registered_as(report.payload or b"", state.entry.payload_digest)


def _with_revoked_key(report: SealReport, revocation: KeyRevocation | None, verdict: Verdict) -> Verdict:
    """What a revoked key does to a verdict, whoever revoked it: only a time-stamp from before that moment keeps it."""
    if revocation is None or verdict.reason in {Reason.REVOKED, Reason.UNTRUSTED}:
        return verdict
    if report.proven_at is not None and report.proven_at < revocation.since:
        return replace(verdict, key_revocation=verdict.key_revocation or revocation)
    stated = report.sealed_at or revocation.recorded_at
    is_later = stated >= revocation.recorded_at
    return replace(
        verdict,
        reason=Reason.UNTRUSTED if is_later else Reason.REVOKED,
        document=None if is_later else verdict.document,
        summary=None if is_later else verdict.summary,
        key_revocation=revocation,
        revoked_at=revocation.since,
        revoked_reason=revocation.reason,
        register_asked=not isinstance(revocation, ListedRevocation) or verdict.register_asked,
    )


def _without_register(report: SealReport, *, is_foreign: bool) -> Reason:
    if is_foreign:
        return Reason.OTHER_ORGANISATION
    if report.finding is Finding.EXPIRED_UNPROVEN:
        return Reason.MOMENT_UNPROVEN
    return Reason.ARCHIVED if report.finding is Finding.ARCHIVED else Reason.GENUINE


def _verdict_of_file(report: SealReport, reason: Reason) -> Verdict:
    return Verdict(
        reason,
        organisation=report.organisation,
        sealed_at=report.sealed_at,
        proven_at=report.proven_at,
        revoked_at=report.revoked_at,
        revoked_reason=report.revocation_reason,
        checks=report.checks,
        ahead_of_clock=report.ahead_of_clock,
        network_cut_off=report.network_cut_off,
        files_cut_off=report.files_cut_off,
        sha256=report.sha256,
    )


def _verdict_of_document(
    report: SealReport, document: Content, reason: Reason, state: RegisterState | None = None
) -> Verdict:
    return Verdict(
        reason,
        organisation=report.organisation,
        sealed_at=report.sealed_at,
        proven_at=report.proven_at,
        document=document if isinstance(document, record.Recorded) else None,
        summary=document if isinstance(document, Summary) else None,
        control_code=control_code(report.payload or b""),
        moment_unproven=report.finding is Finding.EXPIRED_UNPROVEN,
        newer_number=state.superseded_by if state else None,
        revoked_at=state.revoked_at if state else None,
        revoked_reason=state.revoked_reason if state else None,
        register_asked=reason in _REGISTER_ASKED or state is not None,
        checks=report.checks,
        network_cut_off=report.network_cut_off,
        files_cut_off=report.files_cut_off,
        sha256=report.sha256,
    )


_REGISTER_ASKED = frozenset({Reason.NOT_IN_REGISTER, Reason.REVOKED, Reason.SUPERSEDED})
