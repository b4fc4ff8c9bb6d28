"""Examining a sealed file, against the least that it takes: parse it, hash it and check two signatures.

The two are the seal itself and the one under the seal certificate; a file of a higher level holds more of them, and is
still held against two. "Parsing" is done twice: by pikepdf, in C++, and by pyHanko, which we use. The pool of processes in
which the service examines unverified files is measured beside it (its start is a warm-up round), against a Python that
starts and does nothing. Fifty pages are also held against one second.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pikepdf

from bench.measure import Operation, Ratio, compare, measure, spread
from bench.overviews import Material, material
from bench.places import LEVELS, Office, offices
from bench.render_and_seal import pages_of
from bench.sizes import Paper, Plan, Sizes
from signing.keys.backend import fits_certificate, signature_for_cms
from signing.policy import TrustPolicy
from signing.report import Finding
from signing.sealing.archive import archived
from signing.verifying import sandbox
from signing.verifying.examination import examine_here
from signing.verifying.pdf import ATTACHMENT, CONTROL_CODE_KEY
from signing.verifying.pdf_file import PdfFile

ARCHIVED = "B-LTA"
_INTERPRETER = "start Python"
_PIKEPDF, _PYHANKO = (
    "parse (pikepdf), hash, two signature checks",
    "parse (pyHanko), hash, two signature checks",
)
_A_SECOND = "one second"
_PATIENT = sandbox.Limits(cpu_seconds=30, wall_seconds=90.0)  # a busy machine changes no finding


def run(sizes: Sizes) -> list[Ratio]:
    """Every size at every level; the pool with the smallest."""
    with offices(["p256"]) as known:
        office, smallest = known["p256"], sizes.documents[0]
        return [
            *(ratio for paper in sizes.documents for ratio in _in_process(office, paper)),
            *_in_sandbox(office, smallest, sizes.processes),
        ]


@dataclass(frozen=True)
class _Sealed:
    """One sealed file, and ways to look at it."""

    data: bytes
    policy: TrustPolicy
    finding: Finding = Finding.GENUINE

    def examine(self) -> None:
        _require(examine_here(self.data, self.policy, datetime.now(UTC)).finding, self.finding)

    def operation(self) -> Operation:
        return Operation(lambda _: self.examine())

    def examine_apart(self) -> None:
        _require(sandbox.examine(self.data, self.policy, _PATIENT).finding, self.finding)


def _require(finding: Finding, wanted: Finding) -> None:
    if finding is not wanted:
        raise RuntimeError(f"our own file was found {finding.name}")


def _sealed(office: Office, source: Material) -> dict[str, _Sealed]:
    """A file of every level; the archived copy carries one time-stamp more."""
    policy = office.town.policy
    files = {level: source.write(office.seal(office.town.key, level)) for level in LEVELS}
    copy = archived(files["B-LT"], office.client, office.long_term())
    sealed = {level: _Sealed(data, policy) for level, data in files.items()}
    return {**sealed, ARCHIVED: _Sealed(copy, policy, Finding.ARCHIVED)}


def _in_process(office: Office, paper: Paper) -> list[Ratio]:
    source = material(paper, 0)
    files = _sealed(office, source)
    least = _Least.of(office, source, files["B-B"].data)
    operations = {
        **{f"examine {level}": file.operation() for level, file in files.items()},
        _PIKEPDF: Operation(lambda _: least.with_pikepdf()),
        _PYHANKO: Operation(lambda _: least.with_pyhanko()),
    }
    seconds = measure(operations, paper.plan)
    subject = f"verify, {pages_of(least.data)} pages"
    return [
        ratio
        for level in files
        for ratio in (
            compare(subject, seconds, f"examine {level}", _PIKEPDF),
            compare(subject, seconds, f"examine {level}", _PYHANKO),
            spread(subject, f"examine {level}", _A_SECOND, seconds[f"examine {level}"]),
        )
    ]


def _in_sandbox(office: Office, paper: Paper, plan: Plan) -> list[Ratio]:
    file = _sealed(office, material(paper, 0))["B-B"]
    in_child, here = "examine in a process of its own", "examine"
    operations = {
        in_child: Operation(lambda _: file.examine_apart()),
        here: file.operation(),
        _INTERPRETER: Operation(lambda _: subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)),
    }
    subject = f"verify in the sandbox, {pages_of(file.data)} pages"
    waiting = measure(operations, plan, time.perf_counter)
    return [
        compare(f"{subject}: waiting", waiting, in_child, _INTERPRETER),
        compare(f"{subject}: waiting", waiting, in_child, here),
    ]


@dataclass(frozen=True)
class _Least:
    """What nobody can do without who wants to know whether a seal is good."""

    data: bytes
    payload: bytes
    office: Office
    signature: bytes

    @classmethod
    def of(cls, office: Office, source: Material, data: bytes) -> _Least:
        return cls(data, source.payload, office, signature_for_cms(office.town.key, data))

    def with_pikepdf(self) -> None:
        """The index is read in C++, hardly any object. Raises RuntimeError."""
        pikepdf.open(BytesIO(self.data)).close()
        self._check_two_signatures()

    def with_pyhanko(self) -> None:
        """What must be read is: index, signature field, attachment, Info. Raises RuntimeError."""
        file = PdfFile(self.data)
        file.signature_fields()
        file.only_attachment(ATTACHMENT)
        file.information(CONTROL_CODE_KEY)
        self._check_two_signatures()

    def _check_two_signatures(self) -> None:
        """The first check hashes the file."""
        identity = self.office.town.identity
        if not fits_certificate(identity.certificate, self.data, self.signature):
            raise RuntimeError("the signature does not fit")
        identity.certificate.verify_directly_issued_by(identity.chain[0])
        hashlib.sha256(self.payload).digest()
        json.loads(self.payload)
