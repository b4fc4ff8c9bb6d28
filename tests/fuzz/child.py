"""The process that reads hostile input, guided by coverage.
Usage: python -m tests.fuzz.child TARGET FILE-FOR-THE-CURRENT-INPUT [flags and folders of libFuzzer].

libFuzzer watches it from inside: a case that takes too long, or a process that takes too much memory, is a failure too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import atheris

from tests.fuzz.current import CurrentInput
from tests.fuzz.limits import bound_address_space

_SHARE_OF_LIBFUZZER = 0.15


def main() -> None:
    bound_address_space()
    with atheris.instrument_imports(include=["claims", "sources", "signxml"]):
        from tests.fuzz.target import any_target
        from tests.fuzz.watch import Watch

        target = any_target(sys.argv[1])
    watch, current = Watch(), CurrentInput(Path(sys.argv[2]))
    check = target.make()
    watch.install()

    def read(data: bytes) -> None:
        current.note(data)
        check(data)
        watch.check()

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < _SHARE_OF_LIBFUZZER:
            return bytes(atheris.Mutate(data, largest))
        return target.mutate(data, random)[:largest]

    atheris.Setup([sys.argv[0], *sys.argv[3:]], read, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
