"""Why a token or its proof was refused, in words for who wrote the app. What the caller did himself is told; whether a token
of somebody else exists is not: a token that is unknown, ended or withdrawn gets one text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.ports.grants import TokenRefused

_NOTHING_SENT = (
    "Er is geen toegangstoken meegestuurd. Stuur de koppen `Authorization: DPoP <token>` en `DPoP`."
)
_NOT_GOOD = "Dit toegangstoken is onbekend, verlopen of ingetrokken. Vraag de burger opnieuw om toestemming."
_LEVEL = "De burger logde in met te weinig zekerheid. Laat de burger opnieuw inloggen, op een hoger niveau."
_SCHEME = (
    "Stuur een token dat aan een DPoP-sleutel is gebonden als `Authorization: DPoP <token>`, en een token dat aan een "
    "certificaat is gebonden als `Authorization: Bearer <token>`."
)
_CERTIFICATE = (
    "Maak de verbinding met het clientcertificaat waaraan het token is gebonden, op het adres daarvoor."
)
_NONCE = "Herhaal het verzoek met de DPoP-Nonce uit dit antwoord."
_UNREADABLE = "Het DPoP-bewijs is niet te lezen, of de handtekening klopt niet met de sleutel in `jwk`."

_BY_REASON: Mapping[str, str] = MappingProxyType(
    {
        "no_token": _NOTHING_SENT,
        "scheme": _SCHEME,
        "certificate": _CERTIFICATE,
        "external_certificate_oin": _CERTIFICATE,
        "external_level": _LEVEL,
        "dpop_nonce": _NONCE,
        "dpop_missing": "De kop `DPoP` met het bewijs van uw sleutel ontbreekt.",
        "dpop_other_key": "Het DPoP-bewijs is van een andere sleutel dan die waaraan het token is gebonden.",
        "dpop_htm": "`htm` in het DPoP-bewijs is niet de methode van dit verzoek.",
        "dpop_htu": "`htu` in het DPoP-bewijs is niet ons openbare adres van dit verzoek, zonder wat na `?` komt.",
        "dpop_ath": "`ath` in het DPoP-bewijs is niet de SHA-256 van het toegangstoken, in base64url.",
        "dpop_iat": "`iat` in het DPoP-bewijs wijkt meer dan 60 seconden af van onze klok. Maak per verzoek een nieuw bewijs.",
        "dpop_iat_missing": "`iat` in het DPoP-bewijs ontbreekt of is geen getal.",
        "dpop_jti": "`jti` in het DPoP-bewijs ontbreekt, of heeft geen 16 tot 200 tekens.",
        "dpop_replayed": "Dit DPoP-bewijs is al gebruikt. Maak per verzoek een nieuw bewijs met een nieuwe `jti`.",
        "dpop_type": "`typ` van het DPoP-bewijs is niet `dpop+jwt`.",
        "dpop_algorithm": "`alg` van het DPoP-bewijs is niet ES256 of PS256.",
        "dpop_key": "`jwk` van het DPoP-bewijs is geen openbare sleutel: EC P-256, of RSA van 2048 bits of meer.",
    }
)
# For the header, where only ASCII may stand (RFC 6750, section 3).
_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "dpop_missing": "The header DPoP is missing.",
        "dpop_other_key": "The proof is of another key than that of the token.",
        "dpop_htm": "htm is not the method of this request.",
        "dpop_htu": "htu is not the public address of this request.",
        "dpop_ath": "ath is not the hash of the access token.",
        "dpop_iat": "iat is too far from our clock.",
        "dpop_jti": "jti is missing or not of 16 to 200 characters.",
        "dpop_replayed": "This proof was used before.",
    }
)


def detail(refused: TokenRefused) -> str:
    """In Dutch, without anything that was sent."""
    otherwise = _UNREADABLE if refused.reason.startswith("dpop_") else _NOT_GOOD
    return _BY_REASON.get(refused.reason, otherwise)


def challenge(refused: TokenRefused) -> str:
    """The header WWW-Authenticate (RFC 6750, section 3; RFC 9449, section 7.1)."""
    parts = ['DPoP algs="ES256 PS256"']
    if refused.code:
        parts.append(f'error="{refused.code}"')
    if refused.reason in _DESCRIPTIONS:
        parts.append(f'error_description="{_DESCRIPTIONS[refused.reason]}"')
    return ", ".join(parts)
