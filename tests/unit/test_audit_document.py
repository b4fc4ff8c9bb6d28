"""docs/audit.md, the events in the code and the commands tell the same."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from app.cli.main import _parser
from app.ports.audit import Event
from app.services import my_data
from app.web.my_data_words import _LOGGED

DOCUMENT = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
# What writes a row, and what only reads or makes a file for who asks. A new command goes into one of these.
WRITES = {
    "clients add",
    "clients remove",
    "db upgrade",
    "documents revoke",
    "keys create",
    "keys forget-client",
    "keys forget-storage",
    "keys import",
    "keys prepare-client",
    "keys prepare-storage",
    "keys request",
    "keys revoke",
    "keys rotate",
    "keys rotate-client",
    "keys rotate-pseudonym",
    "keys rotate-storage",
    "merge",
    "purge",
    "sessions end",
    "sources import",
    "sources rotate-keys",
    "sources scheme",
    "trust import-list",
    "work",
}
READS = {
    "archive",
    "clients list",
    "audit export",
    "audit export-head",
    "audit verify",
    "button",
    "documents revoked",
    "doctor",
    "keys check",
    "keys revoked",
    "sources check",
    "sources list",
    "sources status",
    "theme check",
    "verify",
}


def listed() -> list[str]:
    """The events in the first column of the table."""
    chapter = DOCUMENT.split("## What is written\n", 1)[1].split("\n## ", 1)[0]
    first_cells = [line.split(" | ")[0] for line in chapter.splitlines() if line.startswith("| `")]
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def test_the_document_lists_every_event_once_and_no_other() -> None:
    assert sorted(listed()) == sorted(Event)


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield " ".join(words)
    for action in nested:
        for name, child in action.choices.items():
            yield from commands(child, (*words, name))


def test_every_command_is_known_to_change_something_or_not() -> None:
    assert not WRITES & READS
    assert set(commands(_parser())) == WRITES | READS


def test_every_event_that_a_citizen_sees_has_a_sentence() -> None:
    """The others are told by `Wording._text` with their object; see tests/unit/web/test_my_data.py."""
    told_with_object = {
        Event.COLLECTION_STARTED,
        Event.CONSENT_GIVEN,
        Event.CONSENT_REFUSED,
        Event.CONSENT_WITHDRAWN,
        Event.TOKEN_ISSUED,
        Event.TOKEN_TAKEN,
        Event.TOKEN_REVOKED,
        Event.OVERVIEW_READ,
        Event.DOCUMENT_DOWNLOADED,
        Event.DOCUMENT_MADE,
        Event.DOCUMENT_REVOKED,
        Event.DOCUMENT_VERIFIED,
        Event.SESSION_ENDED,
        Event.DOCUMENT_SHARED,
        Event.SHARE_OPENED,
        Event.SHARE_ENDED,
        Event.ERROR_REPORTED,
        Event.REPORT_DELIVERED,
        Event.REPORT_GIVEN_UP,
        Event.SUMMARY_MADE,
        Event.PAPER_LOOKED_UP,
    }
    assert my_data._SHOWN - told_with_object == set(_LOGGED)
    for by in _LOGGED.values():
        assert set(by) == set(my_data.Doer) - {my_data.Doer.OTHER}
