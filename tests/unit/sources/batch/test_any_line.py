"""Whatever a line holds, it is a record, a bad record, or the end; nothing else comes out."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.organisation import Organisation
from sources.batch.csv_lines import CsvLines
from sources.batch.fcid_lines import FcidLines
from sources.batch.record import BadRecord, Closing, Record, pack, unpack
from sources.batch_settings import BatchSettings
from tests.support import fcid
from tests.unit.sources.batch.support import AS_OF, COLUMNS, HEADINGS, ME

TOWN = Organisation("Gemeente Zonnedael")
CELL = st.text(max_size=12) | st.sampled_from([ME, "12,50", "-1", "31-02-2026", '"', "#einde", ""])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from([ME, fcid.NOW, fcid.BSN]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def comes_back(reader: CsvLines | FcidLines, line: bytes) -> None:
    with suppress(BadRecord):
        read = reader.read(line)
        if isinstance(read, tuple):
            assert unpack(pack(read[1])) == read[1]


def csv_reader(encoding: str = "utf-8") -> CsvLines:
    settings = BatchSettings.model_validate({"format": "csv", "columns": COLUMNS, "encoding": encoding})
    reader = CsvLines(TOWN, settings)
    assert reader.read(HEADINGS.encode()) is None
    return reader


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp1252"]))
def test_any_bytes_are_survived(line: bytes, encoding: str) -> None:
    comes_back(csv_reader(encoding), line)
    comes_back(FcidLines(TOWN, 1000), line)


@given(st.lists(CELL, min_size=6, max_size=6))
def test_any_cells_are_survived(cells: list[str]) -> None:
    line = ";".join([ME, *cells]).encode()
    comes_back(csv_reader(), line)


@given(JSON, st.sampled_from(["body", "financiele_zaken", "gebeurtenissen", "type"]))
def test_any_json_in_the_place_of_any_member_is_survived(value: Any, member: str) -> None:
    event = fcid.imposed(1)
    case = fcid.case(event, obliged=1)
    document = fcid.document(case)
    for place in (document, document["body"], case):
        if member in place:
            place[member] = value
    comes_back(FcidLines(TOWN, 100_000), json.dumps(document).encode())


@given(JSON, JSON)
def test_any_closing_line_is_survived(count: Any, moment: Any) -> None:
    line = json.dumps({"type": "EINDE", "aantal": count, "peilmoment": moment}).encode()
    comes_back(FcidLines(TOWN, 100_000), line)


def test_a_closing_line_is_read_in_both_formats() -> None:
    end = Closing(2, datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC))
    assert csv_reader().read(f"#Einde;aantal=2;peilmoment={AS_OF};;".encode()) == end
    line = json.dumps({"type": "EINDE", "aantal": 2, "peilmoment": AS_OF})
    assert FcidLines(TOWN, 1000).read(line.encode()) == end


def test_an_empty_record_comes_back() -> None:
    assert unpack(pack(Record())) == Record()
