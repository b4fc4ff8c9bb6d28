"""What the settings say of a connection with an identity provider, whoever logs in there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from app.oidc.config import ClientAuthentication, ClientCertificate
from app.settings.kinds import FilePath, Part, SecretFile, Text, WebAddress


def text_of(file: Path | None) -> str | None:
    """Raises OSError or UnicodeDecodeError."""
    return None if file is None else file.read_text()


class ProviderSettings(Part):
    """`client_authentication`: how we prove who we are. `private_key_jwt` needs `signing_key_file`, the two others need
    `certificate_file` and `certificate_key_file` (mTLS, RFC 8705). `signing_certificate_file`: the PKIoverheid certificate of
    the signing key with its chain, where the provider wants that. `assertion_key_name`: how an assertion tells with which
    key it was signed: "kid", or "x5t#S256" (of that certificate) for Entra ID.
    `require_pushed_requests`: no log-in without PAR."""

    issuer: WebAddress
    client_id: Text
    client_authentication: Literal["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"] = (
        "private_key_jwt"
    )
    signing_key_file: SecretFile | None = None
    signing_certificate_file: FilePath | None = None
    assertion_key_name: Literal["kid", "x5t#S256"] = "kid"
    certificate_file: FilePath | None = None
    certificate_key_file: SecretFile | None = None
    require_pushed_requests: bool = False
    ca_file: FilePath | None = None

    def connection(self) -> dict[str, Any]:
        """The parts of `app.oidc.config.Connection` that stand here. Raises OSError when a key cannot be read."""
        return {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_authentication": ClientAuthentication(self.client_authentication),
            "signing_key_pem": text_of(self.signing_key_file),
            "signing_certificates_pem": text_of(self.signing_certificate_file),
            "assertion_names_certificate": self.assertion_key_name != "kid",
            "client_certificate": self._certificate(),
            "require_pushed_requests": self.require_pushed_requests,
            "ca_bundle": None if self.ca_file is None else str(self.ca_file),
        }

    def certificate_files(self) -> dict[str, Path]:
        """Files with certificates of ours for this connection, by what they are for."""
        files = {"client": self.certificate_file, "signing": self.signing_certificate_file}
        return {role: file for role, file in files.items() if file is not None}

    def _certificate(self) -> ClientCertificate | None:
        if (self.certificate_file is None) != (self.certificate_key_file is None):
            raise ValueError("certificate_file and certificate_key_file go together")
        if self.certificate_file is None:
            return None
        return ClientCertificate(str(self.certificate_file), str(self.certificate_key_file))
