"""Our own verdict on a case: the use case with examination and register, as the page and the command have it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.documents.json import read_payload
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import open_database
from app.ports.register import RegisterEntry
from app.services.verify import Verdict, Verify
from signing.report import SealReport
from signing.verifying.examination import examine_here
from signing.verifying.sandbox import DEFAULT, examine
from simulators.authority import DEMO_IDENTIFIER
from tests.corpus.case import Case, Register
from tests.corpus.world import World
from tests.support.databases import migrated_sqlite

_PATIENT = replace(DEFAULT, wall_seconds=300.0)
"""On a machine that is busy with other things, no file takes too long: its processor time and memory decide."""
_OTHER_IDENTIFIER = "NTRNL-90000002"


class Verifier:
    """`folder` holds the databases of the registers. Hostile files are examined by the limited child only."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder

    def verdict(self, case: Case, data: bytes) -> Verdict:
        """The verdict on these bytes, with the register as the case wants it."""
        identifier = _OTHER_IDENTIFIER if case.register is Register.OF_OTHERS else DEMO_IDENTIFIER
        return Verify(self._examiner(case), self._register(case.register), identifier).verify(data)

    def _examiner(self, case: Case) -> Callable[[bytes], SealReport]:
        policy = self._world.policy
        if case.hostile:
            return functools.partial(examine, policy=policy, limits=_PATIENT)
        return lambda data: examine_here(data, policy, datetime.now(UTC))

    @functools.cache  # noqa: B019 -- one database per state, for as long as the corpus is judged
    def _register(self, state: Register) -> SqlDocumentRegister | None:
        if state is Register.NOT_ASKED:
            return None
        if state is Register.OUT_OF_REACH:
            return SqlDocumentRegister(open_database(f"sqlite:///{self._folder / 'no' / 'such'}"))
        register = SqlDocumentRegister(open_database(migrated_sqlite(self._folder / state.name)))
        if state is not Register.UNKNOWN:
            self._fill(register, state)
        return register

    def _fill(self, register: SqlDocumentRegister, state: Register) -> None:
        record = self._world.record
        number = read_payload(record).number
        digest = hashlib.sha256(b"" if state is Register.OTHER_CONTENT else record).hexdigest()
        now = datetime.now(UTC)
        register.add(RegisterEntry(number, digest, "00" * 32, now, "1"))
        if state is Register.SUPERSEDED:
            register.add(RegisterEntry("BK-2026-NNNNNNNNNN", "00" * 32, "00" * 32, now, "1"))
        if state is Register.REVOKED:
            register.revoke(number, now, "fout")
