"""What the pages are drawn with: small, complete, free to use, and from nobody else."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from app.http.theme import DEFAULT
from app.http.theme_css import theme_css
from scripts.assets.__main__ import HERE, SHEET, STATIC, VENDOR, used_names
from scripts.assets.css import Rule, parse, reachable, with_classes, write

ROOT = Path(__file__).parents[3]
MOST_BYTES = 30_000  # gzipped; on a phone with 3G that is well below a second
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = [VENDOR / SHEET, *sorted(STATIC.glob("*.css"))]
SCRIPTS = sorted(STATIC.glob("*.js"))
CLASS = re.compile(r"\.((?:nl|utrecht)-[\w-]+)")
_FETCHES = re.compile(r"<(?:script|link|img|iframe|source|use)\b[^>]*\s(?:src|href)=\"([^\"]*)\"")


def test_all_style_together_is_small() -> None:
    texts = [sheet.read_bytes() for sheet in SHEETS] + [theme_css(DEFAULT).encode()]
    assert sum(len(gzip.compress(text)) for text in texts) < MOST_BYTES


def test_what_one_dutch_page_needs_of_letters_is_small() -> None:
    fonts = [VENDOR / "fonts" / f"noto-sans-latin-{weight}-normal.woff2" for weight in (400, 700)]
    assert sum(font.stat().st_size for font in fonts) < MOST_BYTES


def test_every_class_of_the_design_system_that_we_use_is_there() -> None:
    """Otherwise: make assets."""
    there = set(CLASS.findall("".join(sheet.read_text("utf-8") for sheet in SHEETS)))
    missing = {
        name
        for name in used_names()
        if not any(one == name or (name.endswith("--") and one.startswith(name)) for one in there)
    }
    assert not missing, "run make assets, or mend the name"


def test_every_class_of_our_own_that_a_template_names_is_there_too() -> None:
    """A page with names of yesterday looks bare."""
    there = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(sheet.read_text("utf-8") for sheet in SHEETS)))
    for file in TEMPLATES:
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "{}", file.read_text("utf-8"))
        words = {word for stated in re.findall(r'class="([^"]*)"', text) for word in stated.split()}
        assert {word for word in words if "{}" not in word} <= there, file


def test_every_variable_that_a_style_sheet_uses_is_set_somewhere() -> None:
    text = "".join(sheet.read_text("utf-8") for sheet in SHEETS[1:]) + theme_css(DEFAULT)
    known = set(re.findall(r"(--[\w-]+)\s*:", text + SHEETS[0].read_text("utf-8")))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPTS], ids=lambda file: file.name)
def test_no_style_and_no_script_fetches_from_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "://" not in text
    assert "@import" not in text
    assert all(found.startswith("fonts/") for found in re.findall(r"url\(\"?([^\")]*)", text))


def test_no_page_fetches_from_elsewhere_or_holds_style_or_script() -> None:
    for file in TEMPLATES:
        text = file.read_text("utf-8")
        assert all(found.startswith("{{") for found in _FETCHES.findall(text)), file
        assert not re.search(
            r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|href=\"javascript:", text
        ), file


def test_every_package_has_its_version_and_licence_beside_it() -> None:
    said = (VENDOR / "README.md").read_text("utf-8")
    for name, version in json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), "an exact version"
        assert f"| `{name}` | {version} |" in said
    licences = set(re.findall(r"\]\(([^)]+\.txt)\)", said))
    assert licences
    for file in licences:
        assert (VENDOR / file).stat().st_size > 1000


def test_pruning_keeps_what_may_apply_and_nothing_else() -> None:
    text = """
    .a { color: var(--one) } .b, .a:hover { x: y } .b { x: y }
    .a:not(.b) { x: "}" } .a:where(.b, .c) { x: y } .a:where(.b) { x: y }
    .d--big { x: y } @media print { .b { x: y } } @media screen { .a { x: y } }
    """
    left = write(with_classes(parse(text), frozenset({"a", "c", "d--"})))
    assert left.splitlines() == [
        ".a{color:var(--one)}",
        ".a:hover{x:y}",
        '.a:not(.b){x:"}"}',
        ".a:where(.b, .c){x:y}",
        ".d--big{x:y}",
        "@media screen{.a{x:y}}",
    ]


def test_tokens_that_nothing_refers_to_go() -> None:
    tokens = {"--one": "var(--two)", "--two": "1px", "--three": "2px"}
    assert reachable(tokens, ["--one", "--elsewhere"]) == {"--one": "var(--two)", "--two": "1px"}


@pytest.mark.parametrize("text", ["a { b: c", "a { b: c } }", "a { b { c: d } }"])
def test_a_style_sheet_that_we_do_not_understand_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        parse(text)


def test_one_rule_stands_on_one_line() -> None:
    assert write([Rule(":root", (("--a", "1px"), ("--b", "2px")))]) == ":root{--a:1px;--b:2px}\n"
