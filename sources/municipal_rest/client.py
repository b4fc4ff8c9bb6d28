"""The wire of docs/interfaces/gemeentelijke-vorderingen.yaml: one question, answers in pages."""

from __future__ import annotations

from collections.abc import Iterator

from claims.identity import Bsn
from sources.deadline import Deadline
from sources.errors import SourceMalformed
from sources.transport.http import HttpTransport

PATH = "/vorderingen/opvragen"
MOST_PAGES = 10
_LONGEST_TOKEN = 500

Page = dict[str, object]


def ask_pages(transport: HttpTransport, bsn: Bsn, deadline: Deadline) -> Iterator[Page]:
    """Yield unverified pages until the source says that there are no more, or MOST_PAGES were read: the last page
    then still names a next one. Raises a SourceError."""
    token: str | None = None
    for _ in range(MOST_PAGES):
        question: dict[str, object] = {"bsn": bsn.digits, **({"vervolg": token} if token else {})}
        page = transport.post_json(PATH, question, deadline)
        if not isinstance(page, dict):
            raise SourceMalformed("the answer is not a JSON object")
        yield page
        token = next_page(page)
        if token is None:
            return


def next_page(page: Page) -> str | None:
    """The source's own mark for the next page. Raises SourceMalformed when it is no such mark."""
    token = page.get("vervolg")
    if token is None:
        return None
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise SourceMalformed("the mark of the next page is not a text")
    return token
