"""Our own certificates with their keys, and the files with issuers that we trust."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sources.checking.files import NamedFile, files_of
from sources.checking.steps import Found, fails, holds
from sources.checking.words import expiry_note, until
from sources.config import SourceConfig
from sources.errors import Misconfigured
from sources.transport.certificates import load_anchors

_CERTIFICATE, _KEY, _ANCHORS = "certificate_file", "key_file", "ca_file"


class _Unusable(Exception):
    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.found = fails(text, advice)


def look_at_own_keys(config: SourceConfig, now: datetime) -> Found:
    """Every certificate file of the stanza with the key file of the same name, and every file with anchors."""
    by_key = {file.key: file for file in files_of(config)}
    told: list[str] = []
    notes: list[str] = []
    try:
        for file in by_key.values():
            if file.key.endswith(_CERTIFICATE):
                certificate = _pair(file, by_key, now)
                told.append(f"{file.key} geldig tot {until(certificate, now)}")
                notes += expiry_note(file.key, certificate, now)
            elif file.key.endswith(_ANCHORS):
                notes += [note for anchor in _anchors(file) for note in expiry_note(file.key, anchor, now)]
    except _Unusable as error:
        return error.found
    return holds(", ".join(told) or "geen eigen certificaat", notes)


def _pair(file: NamedFile, by_key: Mapping[str, NamedFile], now: datetime) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificates(file.path.read_bytes())[0]
    except ValueError:
        advice = "Het bestand moet PEM zijn, met ons certificaat bovenaan."
        raise _Unusable(f"{file.key} bevat geen certificaat", advice) from None
    _check_days(file, certificate, now)
    key = by_key.get(file.key.removesuffix(_CERTIFICATE) + _KEY)
    if key is not None:
        _check_key(key, certificate)
    return certificate


def _check_days(file: NamedFile, certificate: x509.Certificate, now: datetime) -> None:
    if certificate.not_valid_after_utc < now:
        text = f"{file.key} is verlopen op {certificate.not_valid_after_utc:%d-%m-%Y}"
        raise _Unusable(text, "Vraag een nieuw certificaat aan en zet het met zijn sleutel neer.")
    if certificate.not_valid_before_utc > now:
        text = f"{file.key} geldt pas vanaf {certificate.not_valid_before_utc:%d-%m-%Y}"
        raise _Unusable(text, "Gebruik het vorige certificaat nog, of kijk de klok van deze machine na.")


def _check_key(file: NamedFile, certificate: x509.Certificate) -> None:
    try:
        key = load_pem_private_key(file.path.read_bytes(), None)
    except TypeError:
        advice = "Bewaar de sleutel zonder wachtwoord, leesbaar voor de dienst alleen."
        raise _Unusable(f"{file.key} is versleuteld", advice) from None
    except ValueError:
        advice = "Het bestand moet een sleutel in PEM bevatten."
        raise _Unusable(f"{file.key} bevat geen sleutel", advice) from None
    if key.public_key() != certificate.public_key():
        advice = "Zet het certificaat neer dat bij deze sleutel hoort."
        raise _Unusable(f"{file.key} hoort niet bij het certificaat", advice)


def _anchors(file: NamedFile) -> list[x509.Certificate]:
    try:
        return load_anchors(file.path)
    except Misconfigured:
        advice = "Zet er de uitgevers in die u vertrouwt, als PEM."
        raise _Unusable(f"{file.key} bevat geen certificaat", advice) from None
