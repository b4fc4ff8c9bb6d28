"""The bill of materials of a release has what others made and the image holds, and is not only a list of Python packages."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from scripts.sbom import FONTS, ROOT, VENDOR, components, main


def test_all_style_that_is_fetched_is_listed_with_version_and_licence() -> None:
    wanted = json.loads((ROOT / "scripts" / "assets" / "package.json").read_text("utf-8"))["dependencies"]
    found = {one["name"]: one for one in components(ROOT) if one.get("purl", "").startswith("pkg:npm/")}
    assert {name: one["version"] for name, one in found.items()} == wanted
    for one in found.values():
        [licence] = one["licenses"]
        assert (ROOT / VENDOR.parent / f"{licence['license']['id']}.txt").is_file()
        assert len(one["hashes"][0]["content"]) == 128


def test_so_is_what_is_inside_every_pdf() -> None:
    found = {one["name"]: one for one in components(ROOT) if one["type"] == "file"}
    assert {name: one.get("version") for name, one in found.items()} == {
        "Noto Sans": "2.004",
        "Noto Sans Arabic": "2.005",
        "sRGB.icc": None,
    }
    assert all(one["licenses"] for one in found.values())
    profile = (ROOT / FONTS.parent / "sRGB.icc").read_bytes()
    assert found["sRGB.icc"]["hashes"][0]["content"] == hashlib.sha256(profile).hexdigest()


def test_the_base_image_is_named_and_said_not_to_be_taken_apart() -> None:
    [base] = [one for one in components(ROOT) if one["type"] == "container"]
    assert f"FROM {base['name']}:{base['version']}\n" in (ROOT / "Dockerfile").read_text("utf-8")
    assert "its own bill of materials" in base["description"]


def test_it_goes_behind_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    file.write_text(json.dumps({"components": [{"name": "flask"}], "version": 1}))
    main(file)
    bill = json.loads(file.read_text("utf-8"))
    assert bill == {"components": [{"name": "flask"}, *components(ROOT)], "version": 1}


def test_a_table_of_another_form_stops_the_release(tmp_path: Path) -> None:
    for name in (VENDOR, FONTS, Path("Dockerfile"), FONTS.parent / "sRGB.icc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert components(tmp_path) == components(ROOT)
    (tmp_path / VENDOR).write_text("nothing here")
    with pytest.raises(ValueError, match="did their tables change"):
        components(tmp_path)
