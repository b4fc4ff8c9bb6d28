"""Codes that somebody types, each looked up at the price of a slow derivation."""

from __future__ import annotations


class CodesBusy(Exception):
    """More codes are being tried than we look at at once. Nothing was looked at."""
