"""How people and programs use the service."""

from signing.without_http import take_http_away

take_http_away()
