"""A municipality that signs answers over SuwiML, and us, who believe nobody else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from simulators.authority import Authority
from simulators.certificates import Identity
from sources.transport.soap import SOAP, Addressing, build_element, build_envelope, open_envelope
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity
from sources.transport.wsse_frame import DS, WSSE, WSSE11, WSU
from tests.support.xmldsig import Signing, Transformed, part

OURS, THEIRS = "00000001900000010000", "00000001900000021000"
NOW = datetime.now(UTC).replace(microsecond=0)
QUESTION = "cXVlc3Rpb24="
BODY, HEADER = f"{{{SOAP}}}Body", f"{{{SOAP}}}Header"
SECURITY = f"{HEADER}/{{{WSSE}}}Security"
SIGNATURE = f"{SECURITY}/{{{DS}}}Signature"
WSU_ID = f"{{{WSU}}}Id"


@dataclass(frozen=True)
class Party:
    """Signs as the municipality and believes the municipality. `stranger` is of the same issuer."""

    security: WsSecurity
    keys: SignatureKeys
    rules: SignatureRules
    signer: Identity
    stranger: Identity


def make_party(folder: Path) -> Party:
    authority = Authority.create()
    signer = authority.issue_signer("Gemeente", THEIRS)
    files = signer.write(folder, "signer")
    keys = SignatureKeys(files.certificate_file, files.key_file)
    rules = SignatureRules(authority.write_tls_root(folder / "root.pem"), THEIRS)
    return Party(WsSecurity(keys, rules), keys, rules, signer, authority.issue_signer("Iemand", OURS))


def envelope(bsn: str = "999993549") -> Any:
    addressing = Addressing(
        "urn:uuid:1", "https://a.invalid?oin=1", "https://b.invalid", "urn:act", "urn:uuid:0"
    )
    return build_envelope(build_element("urn:service", "Antwoord", Burgerservicenr=bsn), addressing)


def signed(party: Party, now: datetime = NOW, confirms: str | None = QUESTION) -> Any:
    message = envelope()
    party.security.sign(message, now, confirms=confirms)
    return message


def verify(party: Party, raw: bytes, question: str | None = QUESTION) -> Any:
    return party.security.verify(open_envelope(raw), question, NOW)


def signing(identity: Identity, **changes: Any) -> Signing:
    assert isinstance(identity.private_key, rsa.RSAPrivateKey)
    return Signing(identity.private_key, identity.certificate, **changes)


def all_parts(message: Any) -> list[Transformed]:
    security = message.find(SECURITY)
    others = [element for element in message.find(HEADER) if element is not security]
    confirmation = security.find(f"{{{WSSE11}}}SignatureConfirmation")
    parts = [message.find(BODY), security.find(f"{{{WSU}}}Timestamp"), confirmation, *others]
    return [part(element, WSU_ID) for element in parts]
