"""About whom a message speaks. Looked at before anything of it is believed, also when it says that there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from claims.identity import Bsn
from sources.answers import require_person
from sources.transport.xml import Node

# Whoever shares a claim or a household (v0500; version v0400 calls them Gezinslid). Their numbers belong in the answer.
_OTHERS_OF_A_HOUSEHOLD = ("Partner", "Gezinslid")
_NUMBERS = frozenset({"burgerservicenr", "burgerservicenummer", "bsn"})


def require_one_person(response: Node, bsn: Bsn) -> None:
    """Raises WrongPerson when a client has no number, or a number anywhere but at a partner is somebody else's."""
    for client in response.all("ClientSuwi"):
        require_person(client.text_of("Burgerservicenr"), bsn)
    for number in _numbers_in(response):
        require_person(number, bsn)


def _numbers_in(element: Node) -> Iterator[str]:
    """Every number of a person, wherever it stands and in whatever capitals."""
    for child in element.children:
        if child.name.casefold() in _NUMBERS:
            yield child.text
        if not child.name.startswith(_OTHERS_OF_A_HOUSEHOLD):
            yield from _numbers_in(child)


def has_stray_client(response: Node) -> bool:
    """Data about somebody, beside the words that there are none."""
    return any(
        child.name.casefold() == "clientsuwi" or has_stray_client(child) for child in response.children
    )
