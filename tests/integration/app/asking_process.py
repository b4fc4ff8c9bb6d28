"""A process that asks all sources, put together as the service itself is. Started by the tests.

Arguments: `ask` or `forget`, then citizens. `forget`: the last one logs out while a source is still being asked.
Prints one line per outcome that a citizen was shown: the source, and how the question ended.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable

from app.bootstrap import site_or_exit
from app.ports.collections import AskedSource
from app.ports.data_subject import DataSubject
from app.services.collection import CollectionView
from app.web.services import CollectsClaims
from claims.identity import Bsn
from claims.outcome import SourceAnswer, SourceFailure
from tests.support.waiting import PATIENCE_S, wait_until


def main(last_one: str, *citizens: str) -> None:
    _, services, *_ = site_or_exit()
    for bsn in citizens:
        forgets = last_one == "forget" and bsn == citizens[-1]
        owner = f"owner of {threading.get_native_id()}"
        services.collections.start(owner, DataSubject(Bsn(bsn)))
        view = wait(services.collections, owner, pending=1 if forgets else 0)
        tell(one for one in view.sources if one.outcome is not None)
        services.collections.forget(owner)
        wait_for_threads()


def wait(collections: CollectsClaims, owner: str, pending: int) -> CollectionView:
    """Until no more than so many sources are still being asked."""

    def look() -> CollectionView | None:
        view = collections.latest(owner)
        return view if view is not None and len(view.pending) <= pending else None

    seen = wait_until(look, "sources are still being asked")
    assert seen is not None
    return seen


def wait_for_threads() -> None:
    """The collection looks once a second whether anybody still waits."""
    for thread in threading.enumerate():
        if thread.name == "gather":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def tell(asked: Iterable[AskedSource]) -> None:
    for one in asked:
        outcome = one.outcome
        if isinstance(outcome, SourceFailure):
            print(one.source.source_id, outcome.cause.value)
        elif isinstance(outcome, SourceAnswer):
            print(one.source.source_id, outcome.kind.value if outcome.is_full else "partial")


if __name__ == "__main__":
    main(*sys.argv[1:])
