"""Perform the steps of the Dockerfile without Docker, into a folder: COPY with .dockerignore, and the RUN script.

Usage: build_image.py FOLDER [--without-run]

It reads the Dockerfile itself, so that the two cannot differ. Base images are left out: the folder holds what our
steps add. A Dockerfile instruction that this script does not know is an error, not something to skip.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SILENT = {"ARG", "ENV", "WORKDIR", "USER", "EXPOSE", "CMD"}


def instructions(text: str) -> list[list[str]]:
    """The Dockerfile as words per instruction; continued lines joined, comments dropped."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [line.split() for line in joined.splitlines() if line.strip()]


def is_ignored(path: str, rules: list[str]) -> bool:
    """Docker's rule: the last matching line decides; a match of a parent folder counts."""
    parts = path.split("/")
    candidates = ["/".join(parts[: i + 1]) for i in range(len(parts))]
    ignored = False
    for rule in rules:
        pattern = rule.lstrip("!")
        if any(_matches(candidate, pattern) for candidate in candidates):
            ignored = not rule.startswith("!")
    return ignored


def _matches(candidate: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatch(candidate.rsplit("/", 1)[-1], pattern[3:])
    return fnmatch.fnmatchcase(candidate, pattern) and candidate.count("/") == pattern.count("/")


def copy_from_context(source: str, target: Path, rules: list[str]) -> None:
    """Copy what .dockerignore lets through. Raises FileNotFoundError when nothing is left to copy."""
    origin = ROOT / source
    files = [origin] if origin.is_file() else sorted(p for p in origin.rglob("*") if p.is_file())
    kept = [file for file in files if not is_ignored(file.relative_to(ROOT).as_posix(), rules)]
    if not kept:
        raise FileNotFoundError(f"nothing to copy from {source}: is it in .dockerignore?")
    for file in kept:
        place = target if origin.is_file() else target / file.relative_to(origin)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)


def build(folder: Path, *, with_run: bool) -> None:
    """Build every stage in a folder of its own; the last stage ends in `folder`/image."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    stages: dict[str, Path] = {}
    stage = folder
    for words in instructions((ROOT / "Dockerfile").read_text()):
        match words:
            case ["FROM", _, "AS", name]:
                stage = stages[name] = folder / name
            case ["FROM", _]:
                stage = folder / "image"
            case ["COPY", source, place] if not source.startswith("--from="):
                copy_from_context(source, stage / place.lstrip("/"), rules)
            case ["COPY", origin, source, place]:
                other = stages[origin.removeprefix("--from=")]
                if with_run:
                    shutil.copytree(other / source.lstrip("/"), stage / place.lstrip("/"), symlinks=True)
            case ["RUN", "sh", script, *arguments]:
                if with_run:
                    inside = [str(stage / word.lstrip("/")) for word in (script, *arguments[:-1])]
                    final = str(folder / "image" / arguments[-1].lstrip("/"))
                    subprocess.run(["sh", *inside, final], check=True, env=_without_our_own())
            case [name, *_] if name in SILENT:
                continue
            case _:
                raise ValueError(f"build_image.py does not know: {' '.join(words)}")


def _without_our_own() -> dict[str, str]:
    """What this machine says about compiled files (the Makefile a folder, others none at all) is not said in a container."""
    said_here = {"PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in said_here}


if __name__ == "__main__":
    arguments = sys.argv[1:]
    build(Path(arguments[0]).resolve(), with_run="--without-run" not in arguments)
