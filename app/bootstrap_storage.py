"""Every store of the database, opened by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.health import Check
from app.persistence.batch_store import SqlBatchStore
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.desk_store import SqlDeskStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database, open_database
from app.persistence.jobs import SqlJobLedger
from app.persistence.migrations import fits_this_program
from app.persistence.rate_counts import SqlRateCounter
from app.persistence.scheme_store import SqlSchemeStore
from app.persistence.seal_material import SqlSealMaterial
from app.persistence.session_store import SqlSessionStore
from app.persistence.source_figures import SqlSourceFigures
from app.persistence.tables import counsellor_sessions, operator_sessions
from app.ports.clock import Clock
from app.settings import Settings
from sources.ports import SourcePorts


@dataclass(frozen=True, slots=True)
class Storage:
    """Everything in the database."""

    database: Database
    sessions: SqlSessionStore
    operator_sessions: SqlSessionStore
    counsellor_sessions: SqlSessionStore
    collections: SqlCollectionStore
    register: SqlDocumentRegister
    ledger: SqlJobLedger
    batches: SqlBatchStore
    figures: SqlSourceFigures
    schemes: SqlSchemeStore
    material: SqlSealMaterial
    rates: SqlRateCounter
    desk: SqlDeskStore

    def source_ports(self, clock: Clock) -> SourcePorts:
        return SourcePorts(clock, batches=self.batches, schemes=self.schemes)

    @property
    def health_checks(self) -> dict[str, Check]:
        return {"database": lambda: fits_this_program(self.database)}


def open_storage(settings: Settings) -> Storage:
    """Open the stores; connects to nothing yet."""
    keys = settings.storage.key_ring()
    database = open_database(settings.database.full_url())
    return Storage(
        database,
        SqlSessionStore(database, keys),
        SqlSessionStore(database, keys, operator_sessions),
        SqlSessionStore(database, keys, counsellor_sessions),
        SqlCollectionStore(database, keys),
        SqlDocumentRegister(database),
        SqlJobLedger(database),
        SqlBatchStore(database, keys),
        SqlSourceFigures(database),
        SqlSchemeStore(database),
        SqlSealMaterial(database),
        SqlRateCounter(database),
        SqlDeskStore(database),
    )
