"""What a simulated organisation can do wrong, and the switch for it."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path


class Behaviour(StrEnum):
    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    DRIP = "drip"
    DRIP_HEAD = "drip_head"
    MALFORMED = "malformed"
    WRONG_CITIZEN = "wrong_citizen"
    NO_CITIZEN = "no_citizen"
    MIXED_CITIZENS = "mixed_citizens"
    HUGE = "huge"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"
    REDIRECT = "redirect"
    HTML_ERROR = "html_error"
    SERVER_ERROR = "server_error"
    TELLING_ERROR = "telling_error"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    COMPRESSED = "compressed"
    CUT_OFF = "cut_off"
    SECOND_PAGE_DOWN = "second_page_down"
    SECOND_PAGE_WRONG_CITIZEN = "second_page_wrong_citizen"
    ENDLESS_PAGES = "endless_pages"
    NOTED = "noted"
    FUNCTIONAL_ERROR = "functional_error"
    FAULT = "fault"
    GATEWAY_FAULT = "gateway_fault"
    UNSIGNED_FAULT = "unsigned_fault"
    EMPTY = "empty"
    DOCTYPE = "doctype"
    UNSIGNED = "unsigned"
    BROKEN_SIGNATURE = "broken_signature"
    OTHER_SIGNER = "other_signer"
    OTHER_QUESTION = "other_question"
    OTHER_RECEIVER = "other_receiver"
    OTHER_VERSION = "other_version"
    PLAIN_ADDRESS = "plain_address"


class Switches:
    """Overrides per organisation in one small file, read at every request: tests in another process may write it too.

    The file is a JSON object: {"zonnedael-parkeren": "down"}.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def get(self, source_id: str) -> Behaviour | None:
        word = self._read().get(source_id)
        return None if word is None else Behaviour(word)

    def set(self, source_id: str, behaviour: Behaviour | None) -> None:
        """Override the behaviour for every citizen; None gives it back to the data file."""
        words = {name: word for name, word in self._read().items() if name != source_id}
        if behaviour is not None:
            words[source_id] = behaviour.value
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps(words), encoding="utf-8")
        os.replace(draft, self.file)

    def _read(self) -> dict[str, str]:
        try:
            words: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return words
