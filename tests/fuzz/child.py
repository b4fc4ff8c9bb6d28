"""The process that reads hostile input. Usage: python -m tests.fuzz.child TARGET [flags and folders of libFuzzer].

libFuzzer watches it from inside: a case that takes too long, or a process that takes too much memory, is a failure too.
"""

from __future__ import annotations

import resource
import sys
from random import Random

import atheris

_MOST_MEMORY = 3 * 1024**3  # of address space: the limit of libFuzzer is on memory that is really used
_SHARE_OF_LIBFUZZER = 0.15


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    with atheris.instrument_imports(include=["claims", "sources", "signxml"]):
        from tests.fuzz.targets import any_target
        from tests.fuzz.watch import Watch
    target, watch = any_target(sys.argv[1]), Watch()
    check = target.make()
    watch.install()

    def read(data: bytes) -> None:
        check(data)
        watch.check()

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < _SHARE_OF_LIBFUZZER:
            return bytes(atheris.Mutate(data, largest))
        return target.mutate(data, random)[:largest]

    atheris.Setup([sys.argv[0], *sys.argv[2:]], read, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
