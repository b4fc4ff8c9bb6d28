"""Pseudonyms: keyed, different per purpose, and followed when the key file changes."""

import logging
from pathlib import Path

import pytest

from app.persistence.audit_pseudonyms import FilePseudonyms, PseudonymRing
from app.persistence.cipher import new_key_line
from claims.identity import Bsn

ANNA, BRAM = Bsn("999993549"), Bsn("111111110")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    made.write_text(new_key_line("one"))
    return made


def test_the_same_person_has_the_same_pseudonym_in_every_process(file: Path) -> None:
    assert FilePseudonyms(file).of_citizen(ANNA) == FilePseudonyms(file).of_citizen(ANNA)
    assert FilePseudonyms(file).of_citizen(ANNA) != FilePseudonyms(file).of_citizen(BRAM)


def test_another_key_gives_another_pseudonym(file: Path) -> None:
    before = FilePseudonyms(file).of_citizen(ANNA).value
    file.write_text(new_key_line("one"))
    assert FilePseudonyms(file).of_citizen(ANNA).value != before


def test_an_account_that_looks_like_a_bsn_is_never_taken_for_that_citizen(file: Path) -> None:
    made = FilePseudonyms(file)
    assert made.of_account(ANNA.digits).value != made.of_citizen(ANNA).value


def test_a_new_key_counts_at_once_and_the_old_one_is_still_known(file: Path) -> None:
    made = FilePseudonyms(file)
    old = made.of_citizen(ANNA)
    with file.open("a") as ring:
        ring.write(new_key_line("two"))
    assert made.of_citizen(ANNA).key_id == "two"
    assert made.each_of_citizen(ANNA) == (old, made.of_citizen(ANNA))
    assert made.key_ids == {"one", "two"}


def test_a_key_file_that_is_spoiled_while_the_service_runs_changes_nothing(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = FilePseudonyms(file)
    old = made.of_citizen(ANNA)
    file.write_text("no key at all")
    with caplog.at_level(logging.ERROR):
        assert made.of_citizen(ANNA) == old
    file.unlink()
    assert made.of_citizen(ANNA) == old


@pytest.mark.parametrize("text", ["", "one dG9vIHNob3J0", "one", new_key_line("a") * 2])
def test_a_bad_key_file_stops_the_start(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ValueError, match="key"):
        FilePseudonyms(file)


def test_no_key_shows(file: Path) -> None:
    assert repr(PseudonymRing.parse(file.read_text())) == "PseudonymRing(keys=1)"
