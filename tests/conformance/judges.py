"""What others say about a file, each in one word: seven tools of other makers, behind one shape.

A judge that is missing raises: its verdict is not left out in silence.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jwcrypto import jwk, jws

from tests.conformance import verapdf
from tests.conformance.jws_reading import certificate_pem_of

HERE = Path(__file__).parent
_DSS, _NODE = HERE / "java" / "dss", HERE / "node"
_SECONDS = 900  # for all files of one call: a limit against hanging


@dataclass(frozen=True, slots=True)
class Files:
    """What there is to judge: the files, and a folder with `*.crt` and `*.crl` (DER) of our authority."""

    files: Sequence[Path]
    anchors: Path
    scratch: Path

    def of_kind(self, suffix: str) -> list[Path]:
        return [one for one in self.files if one.suffix == suffix]


class Judge(Protocol):
    """`accepts` are the words that mean yes."""

    name: str
    accepts: frozenset[str]

    def judge(self, work: Files) -> Mapping[Path, str]:
        """A word for every file of the kind that it knows."""


class PdfSig:
    """poppler's `pdfsig`, without certificates: it cannot build our trust."""

    name = "pdfsig"
    accepts = frozenset({"valid, total"})

    def judge(self, work: Files) -> dict[Path, str]:
        return {file: self._one(file) for file in work.of_kind(".pdf")}

    def _one(self, file: Path) -> str:
        said = run("pdfsig", "-nocert", file)
        if "Signature #1" not in said.stdout:
            return "no signature" if "does not contain any signatures" in said.stdout else "unreadable"
        first = said.stdout.split("Signature #2")[0]
        validity = "valid" if "Signature is Valid" in first else "invalid"
        total = "total" if "- Total document signed" in first else "not total"
        return validity if validity == "invalid" else f"{validity}, {total}"


class Qpdf:
    """`qpdf --check`: syntax only, no seals."""

    name = "qpdf"
    accepts = frozenset({"clean"})

    def judge(self, work: Files) -> dict[Path, str]:
        return {file: self._one(file) for file in work.of_kind(".pdf")}

    def _one(self, file: Path) -> str:
        words = {0: "clean", 2: "errors", 3: "warnings"}
        return words[run("qpdf", "--check", file).returncode]


class OpenSsl:
    """`openssl cms -verify -cades` over the two ranges that the file itself states, with our root."""

    name = "openssl"
    accepts = frozenset({"good"})

    def judge(self, work: Files) -> dict[Path, str]:
        root = work.scratch / "root.pem"
        run("openssl", "x509", "-inform", "DER", "-in", work.anchors / "seal-root.crt", "-out", root)
        return {file: self._one(file, root, work.scratch) for file in work.of_kind(".pdf")}

    def _one(self, file: Path, root: Path, scratch: Path) -> str:
        data = file.read_bytes()
        ranges = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+) *\]", data)
        if ranges is None:
            return "no signature"
        before, after, rest = map(int, ranges.groups())
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", data[before:after])
        (scratch / "content").write_bytes(data[:before] + data[after : after + rest])
        (scratch / "seal").write_bytes(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()))
        said = run(
            *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", scratch / "seal"),
            *("-content", scratch / "content", "-CAfile", root, "-purpose", "any", "-out", "/dev/null"),
        )
        return (
            "good" if said.returncode == 0 and "CAdES Verification successful" in said.stderr else "refused"
        )


class VeraPdf:
    """veraPDF for PDF/A-3a and PDF/UA-1: form only, no seals."""

    name = "veraPDF"
    accepts = frozenset({"passes"})

    def judge(self, work: Files) -> dict[Path, str]:
        files = work.of_kind(".pdf")
        words = dict.fromkeys(files, "passes")
        for one in verapdf.judge(files, work.scratch):
            if not one.passes:
                words[one.file] = "unreadable" if one.checks == 0 else "fails"
        return words


class JwCrypto:
    """jwcrypto with the key of the first certificate: who owns the key is not its question."""

    name = "jwcrypto"
    accepts = frozenset({"good"})

    def judge(self, work: Files) -> dict[Path, str]:
        return {file: self._one(file.read_bytes()) for file in work.of_kind(".json")}

    def _one(self, data: bytes) -> str:
        pem = certificate_pem_of(data)
        if pem is None:
            return "no key"
        token = jws.JWS()
        try:
            token.deserialize(data.decode("utf-8"), jwk.JWK.from_pem(pem))
        except Exception:
            return "refused"
        return "good"


class Jose:
    """npm `jose` (panva) with the key of the first certificate, algorithms ours: who owns the key is not its question."""

    name = "jose"
    accepts = frozenset({"good"})

    def judge(self, work: Files) -> dict[Path, str]:
        files = work.of_kind(".json")
        listed = listing(files, work.scratch / "json.txt")
        said = run("node", _NODE / "judge.mjs", listed)
        assert said.returncode == 0, said.stderr
        words: dict[str, str] = json.loads(said.stdout)
        return {file: words[str(file)] for file in files}


class Dss:
    """EU DSS, the reference of the European Commission, with its default policy and our roots as trust anchors."""

    name = "EU DSS"
    accepts = frozenset(
        f"TOTAL-PASSED {kind}-BASELINE-{level}"
        for kind, levels in (("PAdES", ("B", "T", "LT", "LTA")), ("JAdES", ("B",)))
        for level in levels
    )

    def judge(self, work: Files) -> dict[Path, str]:
        path = f"{_DSS / 'target' / 'lib'}/*:{work.scratch}"
        compiled = run("javac", "-cp", path, "-d", work.scratch, _DSS / "Dss.java")
        assert compiled.returncode == 0, compiled.stderr
        listed = listing(work.files, work.scratch / "all.txt")
        said = run("java", "-Xmx1500m", "-cp", path, "Dss", work.anchors, listed)
        assert said.returncode == 0, said.stderr[-2000:]
        words = dict(self._read(line) for line in said.stdout.splitlines())
        return {file: words[file] for file in work.files}

    @staticmethod
    def _read(line: str) -> tuple[Path, str]:
        file, _, indication, reason, level, *_ = line.split("\t")
        indication = indication.replace("_", "-")
        if indication in ("NO-SIGNATURE", "UNREADABLE"):
            return Path(file), indication.lower().replace("-", " ")
        return Path(file), f"{indication} {reason or level}"


JUDGES: tuple[Judge, ...] = (PdfSig(), Qpdf(), OpenSsl(), VeraPdf(), JwCrypto(), Jose(), Dss())


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """A tool of others, its output as text. Raises when it is not there."""
    return subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=_SECONDS,
    )


def listing(files: Sequence[Path], place: Path) -> Path:
    """Names of files, one per line, for a judge that takes many at once."""
    place.write_text("".join(f"{one}\n" for one in files), encoding="utf-8")
    return place
