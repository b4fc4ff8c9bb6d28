"""What a check must know of the wire of each protocol that asks over the web: one line per protocol.

`question` is sent only when no test person is configured: it holds nobody, so a source can do nothing with it but say
whether it knows us.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sources.config import SourceConfig
from sources.municipal_rest.client import PATH
from sources.transport import soap
from sources.transport.http import Question

_JSON = frozenset({"application/json"})


@dataclass(frozen=True, slots=True)
class Wire:
    """`question` also says which media types and statuses an answer may have. `signed`: answers carry a signature."""

    path: str
    question: Question
    signed: bool = False


def _json(path: str) -> Wire:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return Wire(path, Question(b"{}", headers, _JSON))


def _soap(config: SourceConfig) -> Wire:
    headers = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml", "SOAPAction": '""'}
    question = Question(b"", headers, soap.MEDIA_TYPES, frozenset({500}))
    return Wire("", question, config.dkd is not None and config.dkd.header_profile == "wsa+wsse")


WIRES: dict[str, Callable[[SourceConfig], Wire]] = {
    "dkd": _soap,
    "fcid": lambda _config: _json(""),
    "municipal_rest": lambda _config: _json(PATH),
}
