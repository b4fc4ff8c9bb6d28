"""What the templates of every site share: where they are, and text that cannot change how a page reads."""

from __future__ import annotations

from pathlib import Path

from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup

from claims.visible import without_hidden

TEMPLATES = Path(__file__).parents[2] / "templates"


def clean_texts(state: BlueprintSetupState) -> None:
    """Clean every value that a template of this application shows. For `Blueprint.record_once`."""
    state.app.jinja_env.finalize = without_controls


def without_controls(value: object) -> object:
    """Text for a page, without anything hidden in it (see `without_hidden`). Markup of ours stays as it is."""
    return without_hidden(value) if isinstance(value, str) and not isinstance(value, Markup) else value
