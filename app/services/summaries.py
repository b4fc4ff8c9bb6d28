"""Make the files of a summary: one frozen record, sealed as a document of its own kind, and in the register like any other.

They are Dutch, whatever the counsellor reads: they go to creditors and courts.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from app.documents import summary_csv, summary_json, summary_pdf, summary_xlsx, xlsx
from app.documents.summary_json import LeftOutFile, Summary
from app.language import DUTCH, speaking
from app.ports.clock import Clock
from app.ports.register import DocumentRegister, RegisterEntry
from app.services import audit_facts
from app.services.audit import WritesAudit
from app.services.issue import IssuedFile, Sealing, check_clock, check_key, verify_own, write_sealed
from app.services.numbers import SUMMARY, new_number
from app.services.register_digest import register_digest
from claims.merged import Merged

SEALED = {"pdf": "application/pdf", "json": "application/json"}
TABLES = {"csv": "text/csv; charset=utf-8", "xlsx": xlsx.MEDIA_TYPE}
MEDIA_TYPES = {**SEALED, **TABLES}


class Summaries:
    """`register` and `audit` as for overviews: a summary can be revoked, and the citizen sees that it was made. `account`: who
    uses the command; None: a visitor of the site."""

    def __init__(
        self,
        sealing: Callable[[], Sealing],
        register: DocumentRegister,
        clock: Clock,
        audit: WritesAudit,
        account: str | None = None,
    ) -> None:
        self._sealing = sealing
        self._register = register
        self._clock = clock
        self._audit = audit
        self._account = account

    @speaking(DUTCH)
    def freeze(self, merged: Merged, left_out: Sequence[LeftOutFile] = ()) -> bytes:
        """The record from which every file of this summary is made. `left_out`: what was brought and not merged. Raises
        SealingFailed while our clock is wrong: what is frozen now is sealed later, perhaps by another process."""
        check_clock(self._register, self._clock)
        now = self._clock.now().replace(microsecond=0)
        number, nonce = new_number(now.year, SUMMARY), secrets.token_hex(16)
        summary = Summary(number, nonce, now, merged, tuple(left_out))
        return summary_json.write_payload(summary, self._sealing().issuer)

    def make(self, payload: bytes, format_name: str) -> IssuedFile:
        """One file of a frozen record. What is sealed is in the register and in the audit log first. Raises NotPrintable,
        SealingFailed, RegisterUnavailable, StorageUnavailable; KeyError for an unknown format."""
        summary, media_type = summary_json.read_payload(payload), MEDIA_TYPES[format_name]
        name = f"{summary_json.DOCUMENT_TYPE}-{summary.number}.{format_name}"
        self._audit.write(audit_facts.summary_made(summary.bsn, summary.number, format_name, self._account))
        with speaking(DUTCH):
            is_sealed = format_name in SEALED
            content = (
                self._sealed(summary, payload, format_name) if is_sealed else table(summary, format_name)
            )
        return IssuedFile(name, media_type, content, summary.number)

    def _sealed(self, summary: Summary, payload: bytes, format_name: str) -> bytes:
        sealing = self._sealing()
        check_clock(self._register, self._clock)
        check_key(self._register, sealing.pdf.key_id, self._clock.now())
        self._register.add(_entry(summary, payload, sealing.pdf.key_id))
        if format_name == "json":
            content = sealing.json.seal(payload, summary.made_at)
        else:
            content, _ = write_sealed(
                lambda seal: summary_pdf.write(summary, payload, sealing.issuer, seal), sealing
            )
        verify_own(sealing, content, payload)
        return content


def table(summary: Summary, format_name: str) -> bytes:
    """A file that is not sealed: "csv" or "xlsx"."""
    return summary_csv.write(summary) if format_name == "csv" else summary_xlsx.write(summary)


def _entry(summary: Summary, payload: bytes, key_id: str) -> RegisterEntry:
    """Of no collection: nothing makes a summary out of date but the files it was made from."""
    digest = register_digest(payload, hides_code=False)
    return RegisterEntry(summary.number, digest, key_id, summary.made_at, f"summary {summary.nonce}")
