"""To which key a token is tied: the DPoP key or the certificate of who calls."""

from __future__ import annotations

import re

from app.oauth.calls import Call, OAuthRefusal
from app.oauth.certificates import thumbprint
from app.oauth.dpop import BadProof, Dpop, NonceNeeded, Proof, Target
from app.ports.clients import Binding, Client
from app.ports.consents import Confirmation

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


class Confirmations:
    """Safe to share between threads."""

    def __init__(self, dpop: Dpop) -> None:
        self._dpop = dpop

    def read(self, call: Call) -> Proof | None:
        """The DPoP proof of this call; None when it has none. To be asked before anything is used up, so that a client that
        lacks the nonce can try again with the same assertion and code. Raises OAuthRefusal."""
        if call.dpop is None:
            return None
        try:
            return self._dpop.read(call.dpop, Target("POST", call.url))
        except NonceNeeded as needed:
            raise OAuthRefusal(
                "use_dpop_nonce", "nonce", "Use the nonce of DPoP-Nonce.", dpop_nonce=needed.nonce
            ) from None
        except BadProof as error:
            raise _refusal(error) from None

    def proven(self, proof: Proof | None) -> Confirmation | None:
        """The key of a proof, which counts once. To be asked when it is known who calls. Raises OAuthRefusal,
        StorageUnavailable."""
        if proof is None:
            return None
        try:
            self._dpop.use(proof)
        except BadProof as error:
            raise _refusal(error) from None
        return Confirmation(Binding.DPOP, proof.thumbprint)

    def shown(self, client: Client, call: Call, proven: Confirmation | None) -> Confirmation:
        """The key that this call shows, of the kind that this client registered. Raises OAuthRefusal."""
        if client.binding is Binding.CERTIFICATE:
            if call.certificate is None:
                raise OAuthRefusal("invalid_request", "no_certificate", "A client certificate is needed.")
            return Confirmation(Binding.CERTIFICATE, thumbprint(call.certificate))
        if proven is None:
            raise OAuthRefusal("invalid_dpop_proof", "dpop_missing", "A DPoP proof is needed.")
        return proven

    def announced(self, client: Client, call: Call, proven: Confirmation | None) -> Confirmation:
        """The same for an authorization request, where `dpop_jkt` may stand for the proof (RFC 9449, section 10)."""
        stated = call.form.get("dpop_jkt")
        if stated is None or client.binding is not Binding.DPOP:
            return self.shown(client, call, proven)
        if not _THUMBPRINT.fullmatch(stated):
            raise OAuthRefusal("invalid_request", "dpop_jkt", "dpop_jkt is not a SHA-256 thumbprint.")
        if proven is not None and stated != proven.thumbprint:
            raise OAuthRefusal("invalid_dpop_proof", "dpop_jkt", "dpop_jkt is that of another key.")
        return Confirmation(Binding.DPOP, stated)


def _refusal(error: BadProof) -> OAuthRefusal:
    said = "The DPoP proof is not right for this request."
    return OAuthRefusal("invalid_dpop_proof", f"dpop_{error.reason}", said)
