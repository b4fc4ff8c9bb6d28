"""Print the button of this installation for the editor of the municipality's site."""

from __future__ import annotations

import sys

from app.cli.button_snippet import CSS, VARIANTS, Installation
from app.cli.settings import load_settings
from app.http.return_places import place_of
from app.settings import Settings, SettingsError


def show(only: str | None, back: str | None, theme: str | None) -> int:
    """0, or 1 with one line: the settings cannot be read, or would refuse a link with this address or look."""
    try:
        settings = load_settings()
        at = installation(settings, back, theme)
    except (SettingsError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    parts = [f"<style>\n{CSS}\n</style>", *(VARIANTS[name](at) for name in ([only] if only else VARIANTS))]
    print("\n\n".join(parts))
    return 0


def installation(settings: Settings, back: str | None, theme: str | None) -> Installation:
    """Raises ValueError for what the service would not take over from a link."""
    stated = settings.arrival
    if back is not None and place_of(back, stated.places) is None:
        raise ValueError("no [[arrival.return_to]] in the settings has this address, or one above it")
    if theme is not None and theme not in stated.themes:
        raise ValueError("[arrival.themes] in the settings has no such theme")
    name = settings.organisation.name
    return Installation(settings.public_url, name, back, theme, takes_cases=stated.case_references)
