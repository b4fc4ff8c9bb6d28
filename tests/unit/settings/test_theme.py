"""A theme that cannot be read by everybody, or that could do more than colour, is no theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.main import main
from app.http.contrast import mixed, ratio
from app.http.theme import DEFAULT, Letters, pairs
from app.http.theme_css import theme_css
from app.settings import SettingsError, load_settings
from app.settings.theme import load_theme
from tests.unit.settings.conftest import EXAMPLE, Instance

THEMES = sorted((EXAMPLE.parent / "themes").glob("*/theme.toml"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


def written(folder: Path, text: str, logo: str | bytes = "") -> Path:
    if logo:
        (folder / "logo").write_bytes(logo.encode() if isinstance(logo, str) else logo)
        text += '\n[logo]\nfile = "logo"\ntext = "Gemeente Waterdam"\n'
    file = folder / "theme.toml"
    file.write_text(text, "utf-8")
    return file


def test_contrast_is_measured_as_wcag_says() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.005
    )  # the well-known grey that just fails
    assert ratio("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


def test_three_municipalities_are_examples_and_differ() -> None:
    themes = [load_theme(file) for file in THEMES]
    assert len({theme.colours.brand for theme in [*themes, DEFAULT]}) == 4
    assert all(theme.logo is not None and theme.logo.media_type == "image/svg+xml" for theme in themes)
    assert {theme.letters for theme in themes} == set(Letters)


def test_a_theme_becomes_one_rule_of_values() -> None:
    for theme in [DEFAULT, *map(load_theme, THEMES)]:
        css = theme_css(theme)
        assert re.fullmatch(r':root\{(--[\w-]+:[#\w," .-]+;?)+\}\n', css)
        assert f"--basis-color-action-1-inverse-bg-default:{theme.colours.brand};" in css


def test_what_cannot_be_read_is_refused_with_the_pair_the_ratio_and_what_is_needed(tmp_path: Path) -> None:
    file = written(tmp_path, '[colours]\nbrand = "#777777"\n')
    with pytest.raises(ValueError, match="contrast") as refusal:
        load_theme(file)
    line = (
        "brand #777777 on background #ffffff: contrast 4.47 to 1, at least 4.5 to 1 is needed (WCAG 2.2 AA)"
    )
    assert line in str(refusal.value)
    assert "on_brand #ffffff on brand #777777" in str(refusal.value)


@pytest.mark.parametrize("name", ["text", "text_soft", "border", "focus", "header_text", "on_brand"])
def test_every_colour_that_is_written_or_pointed_with_is_measured(tmp_path: Path, name: str) -> None:
    """White on white (and as dark as the brand on the brand) is never there."""
    value = "#0b5cad" if name == "on_brand" else "#ffffff"
    with pytest.raises(ValueError, match=rf"{name} {value} on "):
        load_theme(written(tmp_path, f'[colours]\nbrand = "#0b5cad"\n{name} = "{value}"\n'))


def test_the_colours_of_messages_can_be_read() -> None:
    fixed = [
        pair for pair in pairs(DEFAULT.colours) if pair.front.split()[0] in {"danger", "warning", "success"}
    ]
    assert len(fixed) == 7
    assert all(pair.is_enough for pair in fixed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "colours"),
        ("[colours]\nbrand = 'red'\n", "is not a colour"),
        ("[colours]\nbrand = '#0b5cad; } body { display: none'\n", "is not a colour"),
        ("[colours]\nbrand = '#0b5cad'\ndanger = '#0b5cad'\n", "Extra inputs"),
        ("radius = 99\n[colours]\nbrand = '#0b5cad'\n", "radius"),
        ("letters = 'Comic Sans'\n[colours]\nbrand = '#0b5cad'\n", "letters"),
        ("[colours\n", "line"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_theme(written(tmp_path, text))


@pytest.mark.parametrize(
    "logo",
    [
        "<html></html>",
        b"\xff\xd8\xff\xe0",
        SVG.replace("<path", "<script>x</script><path"),
        SVG.replace("<path", '<path onclick="x"'),
        SVG.replace("<path", '<image href="https://elders.example/x.png"/><path'),
        SVG.replace("<path", "<style>@import 'x'</style><path"),
        SVG.replace("<path", '<path fill="url(https://elders.example)"'),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        SVG + " " * 100_001,
    ],
    ids=range(9),
)
def test_a_logo_is_a_picture_and_nothing_else(tmp_path: Path, logo: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"logo\.file"):
        load_theme(written(tmp_path, '[colours]\nbrand = "#0b5cad"\n', logo))


def test_the_service_does_not_start_with_a_theme_that_cannot_be_read(instance: Instance) -> None:
    written(instance.file.parent, '[colours]\nbrand = "#8ab4f8"\n')
    text = instance.file.read_text("utf-8")
    instance.file.write_text('theme_file = "theme.toml"\n' + text, "utf-8")
    with pytest.raises(SettingsError, match=r"theme_file: .* at least 4\.5 to 1 is needed"):
        load_settings(instance.file)


def test_the_command_says_it_before_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theme", "check", *map(str, THEMES)]) == 0
    assert capsys.readouterr().out.count("good, ") == 3
    bad = written(tmp_path, '[colours]\nbrand = "#8ab4f8"\n')
    assert main(["theme", "check", str(THEMES[0]), str(bad)]) == 1
    told = capsys.readouterr().err
    assert "WCAG 2.2 AA" in told
    suggested = told.rpartition("brand = ")[2].strip().strip('"')
    assert suggested.startswith("#")
    assert main(["theme", "check", str(written(tmp_path, f'[colours]\nbrand = "{suggested}"\n'))]) == 0


def test_another_brand_is_not_suggested_where_it_would_not_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["theme", "check", str(written(tmp_path, '[colours]\nbrand = "#0b5cad"\ntext = "#ffffff"\n'))])
        == 1
    )
    assert "darker" not in capsys.readouterr().err
