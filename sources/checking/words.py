"""Dutch phrases that several steps share."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

SOON_DAYS = 30
_LONGEST_NAME = 60


def counted(number: int, one: str, more: str) -> str:
    """ "1 regel", "2 regels"."""
    return f"{number} {one if number == 1 else more}"


def until(certificate: x509.Certificate, now: datetime) -> str:
    """ "22-11-2027 (nog 364 dagen)"."""
    end = certificate.not_valid_after_utc
    return f"{end:%d-%m-%Y} (nog {counted((end - now).days, 'dag', 'dagen')})"


def expiry_note(whose: str, certificate: x509.Certificate, now: datetime) -> list[str]:
    days = (certificate.not_valid_after_utc - now).days
    if days < 0:
        return [f"een certificaat in {whose} is verlopen"]
    return [f"{whose} verloopt over {counted(days, 'dag', 'dagen')}"] if days < SOON_DAYS else []


def plain(text: str) -> str:
    """A name that somebody else chose, safe on a terminal and not too long."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:_LONGEST_NAME]


def name_of(name: x509.Name) -> str:
    """What a certificate calls its holder or issuer."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(kind):
            return f"«{plain(str(found[0].value))}»"
    return "zonder naam"
