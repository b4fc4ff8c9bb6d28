"""Why a signed list is not taken."""

from __future__ import annotations


class ListRefused(Exception):
    """The list changes nothing. `str(error)` is a fixed phrase of ours for the operator, without any content."""
