"""Reading an XML file of any length: one element at a time, as hardened as a single message, in constant memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from sources.errors import SourceMalformed, TooLarge
from sources.transport.xml import (
    HARDENED,
    Node,
    qualified_name,
    refuse_long_namespaces,
    refuse_odd_nodes,
    to_node,
)

_CHUNK = 65_536
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = max(map(len, _FORBIDDEN)) - 1


@dataclass(frozen=True, slots=True)
class StreamRules:
    """`names`: local names of the elements that are wanted. `max_bytes`: roughly how large one of them may be, with
    what stands before it. `encoding`: whatever the file itself declares, this is how it is read."""

    names: frozenset[str]
    max_bytes: int
    encoding: str = "utf-8"


class XmlStream:
    """Iterate once. The root is never given itself; `root_attributes`, by local name, are there with the first
    element."""

    def __init__(self, read: Callable[[int], bytes], rules: StreamRules) -> None:
        """`read(n)` gives at most n bytes, and nothing at the end."""
        self._read = read
        self._rules = rules
        self._chunk = min(_CHUNK, rules.max_bytes)
        self._parser = etree.XMLPullParser(
            ("start", "end"), tag=[f"{{*}}{name}" for name in sorted(rules.names)], **HARDENED
        )
        self._root: Any = None
        self._open = 0
        self._since_last = 0
        self.root_attributes: Mapping[str, str] = {}

    def __iter__(self) -> Iterator[Node]:
        """The wanted elements that do not stand in another wanted one. Raises SourceMalformed or TooLarge."""
        for piece in self._pieces():
            self._since_last += len(piece)
            yield from self._whole_elements(partial(self._parser.feed, piece))
            if self._since_last > self._rules.max_bytes + self._chunk:
                raise TooLarge(f"one record is larger than {self._rules.max_bytes} bytes")
        yield from self._whole_elements(self._parser.close)

    def _pieces(self) -> Iterator[bytes]:
        """In UTF-8, without any DOCTYPE or entity, also when it begins in one piece and ends in the next."""
        decoder = codecs.getincrementaldecoder(self._rules.encoding)()
        before = b""
        while chunk := self._read(self._chunk):
            if self._rules.encoding != "utf-8":
                chunk = _recoded(decoder, chunk)
            window = before + chunk
            if any(word in window for word in _FORBIDDEN):
                raise SourceMalformed("the file has a DOCTYPE or entities: we never read those")
            before = window[-_OVERLAP:]
            yield chunk

    def _whole_elements(self, advance: Callable[[], object]) -> Iterator[Node]:
        try:
            advance()
        except etree.XMLSyntaxError as error:
            where = f" at line {error.lineno}" if error.lineno else ""
            raise SourceMalformed(f"the XML is cut off or wrong{where}: ask for the file again") from None
        for event, element in self._parser.read_events():
            if self._root is None:
                self._note_root(element)
            if element is self._root:
                continue
            self._open += 1 if event == "start" else -1
            if self._open == 0:
                refuse_odd_nodes(element)
                yield to_node(element)
                self._since_last = 0
                self._forget(element)

    def _note_root(self, element: Any) -> None:
        self._root = element.getroottree().getroot()
        refuse_long_namespaces(self._root.nsmap.values())
        self.root_attributes = {qualified_name(name).localname: value for name, value in self._root.items()}

    def _forget(self, element: Any) -> None:
        """This element and everything before it, up to the root."""
        element.clear()
        while element is not self._root:
            parent = element.getparent()
            while (earlier := element.getprevious()) is not None:
                parent.remove(earlier)
            element = parent


def _recoded(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    try:
        return decoder.decode(chunk).encode()
    except UnicodeDecodeError:
        raise SourceMalformed("the file has bytes that its encoding does not have") from None
