"""The test citizens who can log in, from a TOML file with `[[burger]]` entries (bsn, naam, toont)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from simulators.digid.grants import Person

DEFAULT_FILE = Path(__file__).parent.parent / "citizens.toml"


@dataclass(frozen=True)
class Citizen(Person):
    """An invented person with a test BSN."""

    @property
    def bsn(self) -> str:
        return self.identifier


def read_citizens(file: Path = DEFAULT_FILE) -> tuple[Citizen, ...]:
    """Raises OSError, ValueError or KeyError when the file is absent or not of this form."""
    entries = tomllib.loads(file.read_text("utf-8"))["burger"]
    return tuple(Citizen(entry["bsn"], entry["naam"], entry["toont"]) for entry in entries)
