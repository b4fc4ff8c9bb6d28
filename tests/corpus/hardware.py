"""Files of which the key never left a hardware module: SoftHSM2, in a program of its own.

The library is initialised once per process, with the token of whoever came first; so each kind of key gets a process:
`python -m tests.corpus.hardware FOLDER`, where FOLDER holds an identity; it leaves zegel.pdf and zegel.json there.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from app.documents import pdf
from app.documents.json import write_payload
from signing.keys.pkcs11 import load_pkcs11_key
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from simulators.certificates import KeyKind, read_private_key
from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support import snapshots
from tests.support.seals import now
from tests.support.softhsm import SoftHsm

PDF, JSON = Group("token-pdf", 11), Group("token-json", 11, "json")


def cases() -> Iterator[Case]:
    kind: KeyKind
    for kind in get_args(KeyKind):
        why = f"five sources, sealed with {kind} in a hardware module (PKCS#11)"
        yield PDF.case(kind, why, given(lambda w, k: _sealed(w, k)[0], kind))
        yield JSON.case(kind, why, given(lambda w, k: _sealed(w, k)[1], kind))


@functools.cache
def _sealed(world: World, kind: KeyKind) -> tuple[bytes, bytes]:
    """An overview as PDF and as JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world.with_key(kind).identity.write(folder, "zegel")
        subprocess.run([sys.executable, "-m", __name__, name], check=True)
        return (folder / "zegel.pdf").read_bytes(), (folder / "zegel.json").read_bytes()


def main(folder: Path) -> None:
    """Put the key into a token, throw the file with it away, and seal."""
    key_file = folder / "zegel.key.pem"
    token_key = SoftHsm.create(folder / "token").put(read_private_key(key_file), "zegel")
    key_file.unlink()
    key = load_pkcs11_key(token_key, folder / "zegel.pem", folder / "zegel.chain.pem")
    snapshot = snapshots.snapshot_now(snapshots.full_outcomes())
    record = write_payload(snapshot)
    (folder / "zegel.pdf").write_bytes(pdf.write(snapshot, record, PdfSeal(key)))
    (folder / "zegel.json").write_bytes(JsonSeal(key).seal(record, now()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
