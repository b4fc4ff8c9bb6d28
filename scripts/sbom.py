"""Add what the image holds beside Python packages to a bill of materials (CycloneDX 1.6): docs/releasing.md.

Usage: sbom.py FILE

Everything is read where it is kept: the table that `make assets` writes, the table beside the fonts, and the Dockerfile.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path("app/static/vendor/README.md")
FONTS = Path("app/documents/fonts/README.md")
_PACKAGE = re.compile(
    r"^\| `([^`]+)` \| (\S+) \| \[([^\]]+)\]\([^)]+\) \| `sha512-([^`]+)` \|$", re.MULTILINE
)
_FONT = re.compile(
    r"^\| (.+) \| (Noto Sans[A-Za-z ]*) (\d[\d.]*), .* \| SIL Open Font License 1\.1 ", re.MULTILINE
)
_PROFILE = re.compile(r"^\| `([^`]+\.icc)` \| (.+) \| \w+ \| \"([^\"]+)\"", re.MULTILINE)
_BASE = re.compile(r"^FROM ([\w./-]+):(\S+)$", re.MULTILINE)
Component = dict[str, Any]


def main(file: Path, source: Path = ROOT) -> None:
    """`file` has the Python packages already; add all else that the image of `source` holds."""
    bill = json.loads(file.read_text("utf-8"))
    bill["components"] += components(source)
    file.write_text(json.dumps(bill, indent=2) + "\n", "utf-8")


def components(source: Path) -> list[Component]:
    """Raises ValueError when one of the three says nothing: then its form has changed."""
    found = [list(kind(source)) for kind in (_packages, _fonts, _profiles, _base)]
    if not all(found):
        raise ValueError("no style, fonts, colour profile or base image: did their tables change?")
    return [one for kind in found for one in kind]


def _packages(source: Path) -> Iterator[Component]:
    for name, version, licence, digest in _PACKAGE.findall((source / VENDOR).read_text("utf-8")):
        purl = f"pkg:npm/{name.replace('@', '%40', 1)}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "description": f"parts of it are in {VENDOR.parent}",
            "hashes": [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}],
            "licenses": [{"license": {"id": licence}}],
            "purl": purl,
        }


def _fonts(source: Path) -> Iterator[Component]:
    for _, name, version in _FONT.findall((source / FONTS).read_text("utf-8")):
        yield {
            "type": "file",
            "bom-ref": f"font:{name}@{version}",
            "name": name,
            "version": version,
            "description": f"cut down, in the fonts in {FONTS.parent}",
            "licenses": [{"license": {"id": "OFL-1.1"}}],
        }


def _profiles(source: Path) -> Iterator[Component]:
    for name, description, licence in _PROFILE.findall((source / FONTS).read_text("utf-8")):
        digest = hashlib.sha256((source / FONTS.parent / name).read_bytes()).hexdigest()
        yield {
            "type": "file",
            "bom-ref": f"file:{FONTS.parent}/{name}",
            "name": name,
            "description": description.replace("`", ""),
            "hashes": [{"alg": "SHA-256", "content": digest}],
            "licenses": [{"license": {"name": licence}}],
        }


def _base(source: Path) -> Iterator[Component]:
    """By name only: what is in it stands in its own bill of materials, under the digest with which the image was built."""
    for name, tag in _BASE.findall((source / "Dockerfile").read_text("utf-8"))[-1:]:
        yield {
            "type": "container",
            "bom-ref": f"base:{name}:{tag}",
            "name": name,
            "version": tag,
            "description": "base image, not taken apart here: see its own bill of materials, by the digest that was built on",
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
