"""Organisations, and how to reach and pay them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claims.identity import Oin
from claims.visible import is_visible


@dataclass(frozen=True, slots=True)
class Organisation:
    """A creditor or the organisation behind a source. `name` is never empty; the OIN only where it is known."""

    name: str
    oin: Oin | None = None
    department: str | None = None

    def __post_init__(self) -> None:
        if not is_visible(self.name):
            raise ValueError("an organisation has a name")


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    ADDRESS = "address"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ContactOption:
    """One way to reach somebody; `hours` in plain words, as the organisation states them."""

    kind: ContactKind
    value: str
    hours: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """Where to pay. The IBAN is kept as the source gives it; a wrong check digit is a finding, not a reason to hide it."""

    iban: str | None = None
    account_name: str | None = None
    reference: str | None = None
