"""Other people's programs reading our PDF: poppler and qpdf."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.waiting import PATIENCE_S


def run(*command: str) -> str:
    """Standard output and error of a program that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, (
        f"{command[0]} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"
    )
    return done.stdout + done.stderr


def plain_text(file: Path) -> str:
    """The words on the pages, each run of white space one space."""
    return re.sub(r"\s+", " ", run("pdftotext", "-layout", str(file), "-"))


def tag_tree(file: Path) -> str:
    """The tag tree with its texts, as assistive technology meets it."""
    return run("pdfinfo", "-struct-text", str(file))


def page_count(file: Path) -> int:
    return int(re.findall(r"Pages:\s+(\d+)", run("pdfinfo", str(file)))[0])
