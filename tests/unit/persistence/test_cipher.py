import base64
from dataclasses import replace

import pytest

from app.persistence.cipher import KeyRing, Place, new_key_line
from app.ports.storage import StoredDataUnreadable

HERE = Place("table", "row", "owner")
ONE = new_key_line("one")
TWO = new_key_line("two")


def test_what_was_encrypted_comes_back() -> None:
    ring = KeyRing.parse(ONE)
    stored = ring.encrypt(b"secret", HERE)
    assert b"secret" not in stored
    assert ring.decrypt(stored, HERE) == b"secret"


def test_the_newest_key_encrypts_and_every_key_decrypts() -> None:
    old, both, new = KeyRing.parse(ONE), KeyRing.parse(ONE + TWO), KeyRing.parse(TWO)
    assert both.decrypt(old.encrypt(b"x", HERE), HERE) == b"x"
    assert new.decrypt(both.encrypt(b"x", HERE), HERE) == b"x"
    with pytest.raises(StoredDataUnreadable):
        new.decrypt(old.encrypt(b"x", HERE), HERE)


@pytest.mark.parametrize("part", ["table", "row", "owner"])
def test_a_row_cannot_be_moved(part: str) -> None:
    ring = KeyRing.parse(ONE)
    with pytest.raises(StoredDataUnreadable):
        ring.decrypt(ring.encrypt(b"x", HERE), replace(HERE, **{part: "other"}))


def test_parts_of_a_place_do_not_run_into_each_other() -> None:
    ring = KeyRing.parse(ONE)
    with pytest.raises(StoredDataUnreadable):
        ring.decrypt(ring.encrypt(b"x", Place("t", "ab", "c")), Place("t", "a", "bc"))


def test_every_changed_byte_is_noticed() -> None:
    ring = KeyRing.parse(ONE)
    stored = ring.encrypt(b"secret", HERE)
    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1
        with pytest.raises(StoredDataUnreadable):
            ring.decrypt(bytes(changed), HERE)
    for length in range(len(stored)):
        with pytest.raises(StoredDataUnreadable):
            ring.decrypt(stored[:length], HERE)


def test_remarks_and_empty_lines_in_a_key_file_are_skipped() -> None:
    assert (
        repr(KeyRing.parse(f"# made today\n\n{ONE}{TWO.strip()} # newest\n"))
        == "KeyRing(newest='two', keys=2)"
    )


SHORT = base64.b64encode(b"x" * 31).decode()


@pytest.mark.parametrize("text", ["", "one", "one !!!", f"one {SHORT}", ONE + ONE, ONE.replace("one", "a/b")])
def test_a_wrong_key_file_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match="key") as caught:
        KeyRing.parse(text)
    assert SHORT not in str(caught.value)


def test_derived_secrets_differ_per_purpose_and_agree_between_processes() -> None:
    ring, again = KeyRing.parse(ONE), KeyRing.parse(ONE)
    assert ring.derive("csrf") == again.derive("csrf")
    assert ring.derive("csrf") != ring.derive("other")
    assert len(ring.derive("csrf")) == 32
