"""A key folder as the ceremony leaves it, with the authority that answers its requests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from signing.key_kinds import KeyKind
from signing.keys.certificates import CertificateChain
from signing.keys.folder import KeyFolder
from signing.keys.request import Applicant, certificate_request
from signing.keys.token_module import TokenPlace
from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN, Authority
from tests.support.seals import NAME

APPLICANT = Applicant(NAME, DEMO_IDENTIFIER, DEMO_OIN, f"{NAME} - elektronisch zegel")


@dataclass(frozen=True)
class Ceremony:
    """All steps for one key, below one authority."""

    authority: Authority
    keys: KeyFolder

    @classmethod
    def at(cls, folder: Path, authority: Authority, token: TokenPlace | None = None) -> Ceremony:
        return cls(authority, KeyFolder(folder, token))

    def certified(self, name: str, days: int = 365, applicant: Applicant = APPLICANT) -> CertificateChain:
        """What the authority answers to the request of this key."""
        answer = self.authority.certify_seal(certificate_request(self.keys.signer(name), applicant), days)
        leaf, *chain = x509.load_pem_x509_certificates(answer)
        return CertificateChain(leaf, tuple(chain))

    def make(
        self,
        name: str,
        kind: KeyKind = KeyKind.P256,
        *,
        in_token: bool = False,
        applicant: Applicant = APPLICANT,
    ) -> None:
        """A key with its certificate."""
        self.keys.create(name, kind, in_token=in_token)
        self.keys.keep_certificate(name, self.certified(name, applicant=applicant))
