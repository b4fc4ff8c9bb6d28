"""An archive is unpacked as it is read, and what is not one honest file is refused."""

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from claims.outcome import OutcomeKind
from sources.batch.unpacking import LARGEST_RATIO
from sources.ports import DeliveryRefused
from tests.unit.sources.batch.support import ME, OTHER, Town, closing, csv_lines, packed, row
from tests.unit.sources.batch.suwiml_files import GOOD, SUWIML
from tests.unit.sources.batch.test_importing import document

LINES = "".join(f"{line}\n" for line in csv_lines(row(), row(OTHER, "Z-2"))).encode()
DOCUMENTS = "\n".join([document(ME, "A"), closing(1)]).encode()


def zipped(
    content: bytes = LINES, name: str = "levering.csv", how: int = zipfile.ZIP_DEFLATED, **options: Any
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive, archive.open(name, "w", **options) as member:
        member.write(content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (zipped(), {}),
        (zipped(how=zipfile.ZIP_STORED), {}),
        (zipped(force_zip64=True), {}),
        (zipped(name="levering van oktober (définitif).csv"), {}),
        (zipped(GOOD), SUWIML),
        (zipped(GOOD, force_zip64=True), SUWIML),
        (zipped(DOCUMENTS), {"format": "fcid", "columns": {}}),
    ],
)
def test_a_zip_of_one_file_is_read_in_every_format(
    town: Town, content: bytes, settings: dict[str, Any]
) -> None:
    report = town.deliver(content, **settings)
    assert report.bad == 0
    assert town.ask(**settings).kind is OutcomeKind.CLAIMS


def test_a_zip_and_the_file_itself_are_the_same_delivery(town: Town) -> None:
    town.deliver(LINES)
    for same in (zipped(), packed(csv_lines(row(), row(OTHER, "Z-2")))):
        with pytest.raises(DeliveryRefused, match="before"):
            town.deliver(same)


def of_many(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.csv", LINES if number == 0 else b"")
    return made.getvalue()


def with_flag(archive: bytes, bit: int) -> bytes:
    """In the list of contents, where a reader looks first."""
    at = archive.rindex(b"PK\x01\x02") + 8
    [flags] = struct.unpack_from("<H", archive, at)
    return archive[:at] + struct.pack("<H", flags | bit) + archive[at + 2 :]


def changed(archive: bytes, old: bytes, new: bytes) -> bytes:
    assert old in archive
    return archive.replace(old, new)


STORED = zipped(how=zipfile.ZIP_STORED)
LARGE = zipped(b"a" * 30_000_000)
LYING = changed(LARGE, struct.pack("<I", 30_000_000), struct.pack("<I", 300))


@pytest.mark.parametrize(
    ("content", "settings", "why"),
    [
        (of_many(0), {}, "holds 0 files"),
        (of_many(2), {}, "holds 2 files and must hold exactly one"),
        (of_many(20_000), {}, "far too many"),
        (with_flag(zipped(), 0x1), {}, "password"),
        (zipped(how=zipfile.ZIP_BZIP2), {}, "use deflate"),
        (zipped(how=zipfile.ZIP_LZMA), {}, "use deflate"),
        (zipped(name="../levering.csv"), {}, "without folders"),
        (zipped(name="/etc/levering.csv"), {}, "without folders"),
        (zipped(name="map/levering.csv"), {}, "without folders"),
        (zipped(name="C:levering.csv"), {}, "without folders"),
        (zipped(name=""), {}, "without folders"),
        (zipped(name="map\\levering.csv"), {}, "without folders"),
        (changed(STORED, b"1.234,56", b"9.234,56"), {}, "cut off or damaged"),
        (zipped()[:-30], {}, "cut off or damaged"),
        (zipped()[:40], {}, "cut off or damaged"),
        (changed(zipped(), b"PK\x01\x02", b"PK\x01\x03"), {}, "cut off or damaged"),
        (LYING, {}, "cut off or damaged"),
        (
            changed(gzip.compress(LINES), b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\xc0"),
            {},
            "marks that we do not know",
        ),
        (
            changed(gzip.compress(LINES), b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x02"),
            {},
            "marks that we do not know",
        ),
        (LARGE, {"max_record_bytes": 5_000_000, "max_file_bytes": 2_000_000}, "longer than 5000000|larger"),
        (zipped(b"a,a\n" * 4_000_000), {"delimiter": ","}, "heading"),
        (zipped(zipped()), {}, "headings cannot be read|heading for"),
    ],
)
def test_an_archive_that_is_not_one_honest_file_changes_nothing(
    town: Town, content: bytes, settings: dict[str, Any], why: str
) -> None:
    town.deliver(csv_lines(row(reference="OLD"), as_of="2026-09-29T00:00:00Z"))
    with pytest.raises(DeliveryRefused, match=why):
        town.deliver(content, **settings)
    [kept] = town.ask().claims
    assert kept.reference == "OLD"


def endless_headings() -> Iterator[str]:
    yield csv_lines()[0]
    for _ in range(5_000):
        yield row() + "  " * 4_000


def test_a_bomb_is_refused_by_what_comes_out_and_not_by_what_is_promised(town: Town) -> None:
    bomb = "".join(f"{line}\n" for line in endless_headings()).encode()
    for archive in (zipped(bomb), packed(endless_headings())):
        assert len(archive) < 400_000
        with pytest.raises(DeliveryRefused, match=f"{LARGEST_RATIO} times its packed size"):
            town.deliver(archive)


def test_something_before_the_zip_is_no_zip(town: Town) -> None:
    with pytest.raises(DeliveryRefused, match="without folders or anything before"):
        town.deliver(STORED[:40] + STORED)
