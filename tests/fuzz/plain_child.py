"""The process that reads hostile input without being guided by coverage: several times as many cases in the same time.
Usage: python -m tests.fuzz.plain_child TARGET FILE-FOR-THE-CURRENT-INPUT ORDER, the last of which is JSON.

It starts from stored inputs, and goes on from those that were believed: what is nearly right gets furthest.
"""

from __future__ import annotations

import faulthandler
import json
import signal
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from bench.peak import peak_bytes
from tests.fuzz.current import CurrentInput
from tests.fuzz.limits import bound_address_space
from tests.fuzz.target import any_target
from tests.fuzz.watch import Broken, Watch

_MOST_KEPT, _LONGEST_KEPT = 500, 6_000
_SHARE_OF_STORED = 0.5


@dataclass(frozen=True)
class Order:
    """`folders` hold the inputs to start from; the limits are those of `Limits`."""

    seed: int
    cases: int
    folders: list[str]
    case_seconds: int
    megabytes: int
    longest_input: int

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass
class Pool:
    """Inputs to start from: those that were stored, and some that were believed since."""

    stored: list[bytes]
    believed: list[bytes] = field(default_factory=list)

    def choose(self, random: Random) -> bytes:
        young = self.believed and random.random() > _SHARE_OF_STORED
        return random.choice(self.believed if young else self.stored)

    def keep(self, data: bytes, random: Random) -> None:
        if len(data) > _LONGEST_KEPT:
            return
        if len(self.believed) < _MOST_KEPT:
            self.believed.append(data)
        else:
            self.believed[random.randrange(_MOST_KEPT)] = data


def main() -> None:
    order = Order(**json.loads(sys.argv[3]))
    bound_address_space()
    faulthandler.register(signal.SIGALRM, chain=True)  # says where it hangs, and then it ends
    done = _read_many(sys.argv[1], CurrentInput(Path(sys.argv[2])), order)
    print(f"stat::number_of_executed_units: {done}\nstat::peak_rss_mb: {_megabytes()}")


def _read_many(name: str, current: CurrentInput, order: Order) -> int:
    target, watch, random = any_target(name), Watch(), Random(order.seed)
    check, pool = target.make(), Pool(_inputs(order.folders) or [b""])
    watch.install()
    for _ in range(order.cases):
        data = target.mutate(pool.choose(random), random)[: order.longest_input]
        current.note(data)
        signal.setitimer(signal.ITIMER_REAL, order.case_seconds)
        believed = check(data)
        watch.check()
        if _megabytes() > order.megabytes:
            raise Broken(f"{_megabytes()} MB of memory is too much")
        if believed:
            pool.keep(data, random)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return order.cases


def _inputs(folders: list[str]) -> list[bytes]:
    return [file.read_bytes() for folder in folders for file in sorted(Path(folder).iterdir())]


def _megabytes() -> int:
    """Of this program alone: a whole test run, which may have started it, is larger than any reader may be."""
    return peak_bytes() // 1_000_000


if __name__ == "__main__":
    main()
