"""The wire: one request message, one Financial Claims Information Document, over mutual TLS.

This is a direct, bilateral exchange of documents. It is not Blauwe Knop Connect, which has sessions, a scheme and
an app, and must not be called so.
"""

from __future__ import annotations

from claims.identity import Bsn
from sources.deadline import Deadline
from sources.errors import SourceMalformed
from sources.transport.http import HttpTransport

REQUEST_TYPE = "FINANCIAL_CLAIMS_INFORMATION_REQUEST"


def ask_document(
    transport: HttpTransport, bsn: Bsn, wire_version: str, deadline: Deadline
) -> dict[str, object]:
    """The unverified document. `wire_version` is the major version that we ask for. Raises a SourceError."""
    question: dict[str, object] = {
        "type": REQUEST_TYPE,
        "version": wire_version,
        "body": {"bsn": bsn.digits},
    }
    document = transport.post_json("", question, deadline)
    if not isinstance(document, dict):
        raise SourceMalformed("the answer is not a JSON object")
    return document
