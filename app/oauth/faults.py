"""What can be wrong with the registration of a client. All of it is told at once, to the command and to the operator page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

MOST_KEYS = 10
LONGEST_NAME, LONGEST_PURPOSE = 60, 300
LARGEST_LOGO_KB = 64
SMALLEST_SIDE, LARGEST_SIDE = 32, 512
_T = TypeVar("_T")


class Field(StrEnum):
    """What an operator states, in the order of the page."""

    CLIENT_ID = "id"
    NAME = "name"
    PURPOSE = "purpose"
    OIN = "oin"
    LOGO = "logo"
    REDIRECT = "redirect"
    SCOPE = "scope"
    KEYS = "keys"


class Problem(StrEnum):
    """The words are those of the command; the operator site has its own (`app.operator.app_words`)."""

    ID = "the id must be 3 to 40 of a-z, 0-9 and hyphens"
    ID_TAKEN = "there is a client with this id already"
    NAME = f"the name must be 1 to {LONGEST_NAME} printable characters"
    PURPOSE = f"the purpose must be 1 to {LONGEST_PURPOSE} printable characters"
    OIN = "an OIN has twenty digits"
    NO_REDIRECT = "an app needs a redirect address"
    GATEWAY_REDIRECT = "a gateway has no redirect address"
    NOT_AN_ADDRESS = (
        "a redirect address is a whole web address without user name, spaces, backslashes and fragment"
    )
    NOT_HTTPS = "a redirect address must start with https://"
    NO_SCOPE = "an app needs at least one scope"
    UNKNOWN_SCOPE = "there are only these scopes: schuldenoverzicht, toestemmingen"
    GATEWAY_SCOPE = "a gateway has no scopes"
    KEY_COUNT = f"there must be 1 to {MOST_KEYS} keys"
    KEY_NAMES = "there must be keys for signatures, each with a kid of its own"
    KEY = "a key must be a public JWK: RSA of 2048 bits or more, or EC P-256; never a private key"
    KEY_FORM = "keys are a JWK set, a JWK, or PEM: certificates or public keys"
    PRIVATE_KEY = (
        "this is a private key: take it as lost, make another one, and hand over its public part only"
    )
    CERTIFICATE_MISSING = "each key needs its certificate in x5c, to prove itself by certificate"
    CERTIFICATE_OF_OTHER_KEY = "a certificate in x5c belongs to another key"
    CERTIFICATE_ENDED = "the certificate has ended"
    LOGO_FORM = f"the logo must be a PNG of at most {LARGEST_LOGO_KB} kB"
    LOGO_BROKEN = "the logo is not a whole PNG"
    LOGO_SIZE = f"the logo must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels wide and high"


@dataclass(frozen=True, slots=True)
class Fault:
    """`place`: which of several addresses or keys, from 1; None where there is one of it."""

    field: Field
    problem: Problem
    place: int | None = None

    def __str__(self) -> str:
        return self.problem if self.place is None else f"{self.problem} ({self.field} {self.place})"


class RegistrationRefused(ValueError):
    """Everything that is wrong; as text one line."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


@dataclass
class Collected:
    """Goes on after something is wrong, so that an operator mends everything in one go."""

    faults: list[Fault] = field(default_factory=list)

    def take(self, check: Callable[[], _T], otherwise: _T) -> _T:
        """What `check` gives; `otherwise` when it raises RegistrationRefused, which is kept."""
        try:
            return check()
        except RegistrationRefused as refused:
            self.faults += refused.faults
            return otherwise
