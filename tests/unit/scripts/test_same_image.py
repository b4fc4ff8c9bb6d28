"""What counts as the same image."""

from __future__ import annotations

from pathlib import Path

from scripts.same_image import contents, differences, digest


def image(folder: Path, text: str = "x", rights: int = 0o644, link: str = "file") -> Path:
    folder.mkdir()
    (folder / "file").write_text(text)
    (folder / "file").chmod(rights)
    (folder / "link").symlink_to(link)
    return folder


def test_another_moment_is_the_same_and_other_contents_rights_and_links_are_not(tmp_path: Path) -> None:
    first = contents(image(tmp_path / "first"))
    same = contents(image(tmp_path / "same"))
    assert differences(first, same) == []
    assert digest(first) == digest(same)
    assert differences(first, contents(image(tmp_path / "text", text="y"))) == ["file"]
    assert differences(first, contents(image(tmp_path / "rights", rights=0o755))) == ["file"]
    assert differences(first, contents(image(tmp_path / "link", link="other"))) == ["link"]
    more = image(tmp_path / "more")
    (more / "new").touch()
    assert differences(first, contents(more)) == ["new"]
    assert digest(first) != digest(contents(more))
