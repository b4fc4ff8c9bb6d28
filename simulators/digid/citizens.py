"""The test citizens who can log in, from a TOML file with `[[burger]]` entries (bsn, naam, toont, vertegenwoordigt)."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from simulators.digid.grants import Person

DEFAULT_FILE = Path(__file__).parent.parent / "citizens.toml"


@dataclass(frozen=True)
class Citizen(Person):
    """An invented person with a test BSN."""

    @property
    def bsn(self) -> str:
        return self.identifier


def read_citizens(file: Path = DEFAULT_FILE, *, machtigen: bool = False) -> tuple[Citizen, ...]:
    """`machtigen`: who has an authorisation for others (`vertegenwoordigt`, their BSNs) can use it. Raises OSError, ValueError or
    KeyError when the file is absent or not of this form."""
    entries = tomllib.loads(file.read_text("utf-8"))["burger"]
    citizens = {entry["bsn"]: Citizen(entry["bsn"], entry["naam"], entry["toont"]) for entry in entries}
    if machtigen:
        for entry in entries:
            others = tuple(citizens[bsn] for bsn in entry.get("vertegenwoordigt", ()))
            citizens[entry["bsn"]] = replace(citizens[entry["bsn"]], represents=others)
    return tuple(citizens.values())
