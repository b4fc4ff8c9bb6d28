"""Proving who we are: short-lived, new each time, for this one address."""

import base64
import hashlib
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from app.oidc.assertion import LIFE_S, client_assertion, client_auth
from app.oidc.keys import load_decryption_key, load_keys, load_signing_key, public_jwks
from tests.unit.oidc.support import CLIENT_ID, NOW, config, ec, pem, rsa

TOKEN_ENDPOINT = "https://digid.example/token"


def short_rsa_pem() -> str:
    key = rsa_keys.generate_private_key(65537, 1024)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.mark.parametrize(("key", "algorithm"), [(rsa(), "PS256"), (ec(), "ES256")])
def test_an_assertion_names_us_and_the_token_endpoint_and_lives_a_minute(
    key: RSAKey | ECKey, algorithm: str
) -> None:
    token = jwt.decode(client_assertion(key, CLIENT_ID, TOKEN_ENDPOINT), key, [algorithm])
    assert token.header["alg"] == algorithm
    assert token.header["kid"] == key.thumbprint()
    assert (token.claims["iss"], token.claims["sub"]) == (CLIENT_ID, CLIENT_ID)
    assert token.claims["aud"] == TOKEN_ENDPOINT
    assert token.claims["exp"] - token.claims["iat"] <= LIFE_S <= 60
    assert abs(token.claims["iat"] - time.time()) < 60


def test_all_assertions_differ() -> None:
    assertions = [client_assertion(ec(), CLIENT_ID, TOKEN_ENDPOINT) for _ in range(50)]
    numbers = {jwt.decode(assertion, ec(), ["ES256"]).claims["jti"] for assertion in assertions}
    assert len(numbers) == 50


def test_the_same_authentication_makes_a_new_assertion_for_each_request() -> None:
    add = client_auth(ec(), CLIENT_ID, TOKEN_ENDPOINT)
    first, second = (add(None, "POST", TOKEN_ENDPOINT, {}, "code=a+b")[2] for _ in range(2))
    forms = [parse_qs(body.decode()) for body in (first, second)]
    assert forms[0]["code"] == ["a b"]
    assert forms[0]["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert forms[0]["client_assertion"] != forms[1]["client_assertion"]


def test_the_length_of_the_request_is_right() -> None:
    _, headers, body = client_auth(ec(), CLIENT_ID, TOKEN_ENDPOINT)(
        None, "POST", TOKEN_ENDPOINT, {}, b"code=a"
    )
    assert headers["Content-Length"] == str(len(body))


def test_what_is_registered_holds_no_private_part_and_fits_the_assertion() -> None:
    jwks = public_jwks(rsa(), rsa("decryption"))
    assert [(key["use"], key["alg"]) for key in jwks["keys"]] == [("sig", "PS256"), ("enc", "RSA-OAEP-256")]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in jwks["keys"] for name in key}
    header = jws.extract_compact(client_assertion(rsa(), CLIENT_ID, TOKEN_ENDPOINT).encode()).headers()
    assert header["kid"] == jwks["keys"][0]["kid"]


def certificate_for(key: RSAKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gemeente Voorbeeld")])
    builder = x509.CertificateBuilder(name, name, key.public_key, 1, NOW, NOW + timedelta(days=1))
    private = key.private_key
    assert private is not None
    return builder.sign(private, SHA256())


def test_certificates_of_our_keys_stand_beside_them_where_they_are_wanted() -> None:
    """OAuth-NL, client keys: `x5c` when provider and client are of different organisations."""
    certificate = certificate_for(rsa())
    pem_text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    signing, decryption = load_keys(config(signing_certificates_pem=pem_text)).public_jwks()["keys"]
    assert [base64.b64decode(one) for one in signing["x5c"]] == [
        certificate.public_bytes(serialization.Encoding.DER)
    ]
    assert "x5c" not in decryption


def test_each_of_several_keys_is_published_with_its_own_certificates_and_the_first_one_signs() -> None:
    keys = [rsa(), rsa("next")]
    chains = [certificate_for(key).public_bytes(serialization.Encoding.PEM).decode() for key in keys]
    both = config(
        signing_key_pem="# de nieuwe staat achteraan\n" + "".join(map(pem, keys)),
        signing_certificates_pem="".join(reversed(chains)),
    )
    loaded = load_keys(both)
    published = [key for key in loaded.public_jwks()["keys"] if key["use"] == "sig"]
    assert [key["kid"] for key in published] == [key.thumbprint() for key in keys]
    for key, chain in zip(published, chains, strict=True):
        assert base64.b64decode(key["x5c"][0]) == x509.load_pem_x509_certificate(chain.encode()).public_bytes(
            serialization.Encoding.DER
        )
    assert loaded.signing is not None
    assert loaded.signing.thumbprint() == rsa().thumbprint()
    late = replace(both, signing_certificates_pem=chains[1], assertion_names_certificate=True)
    with pytest.raises(ValueError, match="that signs is not in its file"):
        load_keys(late)


def test_an_assertion_names_the_certificate_instead_of_the_key_where_that_is_set() -> None:
    """As Entra ID wants it: "Microsoft identity platform application authentication certificate credentials"."""
    certificate = certificate_for(rsa())
    add = client_auth(rsa(), CLIENT_ID, TOKEN_ENDPOINT, certificate)
    body = add(None, "POST", TOKEN_ENDPOINT, {}, b"code=a")[2].decode()
    token = jwt.decode(parse_qs(body)["client_assertion"][0], rsa(), ["PS256"])
    der = certificate.public_bytes(serialization.Encoding.DER)
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    assert token.header == {"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint}
    assert token.claims["aud"] == TOKEN_ENDPOINT


def test_without_a_certificate_no_assertion_can_name_one() -> None:
    with pytest.raises(ValueError, match="only when there is one"):
        config(assertion_names_certificate=True)


def test_a_certificate_of_another_key_stops_the_start() -> None:
    pem_text = certificate_for(rsa("other")).public_bytes(serialization.Encoding.PEM).decode()
    for wrong, text in ((pem_text, "another key"), ("geen certificaat", "not a readable")):
        with pytest.raises(ValueError, match=text):
            load_keys(config(decryption_certificates_pem=wrong))


def test_a_right_key_is_loaded() -> None:
    assert load_signing_key(pem(rsa())).thumbprint() == rsa().thumbprint()
    assert load_signing_key(pem(ec())).thumbprint() == ec().thumbprint()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen sleutel",
        short_rsa_pem(),
        pem(ECKey.generate_key("P-384")),
        rsa().as_pem(private=False).decode(),
    ],
    ids=["empty", "text", "short", "other-curve", "public"],
)
def test_a_key_that_we_cannot_use_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="log-in key") as caught:
        load_signing_key(text)
    assert "BEGIN" not in str(caught.value)


def test_only_an_rsa_key_decrypts() -> None:
    with pytest.raises(ValueError, match="wrong kind"):
        load_decryption_key(pem(ec()))
