"""Makes the files that the examiner looks at before all others: `python -m tests.support.examiner_sample`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from signing.verifying.sample import FILE, examine_sample
from signing.verifying.wire import DEFAULT, Job, write_job
from tests.corpus.world import World, new_world
from tests.support import snapshots


def write_sample(world: World, file: Path) -> None:
    """An archived PDF of few claims and a JSON, of today."""
    archived = world.place.archived(world.sealed(world.snapshot(snapshots.partial_outcomes()), level="B-LT"))
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    jobs = (write_job(Job(DEFAULT, world.policy, len(data))) + data for data in (archived, world.json()))
    file.write_bytes(b"%s\n%s" % (moment.encode("ascii"), b"".join(jobs)))


if __name__ == "__main__":
    with new_world() as world:
        write_sample(world, FILE)
    examine_sample()
