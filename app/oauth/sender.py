"""Whether who calls our API holds the key that the token is tied to: the same for tokens of ours and of others."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.oauth.certificates import thumbprint
from app.oauth.dpop import BadProof, Dpop, NonceNeeded, Target
from app.ports.clients import Binding
from app.ports.consents import Confirmation
from app.ports.grants import TokenRefused


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request with a token. `url`: our public address without query. `certificate`: of the connection, DER."""

    method: str
    url: str
    scheme: str
    token: str = field(repr=False)
    proof: str | None = field(repr=False)
    certificate: bytes | None = field(repr=False)


class SenderCheck:
    """Safe to share between threads."""

    def __init__(self, dpop: Dpop) -> None:
        self._dpop = dpop

    def check(self, confirmation: Confirmation, call: ApiCall) -> None:
        """Raises TokenRefused, StorageUnavailable."""
        is_dpop = confirmation.binding is Binding.DPOP
        # A token that is tied to a DPoP key is no bearer token (RFC 9449, section 7.1).
        if call.scheme.lower() != ("dpop" if is_dpop else "bearer"):
            raise TokenRefused("scheme")
        if is_dpop:
            self._check_proof(confirmation, call)
        elif call.certificate is None or thumbprint(call.certificate) != confirmation.thumbprint:
            raise TokenRefused("certificate")

    def _check_proof(self, confirmation: Confirmation, call: ApiCall) -> None:
        try:
            shown = self._dpop.read(call.proof, Target(call.method, call.url, call.token))
            if Confirmation(Binding.DPOP, shown.thumbprint) != confirmation:
                raise TokenRefused("dpop_other_key")
            self._dpop.use(shown)
        except NonceNeeded as needed:
            raise TokenRefused("dpop_nonce", "use_dpop_nonce", needed.nonce) from None
        except BadProof as error:
            nonce = self._dpop.nonces.current()
            raise TokenRefused(f"dpop_{error.reason}", "invalid_dpop_proof", nonce) from None
