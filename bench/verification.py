"""Examining a sealed file, against the least that it takes: parse it, hash it and check two signatures.

The two are the seal itself and the one under the seal certificate. The pool of processes in which the service
examines unverified files is measured beside it (its start is a warm-up round), against a Python that starts and does
nothing.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from io import BytesIO

import pikepdf
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.documents import pdf
from bench.measure import Operation, Ratio, compare, measure
from bench.overviews import material
from bench.sizes import Plan, Sizes
from signing.keys.backend import signature_for_cms
from signing.report import Finding
from signing.sealing.pdf import PdfSeal
from signing.verifying import sandbox
from signing.verifying.pdf import ATTACHMENT, CONTROL_CODE_KEY
from signing.verifying.pdf_file import PdfFile
from tests.support.seals import Town

_INTERPRETER = "start Python"


def run(sizes: Sizes) -> list[Ratio]:
    """The smallest and the largest document; the start of a process with the smallest."""
    town = Town.create()
    smallest, largest = sizes.documents[0], sizes.documents[-1]
    return [
        *_in_process(town, *smallest),
        *_in_process(town, *largest),
        *_in_sandbox(town, smallest[0], sizes.processes),
    ]


def _in_process(town: Town, claim_count: int, plan: Plan) -> list[Ratio]:
    file = _Sealed(town, claim_count)
    examine, floor = "examine", "parse, hash, two signature checks"
    same_parser = "the same with the parser that we use"
    operations = {
        examine: Operation(lambda _: file.examine()),
        floor: Operation(lambda _: file.check_the_least()),
        same_parser: Operation(lambda _: file.check_the_least_with_our_parser()),
    }
    seconds = measure(operations, plan)
    return [compare(f"verify, {file.pages} pages", seconds, examine, one) for one in (floor, same_parser)]


def _in_sandbox(town: Town, claim_count: int, plan: Plan) -> list[Ratio]:
    file = _Sealed(town, claim_count)
    in_child, here = "examine in a process of its own", "examine"
    operations = {
        in_child: Operation(lambda _: file.examine_apart()),
        here: Operation(lambda _: file.examine()),
        _INTERPRETER: Operation(lambda _: subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)),
    }
    subject = f"verify in the sandbox, {file.pages} pages"
    waiting = measure(operations, plan, time.perf_counter)
    return [
        compare(f"{subject}: waiting", waiting, in_child, _INTERPRETER),
        compare(f"{subject}: waiting", waiting, in_child, here),
    ]


class _Sealed:
    """One sealed file, and two ways to look at it."""

    def __init__(self, town: Town, claim_count: int) -> None:
        source = material(claim_count, 0)
        self._town = town
        self._payload = source.payload
        self._data = pdf.write(source.snapshot, source.payload, PdfSeal(town.key))
        self._signature = signature_for_cms(town.key, self._data)
        self.pages = len(pikepdf.open(BytesIO(self._data)).pages)

    def examine(self) -> None:
        _require(self._town.examine(self._data).finding)

    def examine_apart(self) -> None:
        _require(sandbox.examine(self._data, self._town.policy).finding)

    def check_the_least(self) -> None:
        """Open the file with a parser in C++ (pikepdf), and check two signatures. Raises InvalidSignature."""
        pikepdf.open(BytesIO(self._data)).close()
        self._check_two_signatures()

    def check_the_least_with_our_parser(self) -> None:
        """Read with pyHanko what must be read: index, signature field, attachment, Info. Raises InvalidSignature."""
        file = PdfFile(self._data)
        file.signature_fields()
        file.only_attachment(ATTACHMENT)
        file.information(CONTROL_CODE_KEY)
        self._check_two_signatures()

    def _check_two_signatures(self) -> None:
        """`verify` hashes the file."""
        public_key = self._town.identity.certificate.public_key()
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        public_key.verify(self._signature, self._data, ec.ECDSA(hashes.SHA256()))
        [issuer, *_] = self._town.identity.chain
        self._town.identity.certificate.verify_directly_issued_by(issuer)
        hashlib.sha256(self._payload).digest()
        json.loads(self._payload)


def _require(finding: Finding) -> None:
    if finding is not Finding.GENUINE:
        raise RuntimeError(f"our own file was found {finding.name}")
