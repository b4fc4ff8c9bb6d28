"""docs/cryptography.md and the code name the same algorithms and sizes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.oauth import access_tokens, jwts
from app.oidc import keys as login_keys
from app.oidc.config import BrokerProfile
from app.oidc.presets import PRESETS
from signing.key_kinds import JWS_ALGORITHMS, KeyKind
from sources.transport import wsse

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cryptography.md").read_text("utf-8")
# From `hashlib` and `cryptography`'s `hashes`: everything that our code may name, each with a word on the page.
HASHES = {"sha256": "SHA-256", "SHA256": "SHA-256", "SHA384": "ES384", "md5": "MD5", "new": "SHA-256"}
PARTS = {
    "AESGCM": "AES-256-GCM",
    "Argon2id": "Argon2id",
    "HKDF": "HKDF",
    "ec": "P-256",
    "rsa": "RSA-3072",
    "ed25519": "signed list",
}


def algorithms(row: str) -> set[str]:
    """What stands between backticks in the second cell of a row."""
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {row} |"))
    return set(re.findall(r"`([^`]+)`", line.split(" | ")[1]))


def names_in_code() -> set[str]:
    found: set[str] = set()
    for room in ("app", "claims", "sources", "signing"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("hashlib", "hashes"):
                    found.add(node.attr)
                elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                    "cryptography.hazmat"
                ):
                    found |= {alias.name for alias in node.names}
    return found


def test_seals_are_made_by_what_the_page_lists() -> None:
    assert algorithms("sealing, PDF (CMS)") == {"SHA-256", *(kind.value for kind in KeyKind)}
    assert algorithms("sealing, JSON and heads of the audit log (JWS)") == JWS_ALGORITHMS


@pytest.mark.parametrize("preset", PRESETS)
def test_the_log_in_takes_what_the_page_lists(preset: str) -> None:
    profile: BrokerProfile = PRESETS[preset]
    row = "the same, preset `rdo-max` only" if preset == "rdo-max" else "log-in: the provider encrypts to us"
    assert algorithms(row) == set(profile.encryption_algorithms)
    assert algorithms("log-in: the provider signs") >= set(profile.signing_algorithms)


def test_programs_and_sources_are_believed_by_what_the_page_lists() -> None:
    assert algorithms("API: tokens of ours, assertions and proofs of apps") == set(jwts.ALGORITHMS)
    assert algorithms("WS-Security with sources") == {method.name for method in wsse._METHODS}


def test_our_own_rsa_keys_have_128_bits_of_strength_and_those_of_others_112() -> None:
    assert login_keys.OWN_RSA_BITS == access_tokens.MINIMUM_RSA_BITS == 3072
    assert login_keys.MINIMUM_RSA_BITS == jwts.MINIMUM_RSA_BITS == 2048
    assert "RSA of 3072" in PAGE
    assert "**2048**" in PAGE


def test_no_other_hash_or_cipher_is_used_anywhere() -> None:
    known = HASHES | PARTS
    helpers = {
        *("Encoding", "NoEncryption", "PrivateFormat", "PublicFormat", "hashes", "padding", "pkcs12", "serialization"),
        *("decode_dss_signature", "encode_dss_signature", "load_der_public_key", "load_pem_private_key"),
        "load_pem_public_key",
    }  # fmt: skip
    assert names_in_code() <= {*known, *helpers}
    assert [word for word in known.values() if word not in PAGE] == []
