"""Building the audit log and what keeps it, by the settings."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.persistence.audit_log import SqlAuditLog
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database
from app.ports.audit import Origin
from app.ports.clock import Clock, SystemClock
from app.ports.register import KeyRevocation
from app.services.audit import Audit
from app.services.audit_check import Read
from app.services.audit_keeping import AuditKeeper
from app.services.audit_statement import Statement
from app.services.background import Job
from app.settings import Settings
from signing.policy import TrustPolicy, load_trust
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from signing.verifying.examination import examine_here

SEAL_EVERY = timedelta(minutes=1)
PURGE_EVERY = timedelta(days=1)
_GOOD = (Finding.GENUINE, Finding.EXPIRED_UNPROVEN)


def build_audit(settings: Settings, database: Database, clock: Clock, origin: Origin) -> Audit:
    """What writes the rows of one program. Raises ValueError or OSError for a bad key file."""
    return Audit(SqlAuditLog(database), build_pseudonyms(settings), clock, origin)


def command_audit(settings: Settings, database: Database) -> Audit:
    """What writes the rows of a command. Raises ValueError or OSError for a bad key file."""
    return build_audit(settings, database, SystemClock(), Origin.COMMAND)


def build_pseudonyms(settings: Settings) -> FilePseudonyms:
    """Raises ValueError or OSError for a bad key file."""
    return settings.audit.pseudonyms()


def has_pseudonym_keys(settings: Settings, database: Database) -> Callable[[], bool]:
    """Whether every key that rows in the log need is still there: without it a citizen does not see all."""
    log, pseudonyms = SqlAuditLog(database), build_pseudonyms(settings)
    return lambda: log.used_keys() <= pseudonyms.key_ids


def head_reader(
    policy: TrustPolicy, own_identifier: str, key_revocation: Callable[[str], KeyRevocation | None]
) -> Read:
    """What tells whether a head is under the seal of this organisation. A head that was sealed after its key was revoked
    vouches for nothing."""

    def read(token: bytes) -> Statement | None:
        report = examine_here(token, policy, datetime.now(UTC))
        is_own = report.organization_identifier == own_identifier
        if report.finding not in _GOOD or not is_own or report.payload is None or report.sealed_at is None:
            return None
        revocations = [key_revocation(name) for name in (report.key_id, report.other_key_id) if name]
        if any(one is not None and report.sealed_at >= one.since for one in revocations):
            return None
        return Statement.from_payload(report.payload)

    return read


def build_reader(settings: Settings, database: Database) -> Read:
    """The same by the settings; reads the trust folder now. Raises SigningError."""
    register = SqlDocumentRegister(database)
    own = settings.organisation.organization_identifier
    return head_reader(load_trust(settings.trust_folder), own, register.key_revocation)


def audit_jobs(settings: Settings, database: Database, audit: Audit) -> tuple[Job, ...]:
    """Sealing every minute; looking it all over, and deleting, every day. Only a job that runs touches the key."""

    @functools.lru_cache(maxsize=1)
    def seal_of(_stamp: object) -> JsonSeal:
        return JsonSeal(settings.seal.load())

    def keeper() -> AuditKeeper:
        seal = lambda: seal_of(settings.seal.stamp())  # noqa: E731 -- another key may have become active
        return AuditKeeper(SqlAuditLog(database), audit, seal, build_reader(settings, database))

    keep = timedelta(days=settings.audit.keep_days)
    return (
        Job("seal_audit_head", SEAL_EVERY, lambda now: keeper().seal_head(now)),
        Job("purge_audit_log", PURGE_EVERY, lambda now: keeper().check_and_purge(now, keep)),
    )
