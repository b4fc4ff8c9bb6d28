"""Logging while we measure."""

from __future__ import annotations

from app.observability import configure_logging


def quiet() -> None:
    """As the service does, but only warnings: a terminal is slower than what we measure."""
    configure_logging("WARNING")
