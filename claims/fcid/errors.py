"""What can be wrong with a Financial Claims Information Document. No message holds a value of the document."""

from __future__ import annotations


class FcidError(ValueError):
    """The document as a whole cannot be read."""


class WrongPersonError(FcidError):
    """Part of the document is about somebody else: none of it may be used."""


class NotExpressible(ValueError):
    """This claim cannot stand in this version without loss. `reason` is Dutch, because it stands in
    the sealed record, and holds no values."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
