"""An organisation that seals at every level: its authority, and a time-stamp authority in a process of its own, so that
its work does not count as ours.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys.backend import KeyBackend
from signing.sealing.pdf import LongTermData, PdfSeal
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient
from signing.time_stamp import read_time_stamp
from simulators.authority import DEMO_IDENTIFIER, create_authority
from simulators.certificates import KeyKind as KindName
from simulators.time_stamps import load_time_stamps
from tests.support.seals import NAME, Town

LEVELS = ("B-B", "B-T", "B-LT")


@dataclass(frozen=True)
class Office:
    """`client` has so much patience that a busy machine changes no level."""

    town: Town
    tsa_url: str
    client: TimeStampClient

    @classmethod
    def of(cls, town: Town, url: str) -> Office:
        authority = TimeStampAuthority(url, (town.tsa.root_der(),), limit=60.0)
        return cls(town, url, TimeStampClient(authority))

    def seal(self, key: KeyBackend, level: str) -> PdfSeal:
        """A seal of this level; long-term data is fetched beforehand, as the service does."""
        bare = PdfSeal(key)
        if level == "B-B":
            return bare
        return bare.with_time_stamp(self.client, self.long_term() if level == "B-LT" else None)

    def long_term(self) -> LongTermData:
        """Certificates and revocation lists of the seal and of its time-stamps."""
        stamp, key = read_time_stamp(self.client.token(bytes(32))), self.town.key
        chain = [one.public_bytes(Encoding.DER) for one in (key.certificate, *key.chain)]
        certificates = (*chain, stamp.leaf, *stamp.others, *self.roots())
        return LongTermData(certificates, self.crls())

    def roots(self) -> tuple[bytes, ...]:
        """Of the seal and of the time-stamps, DER."""
        return self.town.authority.seal_root_der(), self.town.tsa.root_der()

    def crls(self) -> tuple[bytes, ...]:
        """Of the seal and of the time-stamps, DER."""
        return *self.town.authority.crls(), *self.town.tsa.crls()


@contextmanager
def offices(kinds: Iterable[KindName]) -> Iterator[dict[KindName, Office]]:
    """One for every kind of key, under one authority."""
    first = Town.create()
    with TemporaryDirectory() as name, time_stamps(first, Path(name)) as url:
        yield {kind: Office.of(first.with_seal(key_kind=kind), url) for kind in kinds}


def office_in(folder: Path, url: str) -> Office:
    """One under the authority that `time_stamps` has put into this folder, perhaps in another process."""
    authority, tsa = create_authority(folder / "authority"), load_time_stamps(folder / "tsa")
    return Office.of(Town(authority, authority.issue_seal(NAME, DEMO_IDENTIFIER), tsa), url)


@contextmanager
def time_stamps(town: Town, folder: Path) -> Iterator[str]:
    """The address of this town's time-stamp authority, on loopback, in a process of its own."""
    town.authority.save(folder / "authority")
    town.tsa.save(folder / "tsa")
    command = [sys.executable, "-m", "bench.time_stamp_child", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the simulated time-stamp authority did not start")
        try:
            yield url
        finally:
            process.stdin.close()
            process.wait(timeout=30)
