"""The three example themes as looks that a link may ask for, so that an editor can try `/start?thema=heuvelrode` in the demo.

They are copied beside the settings: the folder of the demo must also do where the repository is not, as in the image.
"""

from __future__ import annotations

import shutil
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "instance" / "examples" / "themes"
FOLDER = "themas"


def names() -> tuple[str, ...]:
    return tuple(sorted(file.parent.name for file in EXAMPLES.glob("*/theme.toml")))


def copy_themes(folder: Path) -> None:
    """Raises OSError."""
    shutil.copytree(EXAMPLES, folder / FOLDER, dirs_exist_ok=True)


def settings_lines() -> str:
    """Of the table [arrival.themes]; paths are relative to the settings."""
    return "\n".join(f'{name} = "{FOLDER}/{name}/theme.toml"' for name in names())
