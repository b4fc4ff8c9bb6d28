"""The seal of the JSON: a flattened JWS (RFC 7515, 7.2.2) in the profile JAdES B-B (ETSI TS 119 182-1 v1.2.1).

No `crit`: with the older `sigT` + `crit` most libraries refuse the file; `iat` says the moment instead.
"""

import base64
import hashlib
import json
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import SealingRefused
from signing.keys.backend import KeyBackend, ensure_valid_at, signature_for_jws


class JsonSeal:
    """Seals JSON bytes with the same key as the PDF."""

    def __init__(self, key: KeyBackend) -> None:
        self._key = key
        encoded = [above.public_bytes(Encoding.DER) for above in (key.certificate, *key.chain)]
        self._header = {
            "alg": key.kind.jws_algorithm,
            "cty": "application/json",
            "x5t#S256": base64url(hashlib.sha256(encoded[0]).digest()),
            "x5c": [base64.b64encode(one).decode("ascii") for one in encoded],
        }

    def seal(self, payload: bytes, sealed_at: datetime) -> bytes:
        """The JWS as JSON bytes with `payload`, `protected` and `signature`, in that order.

        `sealed_at` is aware; the header keeps whole seconds. A time-stamp (JAdES B-T) would go into the
        unprotected `etsiU`, which our own verifier refuses until then.

        Raises:
            SealingRefused: the certificate is not valid at `sealed_at`, or the moment has no time zone.
        """
        if sealed_at.tzinfo is None:
            raise SealingRefused("the moment of sealing needs a time zone")
        ensure_valid_at(self._key.certificate, sealed_at)
        header = json.dumps({**self._header, "iat": int(sealed_at.timestamp())}, separators=(",", ":"))
        members = {"payload": base64url(payload), "protected": base64url(header.encode("ascii"))}
        signing_input = f"{members['protected']}.{members['payload']}".encode("ascii")
        members["signature"] = base64url(signature_for_jws(self._key, signing_input))
        return json.dumps(members, separators=(",", ":")).encode("ascii")


def base64url(content: bytes) -> str:
    """Base 64 for addresses, without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
