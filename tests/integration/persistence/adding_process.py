"""A process that counts in the figures: started by the tests with address, source and number of rounds."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from app.persistence.engine import open_database
from app.persistence.source_figures import SqlSourceFigures
from app.ports.figures import ProcessState
from app.services.figure_counts import FigureCounts
from sources.events import AskedEvent, AskResult

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCES = [f"source-{number}" for number in range(30)]


def main(url: str, process_id: str, rounds: str) -> None:
    """Every round is a transaction in which every source answers once and fails once. Sources come in another order
    in each process: whoever locks rows in that order ends in a deadlock."""
    database = open_database(url)
    store = SqlSourceFigures(database)
    order = SOURCES if process_id == "one" else SOURCES[::-1]
    for _ in range(int(rounds)):
        counts = FigureCounts()
        for source_id in order:
            counts.count(
                AskedEvent(source_id, NOON, AskResult.CLAIMS, 0.25, frozenset({"rule_one", "rule_two"}))
            )
            counts.count(AskedEvent(source_id, NOON, AskResult.TOO_SLOW, 60.0))
        store.add(counts.tally(), ProcessState(process_id, NOON, NOON, {}))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
