"""xmlsec1, a signer and verifier of XML signatures that shares no code with ours (C, libxml2; ours is signxml)."""

import re
import subprocess
import tempfile
from pathlib import Path

from tests.support.waiting import PATIENCE_S

_SIGNED_ELEMENTS = (
    "http://schemas.xmlsoap.org/soap/envelope/:Body",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd:Timestamp",
    "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd:SignatureConfirmation",
    *(
        f"http://www.w3.org/2005/08/addressing:{name}"
        for name in ("MessageID", "From", "To", "Action", "RelatesTo")
    ),
)
_IDENTIFIERS = [part for element in _SIGNED_ELEMENTS for part in ("--id-attr:Id", element)]
_COUNT = re.compile(r"SignedInfo References \(ok/all\): ([0-9]+)/([0-9]+)")


def verified_references(message: bytes, certificate_file: Path) -> int:
    """How many parts of the message the holder of this certificate signed; 0 when the signature does not hold."""
    run = _run(message, "--verify", "--pubkey-cert-pem", str(certificate_file))
    found = _COUNT.search(run.stderr.decode())
    return int(found[1]) if run.returncode == 0 and found and found[1] == found[2] else 0


def sign(template: bytes, key_file: Path) -> bytes:
    """Fill in the empty digests and the empty SignatureValue of a message."""
    run = _run(template, "--sign", "--privkey-pem", str(key_file))
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout


def _run(message: bytes, *command: str) -> subprocess.CompletedProcess[bytes]:
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(message)
        file.flush()
        arguments = ["xmlsec1", *command, *_IDENTIFIERS, file.name]
        return subprocess.run(arguments, check=False, capture_output=True, timeout=PATIENCE_S)
