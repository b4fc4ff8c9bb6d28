"""Make everything of a release from the commit that is checked out, twice, and say whether both are the same: docs/releasing.md.

Usage: release.py FOLDER [--key SSH_KEY]

FOLDER gets the wheel, the chart, the bill of materials of the image, the list of all files that our steps put into the image, the
lock files, and SHA256SUMS of these (with --key signed by `ssh-keygen -Y sign`). Exit code 1: something differed; nothing is left.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
UV, CYCLONEDX = ROOT / ".venv/bin/uv", ROOT / ".venv-tools/bin/cyclonedx-py"
CHART = "deploy/helm/blauwe-knop"
LOCKS = ("run.lock", "hsm.lock", "verify.lock")
SUMS = "SHA256SUMS"
NAMESPACE = "blauwe-knop-release"


class NotTheSame(Exception):
    """Two times the same steps gave two things."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="release.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path, help="private key that signs the list (ssh-keygen)")
    asked = parser.parse_args(arguments)
    folder: Path = asked.folder.resolve()
    if _git("status", "--porcelain"):
        sys.stderr.write("release.py: commit first: a release is made of a commit\n")
        return 1
    if folder.exists():
        sys.stderr.write(f"release.py: {folder} is there already\n")
        return 1
    try:
        _make(folder)
    except NotTheSame as difference:
        shutil.rmtree(folder)
        sys.stderr.write(f"release.py: made twice, and not the same: {difference}\n")
        return 1
    write_sums(folder)
    if asked.key is not None:
        subprocess.run(
            ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", asked.key, folder / SUMS], check=True
        )
    print((folder / SUMS).read_text("utf-8"), end="")
    return 0


def _make(folder: Path) -> None:
    """Both times from a fresh export of the commit, at the same place: a virtual environment holds its own address."""
    folder.mkdir(parents=True)
    commit = _git("rev-parse", "HEAD").decode().strip()
    with TemporaryDirectory() as name:
        first, second = Path(name) / "first", Path(name) / "second"
        for made in (first, second):
            made.mkdir()
            _once(commit, Path(name) / "work", made)
        compare(first, second)
        shutil.copytree(first, folder, dirs_exist_ok=True)


def _once(commit: str, work: Path, made: Path) -> None:
    source = work / "source"
    source.mkdir(parents=True)
    moment = _git("log", "-1", "--format=%ct", commit).decode().strip()
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(source, filter="data")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": moment, "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONPYCACHEPREFIX", None)
    wheel: list[str | Path] = [UV, "build", "--quiet", "--wheel", "--out-dir", work / "wheel"]
    subprocess.run(wheel, cwd=source, check=True, env=environment)
    for file in (work / "wheel").glob("*.whl"):
        shutil.copy(file, made)
    subprocess.run(
        [sys.executable, source / "scripts/build_image.py", work / "image"], check=True, env=environment
    )
    (made / "image-files.txt").write_text("\n".join(tree_of(work / "image" / "image")) + "\n", "utf-8")
    _bill_of_materials(source, made)
    (made / "blauwe-knop-chart.tgz").write_bytes(packed(source / CHART, int(moment)))
    for lock in LOCKS:
        shutil.copy(source / "requirements" / lock, made)
    shutil.rmtree(work)


def _bill_of_materials(source: Path, made: Path) -> None:
    """CycloneDX: packages by the lock file, and what else is in the image; without the moment and the random number that
    would differ each time."""
    lock, file = source / "requirements/run.lock", made / "sbom.json"
    command: list[str | Path] = [
        CYCLONEDX,
        "requirements",
        lock,
        "--output-format",
        "JSON",
        "--output-reproducible",
        "--validate",
    ]
    command += ["--output-file", file]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    subprocess.run([sys.executable, source / "scripts/sbom.py", file], check=True)


def tree_of(folder: Path) -> list[str]:
    """A line per file and link: digest or target, mode, path. Not the moments: `docker build` sets those of its layers."""
    lines = []
    for file in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            lines.append(f"link:{os.readlink(file)} {path}")
        elif file.is_file():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            lines.append(f"{digest} {file.stat().st_mode & 0o777:o} {path}")
    return lines


def packed(folder: Path, moment: int) -> bytes:
    """As `helm package` does, but the same every time: sorted, of nobody, at this moment (seconds since 1970)."""
    target = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=target, mode="wb", mtime=moment) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = tarfile.TarInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}")
            entry.size, entry.mtime, entry.mode = file.stat().st_size, moment, 0o644
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return target.getvalue()


def compare(first: Path, second: Path) -> None:
    """Raises NotTheSame, with the first lines that differ; of lists of files those within."""
    trees = [set(tree_of(folder)) for folder in (first, second)]
    details = sorted(trees[0] ^ trees[1])
    if not details:
        return
    lists = [one / "image-files.txt" for one in (first, second)]
    if all(one.is_file() for one in lists):
        within = [set(one.read_text("utf-8").splitlines()) for one in lists]
        details = [*sorted(within[0] ^ within[1]), *details]
    raise NotTheSame("; ".join(details[:8]))


def write_sums(folder: Path) -> None:
    """As sha256sum writes them, so that `sha256sum --check` reads them."""
    files = sorted(one for one in folder.iterdir() if one.is_file())
    lines = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
