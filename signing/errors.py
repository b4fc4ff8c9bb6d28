"""What can go wrong on our own side. What is wrong with an examined file is a `SealReport`, never an error."""


class SigningError(Exception):
    """Base of all errors of this room. The text is for the operator, never for a citizen."""


class KeyRefused(SigningError):
    """The sealing key or its certificate may not be used; the text says why."""


class SealingRefused(SigningError):
    """This document may not or cannot be sealed; the text says why."""


class TrustRefused(SigningError):
    """The folder with trusted organisations is not usable; the text names the file and the reason."""


class NoTimeStamp(SigningError):
    """No time-stamp could be had in time; the text says why. The document can be sealed without one."""


class KeyRevoked(SealingRefused):
    """Our own certificate, or an authority above it, has been revoked."""
