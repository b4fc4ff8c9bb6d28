"""How a document is sealed and checked: bytes in, bytes out."""

from signing.without_http import take_http_away

take_http_away()
