"""Everything that is fuzzed, by name, and where the stored inputs are."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.fuzz import batch_readers, json_readers, token_reader, xml_readers
from tests.fuzz.json_mutations import mutate_json
from tests.fuzz.line_mutations import mutate_csv, mutate_json_lines, mutate_xml_file
from tests.fuzz.target import Check, Target
from tests.fuzz.xml_mutations import mutate_xml

CORPUS = Path(__file__).parent / "corpus"


def _csv(encoding: str, amounts: str, dates: str) -> Check:
    settings = {"encoding": encoding, "amounts": amounts, "dates": dates, "columns": batch_readers.COLUMNS}
    return batch_readers.FileReader(batch_readers.csv_lines(encoding), format="csv", **settings).check


def _fcid_lines() -> Check:
    return batch_readers.FileReader(batch_readers.fcid_lines, format="fcid").check


def _suwiml() -> Check:
    return batch_readers.FileReader(batch_readers.suwiml, format="suwiml").check


TARGETS = {
    "dkd": Target(lambda: xml_readers.check_dkd, mutate_xml),
    "wsse": Target(lambda: xml_readers.SignedAnswers().check, mutate_xml),
    "municipal_rest": Target(lambda: json_readers.check_rest, mutate_json),
    "fcid": Target(lambda: json_readers.check_fcid, mutate_json),
    "record": Target(lambda: json_readers.check_record, mutate_json),
    "token": Target(lambda: token_reader.check_token, mutate_json),
    "csv": Target(partial(_csv, "utf-8", "decimal_comma", "dutch"), mutate_csv),
    "csv_cp1252": Target(partial(_csv, "cp1252", "cents", "iso"), mutate_csv),
    "fcid_lines": Target(_fcid_lines, mutate_json_lines),
    "suwiml": Target(_suwiml, mutate_xml_file),
    "index": Target(lambda: batch_readers.IndexReader().check, mutate_csv),
}
