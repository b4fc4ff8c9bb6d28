"""`keys prepare-storage`, `rotate-storage` and `forget-storage`: another storage key, and nobody is logged out.

Three steps, because programs on other machines may see the file later: first every program must know the new key, then
one may use it, and the old one goes when nothing is left under it. See docs/keys.md.
"""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import open_storage
from app.cli.account import account_of_command
from app.cli.key_files import key_of, new_id, replace_file
from app.cli.operate import one_line
from app.cli.settings import load_settings
from app.cli.written_down import written_down
from app.persistence.cipher import new_key_line, parse_key_lines
from app.persistence.key_uses import uses_of
from app.services import audit_facts
from app.settings import SettingsError


@one_line
def prepare() -> int:
    """A new key that opens and does not close yet."""
    file, lines, known = _read()
    name, last = new_id(known), _place_of(lines, known[-1])
    _write(file, [*lines[:last], new_key_line(name).strip(), *lines[last:]], (name, "prepare-storage"))
    print(f"Sleutel {name} staat klaar; {known[-1]} versleutelt nog. Maak een reservekopie van {file}.")
    print(f"Kent elk programma hem? Dan: blauwe-knop keys rotate-storage {name}")
    return 0


@one_line
def rotate(name: str) -> int:
    """Let a key that every program knows encrypt from now on."""
    file, lines, known = _read()
    line = lines.pop(_place(lines, known, name))
    _write(file, [*lines, line], (name, "rotate-storage"))
    print(f"{name} versleutelt vanaf nu. Nu: blauwe-knop sources rotate-keys")
    return 0


@one_line
def forget(name: str) -> int:
    """Take out a key under which nothing is left."""
    file, lines, known = _read()
    place = _place(lines, known, name)
    if name == known[-1]:
        raise SettingsError(f"{name} is the key that encrypts now: first rotate-storage another one")
    left = uses_of(open_storage(load_settings()).database, name)
    if left:
        tables = ", ".join(f"{table} {count}" for table, count in left.items())
        raise SettingsError(f"not yet: {name} is still needed ({tables}); sessions end within the hour")
    del lines[place]
    _write(file, lines, (name, "forget-storage"))
    print(f"Sleutel {name} is gewist. Wis ook de reservekopieën.")
    return 0


def _read() -> tuple[Path, list[str], list[str]]:
    """The file, its lines, and the ids of its keys, the one that encrypts last."""
    file = load_settings().storage.key_ring_file
    text = file.read_text()
    return file, text.splitlines(), [key_id for key_id, _ in parse_key_lines(text)]


def _place(lines: list[str], known: list[str], name: str) -> int:
    if name not in known:
        raise SettingsError(f"there is no storage key {name}; there are: {', '.join(known)}")
    return _place_of(lines, name)


def _place_of(lines: list[str], name: str) -> int:
    return next(number for number, line in enumerate(lines) if key_of(line) == name)


def _write(file: Path, lines: list[str], deed: tuple[str, str]) -> None:
    """`deed`: which key, and the command."""
    with written_down(load_settings(), audit_facts.key_changed(account_of_command(), *deed)):
        replace_file(file, "\n".join([*lines, ""]))
