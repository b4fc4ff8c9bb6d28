"""What can go wrong on our own side. What is wrong with an examined file is a `SealReport`, never an error."""


class SigningError(Exception):
    """Base of all errors of this room. The text is for the operator, never for a citizen."""


class KeyRefused(SigningError):
    """The sealing key or its certificate may not be used; the text says why."""


class SealingRefused(SigningError):
    """This document may not or cannot be sealed; the text says why."""


class TrustRefused(SigningError):
    """The folder with trusted organisations is not usable; the text names the file and the reason."""
