"""A release is made twice; what differs is found, and its list of digests is one that `sha256sum` reads."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest
import yaml

from app.language import LANGUAGES
from scripts.release import CHART, ROOT, SUMS, NotTheSame, compare, packed, tree_of, write_sums


def two(tmp_path: Path) -> tuple[Path, Path]:
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "program").write_text("one\n")
        (folder / "image-files.txt").write_text("aa 644 x\nbb 644 y\n")
    return folders


def test_the_same_is_the_same(tmp_path: Path) -> None:
    compare(*two(tmp_path))


@pytest.mark.parametrize("change", ["content", "mode", "more", "less", "link"])
def test_every_difference_is_found(tmp_path: Path, change: str) -> None:
    first, second = two(tmp_path)
    file = second / "bin" / "program"
    if change == "content":
        file.write_text("two\n")
    elif change == "mode":
        file.chmod(0o755)
    elif change == "more":
        (second / "another").write_text("")
    elif change == "less":
        (second / "image-files.txt").write_text("aa 644 x\n")
    else:
        file.unlink()
        file.symlink_to("/opt/program")
        assert "link:/opt/program bin/program" in tree_of(second)
    with pytest.raises(NotTheSame, match={"less": "bb 644 y", "more": "another"}.get(change, "program")):
        compare(first, second)


def test_sha256sum_reads_the_list(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"wheel")
    write_sums(tmp_path)
    check = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "a.whl").write_bytes(b"another")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode != 0


def test_the_chart_is_packed_the_same_every_time_and_whole() -> None:
    chart = ROOT / CHART
    assert packed(chart, 1_700_000_000) == packed(chart, 1_700_000_000)
    with tarfile.open(fileobj=io.BytesIO(packed(chart, 0))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert inside == {one.relative_to(chart).as_posix() for one in chart.rglob("*") if one.is_file()}
    assert "Chart.yaml" in inside


def test_every_file_of_a_release_names_the_same_version_and_the_languages_that_there_are() -> None:
    """docs/releasing.md has somebody change them by hand."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    chart = yaml.safe_load((ROOT / CHART / "Chart.yaml").read_text("utf-8"))
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert {chart["version"], chart["appVersion"], public["softwareVersion"]} == {project["version"]}
    assert set(public["localisation"]["availableLanguages"]) == set(LANGUAGES)
    assert public["legal"]["license"] == project["license"] == chart["annotations"]["licenses"]
