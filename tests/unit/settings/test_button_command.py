"""`blauwe-knop button`: the button of this installation, or why the service would refuse it."""

from __future__ import annotations

import pytest

from app.cli.main import main
from app.settings import FILE_VARIABLE
from tests.unit.settings.conftest import Instance

BACK = "https://www.voorbeeld.nl/schulden"


@pytest.fixture(autouse=True)
def chosen(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(instance.file))


def test_it_prints_the_button_of_this_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["button", "--return", BACK]) == 0
    text = capsys.readouterr().out
    assert text.startswith("<style>")
    assert (
        text.count("https://schulden.voorbeeld.nl/start?terug=https%3A%2F%2Fwww.voorbeeld.nl%2Fschulden") == 3
    )
    assert "taal=en&amp;terug=" in text
    assert "&amp;zaak=ZAAKNUMMER" in text
    assert "Dit is een dienst van Gemeente Voorbeeld." in text


def test_it_prints_one_form_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["button", "--only", "knop"]) == 0
    assert capsys.readouterr().out.count("<a ") == 1


@pytest.mark.parametrize("wrong", [["--return", "https://kwaad.example/"], ["--theme", "anders"]])
def test_it_prints_nothing_that_the_service_would_refuse(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["button", *wrong]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
