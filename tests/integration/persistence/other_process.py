"""A second process on the same database: started by the tests with address, key file and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

from app.persistence.cipher import KeyRing
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import open_database
from tests.integration.persistence.outcomes import answer


def main(url: str, key_file: str, *source_ids: str) -> None:
    """Save an answer of every given source in collection `c1`, as a worker process would."""
    database = open_database(url)
    store = SqlCollectionStore(database, KeyRing.parse(Path(key_file).read_text()))
    for source_id in source_ids:
        store.save_outcomes("c1", [(1, answer(source_id))])
    found = store.load("c1", "me")
    print(0 if found is None else len(found.sources))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
