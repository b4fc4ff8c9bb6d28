"""What the templates of every site share: where they are, and text that cannot change how a page reads."""

from __future__ import annotations

from pathlib import Path

from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup

TEMPLATES = Path(__file__).parents[2] / "templates"
_SHOWN_CONTROLS = "\t\n\r"
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0), *_TURNING} - set(map(ord, _SHOWN_CONTROLS)))


def clean_texts(state: BlueprintSetupState) -> None:
    """Clean every value that a template of this application shows. For `Blueprint.record_once`."""
    state.app.jinja_env.finalize = without_controls


def without_controls(value: object) -> object:
    """Text for a page, without control characters and without marks that turn around the direction of the text after
    them: an amount or a number beside it would read differently. Markup of ours stays as it is."""
    return value.translate(_CONTROLS) if isinstance(value, str) and not isinstance(value, Markup) else value
