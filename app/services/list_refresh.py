"""Take a newer signed list of organisations; that another one is in force stands in the audit log."""

from __future__ import annotations

from dataclasses import dataclass

from app.services import audit_facts
from app.services.audit import WritesAudit
from sources.config import SourceConfig
from sources.fcid.scheme.refresh import refresh
from sources.ports import SourcePorts


@dataclass(frozen=True, slots=True)
class ListRefresh:
    """`account`: of the operator who asked; None: by itself."""

    ports: SourcePorts
    audit: WritesAudit
    account: str | None = None

    def refresh(self, config: SourceConfig) -> bool:
        """Whether the list is in order. Raises SourceError when the store cannot be used."""
        before = self._version(config)
        problem = refresh(config, self.ports).problem
        after = self._version(config)
        if after is not None and after != before:
            self.audit.try_write(audit_facts.list_taken(config.source_id, after, self.account))
        return problem is None

    def _version(self, config: SourceConfig) -> int | None:
        held = self.ports.schemes.load(config.source_id)
        return None if held is None else held.version
