"""Hostile XML ends before it costs anything."""

from pathlib import Path

import pytest

from sources.errors import Misconfigured, SourceMalformed, TooLarge
from sources.transport.xml import DEEPEST, MOST_TAGS, parse_xml, to_node
from sources.transport.xml_schema import SchemaReport

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>"""
LOCAL_FILE = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>"""


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        LOCAL_FILE,
        b"<!DOCTYPE html><html/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        BOMB.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
        b"<a>&x;</a>",
        b"<a><?php echo 1 ?></a>",
        b"",
        b"<a>",
        b"geen xml",
        "<a>é</a>".encode("cp1252"),
        b"<a>\x00</a>",
    ],
)
def test_what_is_not_plain_xml_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(SourceMalformed):
        parse_xml(body)


def test_too_many_elements_are_refused_before_parsing() -> None:
    with pytest.raises(TooLarge):
        parse_xml(b"<a>" + b"<b/>" * MOST_TAGS + b"</a>")


@pytest.mark.parametrize("depth", [DEEPEST + 2, 5_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    with pytest.raises(SourceMalformed):
        to_node(parse_xml(b"<a>" * depth + b"</a>" * depth))


def test_a_comment_does_not_cut_a_text_in_two() -> None:
    node = to_node(parse_xml(b"<a><b>12<!-- 9 -->34</b></a>"))
    assert node.text_of("b") == "1234"


def test_texts_do_not_show_in_repr() -> None:
    assert "111111110" not in repr(to_node(parse_xml(b"<a><b>111111110</b></a>")))


def test_a_schema_that_cannot_be_read_is_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        SchemaReport(tmp_path / "absent.xsd")
