"""Make so many sealed documents, and print every now and then how much memory this process has in use. Linux only.

Usage: python -m bench.endurance_child FOLDER TSA_URL DOCUMENTS EVERY, with the authority and time-stamp authority that are
kept in the folder. Prints "DOCUMENTS BYTES" per sample, and at the end the size of the last document.
"""

from __future__ import annotations

import gc
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.documents.json import write_payload
from bench.overviews import Material, material
from bench.places import LEVELS, Office, office_in
from bench.quiet import quiet
from bench.sizes import Paper, Plan
from signing.report import Finding
from signing.verifying.examination import examine_here

_PAPER = Paper(1, Plan(1))
_RARE_LETTERS = 128  # from U+0100 (Latin Extended-A), all in the fonts
_EXAMINE_EVERY = 50


def main() -> None:
    folder, url, documents, every = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    quiet()
    office = office_in(folder, url)
    seals = [office.seal(office.town.key, level) for level in LEVELS]
    data = b""
    for number in range(documents):
        data = _source(number).write(seals[number % len(seals)])
        if number % _EXAMINE_EVERY == 0:
            _examine(office, data)
        if (number + 1) % every == 0:
            print(number + 1, _resident_bytes(), flush=True)
    print(len(data))


def _source(number: int) -> Material:
    source = material(_PAPER, number)
    if number % 10:
        return source
    snapshot = source.snapshot
    letter = chr(0x100 + number // 10 % _RARE_LETTERS)
    organisation = replace(snapshot.issuer.organisation, name=f"Gemeente Voorbeeld{letter}stad")
    changed = replace(snapshot, issuer=replace(snapshot.issuer, organisation=organisation))
    return replace(source, snapshot=changed, payload=write_payload(changed))


def _examine(office: Office, data: bytes) -> None:
    if examine_here(data, office.town.policy, datetime.now(UTC)).finding is not Finding.GENUINE:
        raise RuntimeError("our own seal does not verify")


def _resident_bytes() -> int:
    gc.collect()
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(kilobytes) * 1024


if __name__ == "__main__":
    main()
