"""Arabic script on the pages: readable, marked, explained; never dropped, and exact in the attachment."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from app.documents import labels, pdf, pdf_arabic
from app.documents.json import write_payload
from app.documents.pdf_fonts import GlyphMissing, clean
from tests.support import snapshots
from tests.support.pdf_reading import plain_text
from tests.support.sealing import ConstantSeal

MUHAMMAD = "\u0645\u062d\u0645\u062f"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (MUHAMMAD, "[mhmd]"),
        (f"J. {MUHAMMAD} de Vries", "J. [mhmd] de Vries"),
        ("\u0639\u0628\u062f \u0627\u0644\u0644\u0647", "['bd allh]"),
        ("\u0641\u0627\u0637\u0645\u0629", "[fatma]"),
        ("\u0634\u064a\u0631\u064a\u0646", "[shyryn]"),
        ("\ufee3\ufea4\ufee4\ufeaa", "[mhmd]"),
        ("\u0663\u06f4", "[34]"),
        ("Jansen", "Jansen"),
    ],
)
def test_letters_by_letters(written: str, printed: str) -> None:
    assert clean(written) == printed


def test_every_letter_of_arabic_and_persian_gives_something() -> None:
    letters = [chr(code) for code in (*range(0x0621, 0x063B), *range(0x0641, 0x064B))] + list("پچژگکی")
    assert all(len(clean(letter)) > 2 for letter in letters)


def test_a_letter_that_the_table_lacks_is_an_error_before_sealing() -> None:
    with pytest.raises(GlyphMissing):
        clean("\u06d5")
    with pytest.raises(GlyphMissing):
        clean("\u4e2d")


def test_the_page_says_so_and_the_attachment_is_exact(tmp_path: Path) -> None:
    snapshot = snapshots.snapshot(snapshots.arabic_outcomes())
    payload = write_payload(snapshot)
    data = pdf.write(snapshot, payload, ConstantSeal())
    (tmp_path / "o.pdf").write_bytes(data)
    text = plain_text(tmp_path / "o.pdf")
    assert "[mhmd] de Vries" in text
    assert labels.ARABIC_SCRIPT in text
    with pikepdf.open(BytesIO(data)) as opened:
        attached = opened.attachments["schuldenoverzicht.json"].get_file().read_bytes()
    assert attached == payload
    assert MUHAMMAD in attached.decode()


def test_other_overviews_do_not_speak_of_it(tmp_path: Path) -> None:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    (tmp_path / "o.pdf").write_bytes(pdf.write(snapshot, write_payload(snapshot), ConstantSeal()))
    assert "Arabische" not in plain_text(tmp_path / "o.pdf")
    assert not pdf_arabic.is_present("Đặng Žižković")
