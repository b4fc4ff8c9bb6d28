"""The wire of docs/interfaces/gemeentelijke-vorderingen.yaml: one question, answers in pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.identity import Bsn
from sources.deadline import Deadline
from sources.errors import SourceMalformed
from sources.transport.http import HttpTransport
from sources.transport.reading import ByteBudget

PATH = "/vorderingen/opvragen"
_LONGEST_TOKEN = 500

Page = dict[str, object]


@dataclass(frozen=True, slots=True)
class PageLimits:
    """Of all pages together; what was read before a limit is kept."""

    bytes: int
    pages: int = 10
    claims: int = 10_000


def ask_pages(transport: HttpTransport, bsn: Bsn, deadline: Deadline, limits: PageLimits) -> Iterator[Page]:
    """Yield unverified pages until the source says that there are no more, a limit is reached, or it comes back to
    where it was: the last page then still names a next one. Raises a SourceError."""
    budget, marks, earlier = ByteBudget(limits.bytes), set[str](), list[object]()
    token: str | None = None
    while len(marks) < limits.pages and sum(map(_count, earlier)) < limits.claims:
        question: dict[str, object] = {"bsn": bsn.digits, **({"vervolg": token} if token else {})}
        page = transport.post_json(PATH, question, deadline, budget)
        if not isinstance(page, dict):
            raise SourceMalformed("the answer is not a JSON object")
        yield page  # before anything else, so that a page about another person is never overlooked
        claims = page.get("vorderingen")
        if claims and claims in earlier:
            raise SourceMalformed("the same page came twice")
        earlier.append(claims)
        token = next_page(page)
        if token is None or token in marks:
            return
        marks.add(token)


def next_page(page: Page) -> str | None:
    """The source's own mark for the next page: sent back as it is, never an address. Raises SourceMalformed when it is
    no such mark."""
    token = page.get("vervolg")
    if token is None:
        return None
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise SourceMalformed("the mark of the next page is not a text")
    return token


def _count(claims: object) -> int:
    return len(claims) if isinstance(claims, list) else 0
