"""An address of a source, checked: https, a host, nothing that could hold a secret or a person."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Address:
    """`path` starts with a slash or is empty."""

    host: str
    port: int
    path: str

    def target(self, below: str) -> str:
        """What to ask for: the address exactly as it was given, or a path (with its slash) below it."""
        return (self.path.rstrip("/") if below else self.path) + below or "/"


def parse_address(url: str) -> Address:
    """Raises ValueError, in plain words, for anything but https://host[:port][/path]."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("an address starts with https:// and has a host")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError("an address holds no user name, password, query or fragment")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("an address has plain characters only")
    return Address(parts.hostname, parts.port or HTTPS_PORT, parts.path)
