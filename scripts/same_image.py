"""Is the image the same each time? Performs the steps of the Dockerfile twice and compares every file.

Usage: same_image.py [FOLDER]    exit code 0: the same; 1: not, with the names of what differs

Both builds stand at the same place, one after the other, as in a container: what is installed names the place where it is.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import sys
import tempfile
from pathlib import Path

try:
    from scripts.build_image import build
except ModuleNotFoundError:  # started as a program
    from build_image import build  # type: ignore[import-not-found, no-redef]

Files = dict[str, str]


def contents(root: Path) -> Files:
    """Every file, folder and link below `root`, with its rights and what it holds; not its moment, which the registry drops."""
    return {str(path.relative_to(root)): _of(path) for path in sorted(root.rglob("*"))}


def _of(path: Path) -> str:
    state = path.lstat()
    rights = f"{stat.S_IMODE(state.st_mode):o}"
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if path.is_dir():
        return f"folder {rights}"
    return f"file {rights} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def built(folder: Path) -> Files:
    """What the image holds; the folder is empty before and after."""
    build(folder, with_run=True)
    found = contents(folder / "image")
    shutil.rmtree(folder)
    return found


def differences(first: Files, second: Files) -> list[str]:
    """Names of what is not the same."""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def digest(files: Files) -> str:
    """One number for the whole."""
    lines = "".join(f"{name}\t{what}\n" for name, what in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def main(folder: Path) -> int:
    first, second = built(folder), built(folder)
    different = differences(first, second)
    for name in different:
        print(f"{name}: {first.get(name, 'not there')} / {second.get(name, 'not there')}")
    print(f"{len(first)} files and folders, {digest(first)}: {'not the same' if different else 'the same'}")
    return 1 if different else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1]).resolve()))
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(Path(temporary) / "image"))
