"""Bytes of our own choosing over TLS: HTTP/1.1 as text, HTTP/2 as frames."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Sequence
from pathlib import Path

from tests.support.nginx import HOST
from tests.support.waiting import PATIENCE_S

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
_END_STREAM, _END_HEADERS = 1, 4


def connect(port: int, root: Path, *protocols: str) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(root))
    context.set_alpn_protocols(list(protocols or ("http/1.1",)))
    line = socket.create_connection((HOST, port), timeout=PATIENCE_S)
    return context.wrap_socket(line, server_hostname=HOST)


def converse(port: int, root: Path, text: bytes) -> bytes:
    """Send `text`, and give everything until the server closes; what came before a reset counts. The last request in
    `text` should ask to close."""
    with connect(port, root) as line:
        received = b""
        try:
            line.sendall(text)
            while some := line.recv(65536):
                received += some
        except (ConnectionError, ssl.SSLError):
            pass
        return received


def statuses(answers: bytes) -> list[int]:
    """Of every answer in what a server sent; no page of ours holds "HTTP/1.1 "."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


def ask_http2(port: int, root: Path, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> set[int]:
    """One request on stream 1, in literal headers without any check. Gives the kinds of frames about it that came back
    until the stream, or the connection, ended."""
    with connect(port, root, "h2") as line:
        assert line.selected_alpn_protocol() == "h2"
        block = b"".join(b"\0" + _literal(name) + _literal(value) for name, value in headers)
        request = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(SETTINGS, 0, 0, b"")
        request += _frame(HEADERS, _END_HEADERS | (0 if body else _END_STREAM), 1, block)
        request += _frame(DATA, _END_STREAM, 1, body) if body else b""
        seen: set[int] = set()
        try:
            line.sendall(request)
            while not _is_over(frame := _read_frame(line)):
                seen.add(frame[0])
            seen.add(frame[0])
        except (ConnectionError, EOFError, ssl.SSLError):
            pass
        return seen


def _is_over(frame: tuple[int, int, int]) -> bool:
    kind, flags, stream = frame
    return kind in (GOAWAY, RST_STREAM) or (
        stream == 1 and kind in (DATA, HEADERS) and bool(flags & _END_STREAM)
    )


def _frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    """RFC 9113, 4.1."""
    return struct.pack(">I", len(content))[1:] + struct.pack(">BBI", kind, flags, stream) + content


def _literal(text: bytes) -> bytes:
    """RFC 7541, 5.2: a string of less than 127 + 128 * 128 bytes, not compressed. A zero byte before a name and a value says
    that they are literal and not to be remembered (6.2.2)."""
    if len(text) < 127:
        return bytes([len(text)]) + text
    rest = len(text) - 127
    return bytes([127, rest % 128 + 128, rest // 128]) + text


def _read_frame(line: ssl.SSLSocket) -> tuple[int, int, int]:
    head = _exactly(line, 9)
    length = int.from_bytes(head[:3], "big")
    _exactly(line, length)
    return head[3], head[4], int.from_bytes(head[5:], "big")


def _exactly(line: ssl.SSLSocket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        some = line.recv(count - len(received))
        if not some:
            raise EOFError
        received += some
    return received
