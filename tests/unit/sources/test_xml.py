"""Hostile XML ends before it costs anything."""

import io
from pathlib import Path

import pytest

from sources.errors import Misconfigured, SourceMalformed, TooLarge
from sources.transport.xml import DEEPEST, MOST_TAGS, parse_xml, to_node
from sources.transport.xml_schema import SchemaReport
from sources.transport.xml_stream import StreamRules, XmlStream

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
        b"<a>&#0;</a>",
        b"<a>\xed\xa0\x80</a>",
        "<a>x</a>".encode("utf-16"),
        "<a>x</a>".encode("utf-16-le"),
        "<a>x</a>".encode("utf-32"),
        '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
        b"<!doctype a><a/>",
        b"\xef\xbb\xbf<!DOCTYPE a><a/>",
        b"<a>" + b"x" * 11_000_000 + b"</a>",
        b"<" + b"a" * 2_000_000 + b"/>",
        b"<?xml-stylesheet href='a.xsl'?><a><?b c?></a>",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_not_plain_xml_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(SourceMalformed):
        parse_xml(body)


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf<a><b>caf\xc3\xa9</b></a>",
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><a><b>caf\xc3\xa9</b></a>',
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a><b>caf\xc3\xa9</b></a>',
        b'<?xml version="1.0" encoding="UTF-16"?><a><b>caf\xc3\xa9</b></a>',
    ],
)
def test_a_byte_order_mark_is_read_and_a_declared_charset_changes_nothing(body: bytes) -> None:
    """What was decoded to look for a DOCTYPE is what is parsed."""
    assert to_node(parse_xml(body)).text_of("b") == "caf\xe9"


def test_xinclude_opens_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="ascii")
    body = f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}" parse="text"/></a>'
    [included] = to_node(parse_xml(body.encode())).children
    assert (included.name, included.text, included.children) == ("include", "", ())


def test_many_names_on_one_element_cost_little() -> None:
    """About as many as fit in the largest answer; the limit of a test's time says enough."""
    attributes = b" ".join(b'a%d="1"' % number for number in range(200_000))
    spaces = b" ".join(b'xmlns:n%d="u%d"' % (number, number) for number in range(100_000))
    assert to_node(parse_xml(b"<a " + attributes + b" " + spaces + b"/>")).name == "a"


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


def test_a_file_with_a_namespace_of_many_bytes_is_refused_before_every_name_gets_a_copy() -> None:
    """In memory this file would take thirty gigabytes."""
    long_name = b"u" * 1_000_000
    attributes = b" ".join(b'p:a%d=""' % number for number in range(30_000))
    elements = b"".join(b"<c%d/>" % number for number in range(30_000))
    for file in (
        b'<r xmlns:p="%s" %s><Vordering/></r>' % (long_name, attributes),
        b'<r><Vordering xmlns="%s">%s</Vordering></r>' % (long_name, elements),
    ):
        rules = StreamRules(frozenset({"Vordering"}), max_bytes=4_000_000)
        with pytest.raises(SourceMalformed, match="very long name"):
            list(XmlStream(io.BytesIO(file).read, rules))
