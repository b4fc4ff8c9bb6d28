"""Which certificate is wrong, and in what way, when the one of a source is not trusted.

OpenSSL tells only a number (X509_V_ERR_..., openssl-verification-options(1)) and not which certificate it means.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from pathlib import Path

from cryptography import x509

from sources.checking.steps import Found, fails
from sources.checking.words import name_of
from sources.transport.certificates import load_anchors

_NOT_YET, _EXPIRED = 9, 10
_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 18, 19
_NO_ISSUER = frozenset({2, 20, 21})
_OTHER_HOST = frozenset({62, 64})
_MOST_NAMES = 3
_HOST_NAME = re.compile(r"[A-Za-z0-9*._-]{1,80}")
_OURS = "ca_file"


def describe_distrust(code: int, shown: x509.Certificate | None, ca_file: Path, now: datetime) -> Found:
    """`shown` is the certificate that the source shows, unverified; None when it could not be seen."""
    if code in _OTHER_HOST:
        return _other_host(shown)
    if code in (_NOT_YET, _EXPIRED):
        return _out_of_time(code, shown, load_anchors(ca_file), now)
    if code == _SELF_SIGNED:
        return fails(
            "het certificaat is door de bron zelf gemaakt (self-signed)",
            "Laat de bron een certificaat van een vertrouwde uitgever gebruiken. Alleen als dit zo is afgesproken: "
            "vergelijk het langs een andere weg, en zet het in ca_file.",
        )
    if code in _NO_ISSUER or code == _SELF_SIGNED_IN_CHAIN:
        return _unknown_issuer(code, shown)
    return fails(
        f"het certificaat wordt niet aanvaard (OpenSSL {code})", "Vraag de bron naar haar certificaat."
    )


def _other_host(shown: x509.Certificate | None) -> Found:
    names = _host_names(shown) if shown else []
    told = f": het is voor {', '.join(names)}" if names else ""
    advice = "Zet in url een naam waarvoor het certificaat geldt, of laat de bron een certificaat voor deze naam nemen."
    return fails(f"het certificaat is voor een andere naam{told}", advice)


def _host_names(shown: x509.Certificate) -> list[str]:
    try:
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    found = [*names.get_values_for_type(x509.DNSName), *names.get_values_for_type(x509.IPAddress)]
    plain = [str(name) for name in found if _is_plain(name)]
    return plain[:_MOST_NAMES] + (["…"] if len(plain) > _MOST_NAMES else [])


def _is_plain(name: object) -> bool:
    if isinstance(name, ipaddress.IPv4Address | ipaddress.IPv6Address):
        return True
    return isinstance(name, str) and bool(_HOST_NAME.fullmatch(name))


def _out_of_time(
    code: int, shown: x509.Certificate | None, anchors: list[x509.Certificate], now: datetime
) -> Found:
    """Of the source itself, of ours in ca_file, or else of one in between that the source sends along."""
    word = "verlopen" if code == _EXPIRED else "nog niet geldig"
    ours = [anchor for anchor in anchors if _is_out_of_time(anchor, now)]
    if shown is not None and _is_out_of_time(shown, now):
        days = f"van {shown.not_valid_before_utc:%d-%m-%Y} tot {shown.not_valid_after_utc:%d-%m-%Y}"
        return fails(
            f"het certificaat van de bron zelf is {word}: het geldt {days}",
            "De bron moet haar certificaat vernieuwen; kijk ook de klok van deze machine na.",
        )
    if ours:
        return fails(
            f"een uitgever in {_OURS} is {word}: {name_of(ours[0].subject)}",
            "Haal het nieuwe certificaat van deze uitgever op en zet het in ca_file.",
        )
    return fails(
        f"een certificaat tussen de bron en {_OURS} is {word}",
        "De bron moet de tussenliggende certificaten die zij meestuurt vernieuwen.",
    )


def _is_out_of_time(certificate: x509.Certificate, now: datetime) -> bool:
    return not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _unknown_issuer(code: int, shown: x509.Certificate | None) -> Found:
    issuer = f": {name_of(shown.issuer)}" if shown else ""
    more = (
        ""
        if code == _SELF_SIGNED_IN_CHAIN
        else " Of de bron stuurt een tussenliggend certificaat niet mee: vraag dat dan."
    )
    return fails(
        f"de uitgever van het certificaat staat niet in {_OURS}{issuer}",
        f"Zet het certificaat van de uitgever in ca_file, na vergelijking langs een andere weg.{more}",
    )
