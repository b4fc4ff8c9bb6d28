"""Levels of assurance, in order (eIDAS; the lowest is DigiD Basis, which eIDAS does not name)."""

from types import MappingProxyType

BASIC = "http://eID.logius.nl/LoA/basic"
LOW = "http://eidas.europa.eu/LoA/low"
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
HIGH = "http://eidas.europa.eu/LoA/high"

IN_ORDER = (BASIC, LOW, SUBSTANTIAL, HIGH)

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
# DigiD's own SAML values, passed on by some brokers (Logius, koppelvlakspecificatie DigiD SAML).
SAML_VALUES = MappingProxyType(
    {
        _SAML + "PasswordProtectedTransport": BASIC,
        _SAML + "MobileTwoFactorContract": LOW,
        _SAML + "Smartcard": SUBSTANTIAL,
        _SAML + "SmartcardPKI": HIGH,
    }
)


def at_least(level: str, minimum: str) -> bool:
    """Whether `level` is `minimum` or higher. Raises ValueError for a level that is not in the list."""
    return IN_ORDER.index(level) >= IN_ORDER.index(minimum)
