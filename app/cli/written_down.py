"""Commands that change something stand in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.ports.audit import Result
from app.services.audit import Fact
from app.settings import Settings


@contextmanager
def written_down(settings: Settings, fact: Fact) -> Iterator[None]:
    """The row comes first: without it the block does not run (StorageUnavailable). A block that fails gets a second row
    that says so."""
    audit = command_audit(settings, open_storage(settings).database)
    audit.write(fact)
    try:
        yield
    except BaseException:
        audit.try_write(replace(fact, result=Result.FAILED))
        raise
