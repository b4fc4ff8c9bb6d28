"""What stands in the register and in the audit log, compared with what citizens were given."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from app.cli.main import main
from app.persistence.audit_log import SqlAuditLog
from app.persistence.tables import documents
from app.ports.audit import NO_ROW_BEFORE, AuditRow, ChainEnd
from app.services.audit_check import is_sound
from app.services.register_digest import is_registered_as
from app.settings import load_settings
from claims.identity import Bsn
from tests.faults.installation import Installation
from tests.faults.judge import Deed, Findings
from tests.faults.reading import payload_of
from tests.faults.world import PEOPLE


class Records:
    """Looks after each run at the rows that came since the one before."""

    def __init__(self, installation: Installation) -> None:
        settings = load_settings(installation.instance.settings_file, allow_loopback_http=True)
        pseudonyms = settings.audit.pseudonyms()
        self._installation = installation
        self._bsns = {pseudonyms.of_citizen(Bsn(person.bsn)).value: person.bsn for person in PEOPLE}
        self._log = SqlAuditLog(installation.database)
        self._end = self._log.end() or ChainEnd(0, NO_ROW_BEFORE)

    def check(self, findings: Findings) -> None:
        """Raises StorageUnavailable when the database does not work although the faults are over."""
        self._check_register(findings)
        rows = self._new_rows(findings)
        self._check_deeds(findings, rows)

    def _check_register(self, findings: Findings) -> None:
        numbers = {name.partition(".")[0] for name in findings.documents}
        query = select(documents.c.number, documents.c.payload_digest).where(documents.c.number.in_(numbers))
        with self._installation.database.read() as connection:
            registered = {row.number: row.payload_digest for row in connection.execute(query)}
        for name, content in findings.documents.items():
            digest = registered.get(name.partition(".")[0])
            if digest is None or not is_registered_as(payload_of(content), digest):
                findings.is_broken(f"an issued document is not in the register as it is: {name}")

    def _new_rows(self, findings: Findings) -> list[AuditRow]:
        """And that the log goes on from where it was, each row after the one before."""
        with self._log.view() as view:
            kept = next(view.rows(self._end.position - 1), None) if self._end.position else None
            rows = list(view.rows(self._end.position))
        if self._end.position and (kept is None or kept.row_hash != self._end.row_hash):
            findings.is_broken("rows of the audit log that were there are gone")
        before = self._end
        for row in rows:
            if not is_sound(row, before):
                findings.is_broken(f"the chain of the audit log is broken at {row.position}")
            before = ChainEnd(row.position, row.row_hash)
        self._end = before
        return rows

    def _check_deeds(self, findings: Findings, rows: Iterable[AuditRow]) -> None:
        written = Counter(deed for row in rows for deed in self._deeds_of(row))
        for deed, times in findings.deeds.items():
            if written[deed] < times:
                findings.is_broken(
                    f"{times} times {deed.event} {deed.object} {deed.detail}, {written[deed]} in the audit log"
                )

    def _deeds_of(self, row: AuditRow) -> Iterable[Deed]:
        entry = row.entry
        if entry is not None and (bsn := self._bsns.get(entry.subject or "")):
            event = str(entry.event)
            yield Deed(event, bsn, entry.object, "" if event == "logged_in" else entry.detail)


def are_genuine(documents: Mapping[str, bytes], trust: Path) -> bool:
    """What `blauwe-knop verify` says, which knows nothing of the service but its certificates. Prints what it prints when
    not every file is genuine."""
    if not documents:
        return True
    with tempfile.TemporaryDirectory() as folder, _quiet() as said:
        for name, content in documents.items():
            (Path(folder) / name).write_bytes(content)
        code = main(["verify", "--trust", str(trust), folder])
    if code:
        print(said.getvalue())
    return code == 0


@contextlib.contextmanager
def _quiet() -> Iterator[io.StringIO]:
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        yield said
