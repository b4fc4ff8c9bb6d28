"""How much a visitor may send. How many files are examined at once is limited in signing.verifying.sandbox, how long
sending may take in request_body."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Flask, Request

from app.http.request_body import BodyLimits, BoundedBodies

FORM_OVERHEAD = 64 * 1024
_DRAIN_FACTOR = 4


class InMemoryRequest(Request):
    """An overview of debts that somebody uploads is never written to a temporary file. MAX_CONTENT_LENGTH bounds it."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 -- the name and form are Werkzeug's
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


def install(app: Flask, upload_bytes: int, bodies_at_once: int) -> None:
    """Refuse bodies with more than `upload_bytes` of file with status 413, and see to it that the browser hears so. At
    most `bodies_at_once` are being received at the same time."""
    app.config["MAX_CONTENT_LENGTH"] = upload_bytes + FORM_OVERHEAD
    app.config["MAX_FORM_MEMORY_SIZE"] = 256 * 1024
    app.config["MAX_FORM_PARTS"] = 100  # a few more files than anybody may send, so that they hear how many
    app.request_class = InMemoryRequest
    bodies = BodyLimits(drain_bytes=upload_bytes * _DRAIN_FACTOR, at_once=bodies_at_once)
    app.wsgi_app = BoundedBodies(app.wsgi_app, bodies)  # type: ignore[method-assign]
