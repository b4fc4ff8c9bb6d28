"""The demo's links may ask for each of the example themes."""

import tomllib
from pathlib import Path

from app.settings.arrival import ArrivalSettings
from app.settings.kinds import Context
from simulators.demo.settings_text import Addresses, settings_text
from simulators.demo.themes import copy_themes


def test_each_example_theme_is_one_that_a_link_may_ask_for(tmp_path: Path) -> None:
    copy_themes(tmp_path)
    copy_themes(tmp_path)  # as at a second start
    stated = tomllib.loads(settings_text(Addresses("a", "b", "c", "d", "e", "f", "g")))["arrival"]
    loaded = ArrivalSettings.model_validate(
        stated, context=Context(tmp_path, allow_loopback_http=True)
    ).loaded_themes()
    assert sorted(loaded) == ["heuvelrode", "kastanjehof", "waterdam"]
    assert len({theme.colours.brand for theme in loaded.values()}) == 3
