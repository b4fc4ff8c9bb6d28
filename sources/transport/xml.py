"""Reading XML that somebody else made: no DOCTYPE, no entities, no network, bounded in size and depth.

lxml stays behind this door. The readers of the protocols get `Node`s: plain, immutable, without lxml's surprises
(lxml shows the text before a comment as the whole text).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from lxml import etree

from sources.errors import SourceMalformed, TooLarge

HARDENED: Mapping[str, Any] = MappingProxyType(
    {
        "encoding": "utf-8",
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "huge_tree": False,
        "remove_comments": True,
    }
)
DEEPEST = 40
MOST_TAGS = 500_000
# lxml makes a copy of the whole name, with its namespace, for every element that somebody looks at.
LONGEST_NAME = 500
_MOST_NAMESPACES = 100_000


@dataclass(frozen=True, slots=True)
class Node:
    """One element. `name` is the local name, `text` what stands directly in it, without outer white space.

    Texts are about a citizen, so they do not show in `repr`."""

    name: str
    namespace: str
    text: str = field(repr=False)
    children: tuple[Node, ...] = field(repr=False)

    def child(self, name: str) -> Node | None:
        """The first child with this local name, whatever its namespace."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Node]:
        """The children with this local name, in order."""
        return (child for child in self.children if child.name == name)

    def text_of(self, *path: str) -> str | None:
        """The text at the end of a path of local names; None when an element is missing or says nothing."""
        node: Node | None = self
        for name in path:
            node = node.child(name) if node is not None else None
        return (node.text or None) if node is not None else None

    def everywhere(self, name: str) -> Iterator[Node]:
        """This element and all below it with this local name."""
        if self.name == name:
            yield self
        for child in self.children:
            yield from child.everywhere(name)


def parse_xml(body: bytes) -> Any:
    """The lxml root element of a document in UTF-8. Raises SourceMalformed, or TooLarge for too many tags.

    A DOCTYPE is refused before a parser sees it; comments are left out, processing instructions are refused.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceMalformed("the answer is not UTF-8") from None
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SourceMalformed("the answer has a DOCTYPE")
    if body.count(b"<") > MOST_TAGS or body.count(b"xmlns") > _MOST_NAMESPACES:
        raise TooLarge("the answer has too many elements")
    try:
        root = etree.fromstring(body, hardened_parser())
    except (etree.XMLSyntaxError, ValueError):
        raise SourceMalformed("the answer is not XML") from None
    _check_content(root)
    return root


def hardened_parser() -> Any:
    """A fresh parser. The encoding is fixed: a declaration in the document cannot hide a DOCTYPE from us."""
    return etree.XMLParser(**HARDENED)


def _check_content(root: Any) -> None:
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None:
        raise SourceMalformed("the answer has a DOCTYPE")
    refuse_long_namespaces(namespace for _, (_, namespace) in etree.iterwalk(root, events=("start-ns",)))
    refuse_odd_nodes(root)


def refuse_odd_nodes(root: Any) -> None:
    """Raises SourceMalformed for an entity or a processing instruction anywhere in this lxml element."""
    for element in root.iter(etree.Entity, etree.ProcessingInstruction):
        raise SourceMalformed(f"the answer has a {type(element).__name__.strip('_').lower()}")


def refuse_long_namespaces(namespaces: Iterable[str]) -> None:
    """Before anybody looks at an element or attribute in them. Raises SourceMalformed."""
    if any(len(namespace) > LONGEST_NAME for namespace in namespaces):
        raise SourceMalformed("the answer has a namespace with a very long name")


def qualified_name(element_or_name: Any) -> Any:
    """As lxml's QName. Raises SourceMalformed for a prefix that was never declared, which a parser that gives elements
    before the end of the document reports too late."""
    try:
        return etree.QName(element_or_name)
    except ValueError:
        raise SourceMalformed("the answer is not XML") from None


def to_node(element: Any, depth: int = 0) -> Node:
    """An lxml element as a Node. Raises SourceMalformed when it is nested deeper than any message is."""
    if depth > DEEPEST:
        raise SourceMalformed("the answer is nested too deep")
    tag = element.tag
    if len(tag) > 2 * LONGEST_NAME:
        raise SourceMalformed("the answer has an element with a very long name")
    namespace, name = _split(tag)
    text, children = element.text or "", []
    for child in element:
        children.append(to_node(child, depth + 1))
        text += child.tail or ""
    return Node(name, namespace, text.strip(), tuple(children))


@lru_cache(maxsize=1000)
def _split(tag: str) -> tuple[str, str]:
    """Namespace and local name. A message has few different ones, and thousands of elements."""
    name = qualified_name(tag)
    return name.namespace or "", name.localname
