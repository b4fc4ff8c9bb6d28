"""A delivery that holds far fewer records than the last one is refused, unless somebody confirms that it is right.

A file can be whole by its own count and still lack half of the people: a department that fell out of the export. Whoever is
not in it would read "no claims", or would not be asked at all when the file is an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.identity import Bsn
from sources.errors import Misconfigured
from sources.ports import BatchStore, Delivery, DeliveryRefused, HeldDelivery, HeldRecords

FEWEST = 20  # of fewer records than this the number says little: a handful may well halve


@dataclass
class _Counted:
    records: Iterable[tuple[Bsn, bytes]]
    number: int = 0

    def __iter__(self) -> Iterator[tuple[Bsn, bytes]]:
        for record in self.records:
            self.number += 1
            yield record


@dataclass(frozen=True)
class NotMuchSmaller:
    """Implements BatchStore on top of another one: `replace` refuses what holds less than `least_share` of what is held
    now (0: takes anything)."""

    store: BatchStore
    least_share: float

    def find(self, source_id: str, bsn: Bsn) -> HeldRecords | None:
        return self.store.find(source_id, bsn)

    def age(self, source_id: str, now: datetime) -> timedelta | None:
        return self.store.age(source_id, now)

    def held(self, source_id: str) -> HeldDelivery | None:
        return self.store.held(source_id)

    def replace(
        self,
        source_id: str,
        started_at: datetime,
        records: Iterable[tuple[Bsn, bytes]],
        finish: Callable[[], Delivery],
    ) -> None:
        before, counted = self._held_now(source_id), _Counted(records)

        def checked() -> Delivery:
            delivery = finish()
            self._check(before, counted.number)
            return delivery

        self.store.replace(source_id, started_at, counted, checked)

    def _held_now(self, source_id: str) -> int:
        """Zero also when nobody can open it any more: a new file is the way to mend that."""
        try:
            held = self.store.held(source_id)
        except Misconfigured:
            return 0
        return 0 if held is None else held.records

    def _check(self, before: int, now: int) -> None:
        if before >= FEWEST and now < self.least_share * before:
            raise DeliveryRefused(
                f"the file has {now} usable records and the delivery before it {before}: ask whether it is whole. If it "
                "is, import it with --accept-smaller"
            )
