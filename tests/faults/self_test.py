"""Would the bench find it? Each broken build is run with a fault that shows what is wrong; and the whole one with the same."""

from __future__ import annotations

from pathlib import Path

from simulators.organisations.behaviour import Behaviour
from tests.faults.installation import installation
from tests.faults.records import Records
from tests.faults.run import RECOVERY_S, are_ready, run
from tests.faults.schedule import Fault, Schedule, Visit
from tests.faults.session import verify_all
from tests.faults.spoiling import SPOILERS
from tests.faults.world import SOURCES
from tests.support.waiting import wait_until

# What the bench says of each broken build: all of it.
_FOUND = dict(
    zip(
        SPOILERS,
        (
            (
                "page: bank-belastingen failed and is shown as no claims",
                "page: it says that all sources answered",
                "json file: bank-belastingen failed and is shown as no claims",
                "pages of the pdf file: it says that all sources answered",
                "csv file: it says that all sources answered",
                "csv file: bank-belastingen failed and is not among the missing ones",
            ),
            ("sees data of",),
            ("is not in the register",),
            ("in the audit log",),
            ("error page without a reference number",),
            ("not recovered within",),
        ),
        strict=True,
    )
)


_GIVES_UP_AFTER_S = 3.0  # who will never recover need not be waited for


def finds_every_broken_build(folder: Path) -> bool:
    """Prints what was found."""
    with installation(folder, spoilable=True) as one:
        wait_until(lambda: are_ready(one), "the service did not start")
        records = Records(one)
        good = True
        for number, (name, told) in enumerate([("", ()), *_FOUND.items()]):
            one.spoil_file.write_text(name, encoding="utf-8")
            recovery_s = _GIVES_UP_AFTER_S if name == SPOILERS[-1] else RECOVERY_S
            result = run(one, records, _telling(number), until_seen=True, recovery_s=recovery_s)
            broken = result.broken
            is_right = (
                all(any(words in promise for promise in broken) for words in told)
                if name
                else not broken and verify_all([result], one.instance.folder / "trust")
            )
            print(f"{'found' if name else 'whole build'}: {name or 'nothing'}: {is_right}", flush=True)
            print(*(f"  {promise}" for promise in broken), sep="\n", flush=True)
            good = good and is_right
        return good


def _telling(number: int) -> Schedule:
    """One source is down during a whole visit of both citizens, who look for a page that is not there too."""
    down = Fault(f"source {SOURCES[0].source_id}", str(Behaviour.DOWN), 0, 500)
    visits = tuple(
        Visit(
            place,
            number,
            0,
            wants_pdf=True,
            wants_csv=True,
            looks_at_own_data=False,
            has_it_verified=False,
            asks_again=False,
            logs_out=False,
            gets_lost=True,
        )
        for place in (4, 5)
    )
    return Schedule(number, (down,), visits)
