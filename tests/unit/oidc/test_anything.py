"""Whatever a provider or a browser sends: the outcome is a refusal, never another exception."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.oidc import jose, validate
from app.oidc.metadata import parse_keys, parse_metadata, select_key
from app.ports.login import LoginError, ReplayedCallback
from tests.unit.oidc.support import config, expectation, id_token_claims, principal, rsa, signed, userinfo

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PIECE = st.text(st.characters(codec="ascii"), max_size=20) | st.text(max_size=5)


def unknown(_kid: str | None, _algorithm: str) -> Any:
    raise ReplayedCallback("no key in this test")


@given(st.lists(PIECE, max_size=6))
def test_any_text_as_a_token_is_a_refusal(pieces: list[str]) -> None:
    with suppress(LoginError):
        jose.open_signed(".".join(pieces), unknown, ("PS256",))
    with suppress(LoginError):
        jose.decrypt(".".join(pieces), [rsa("decryption")], ("RSA-OAEP-256", "A256GCM"))


@given(JSON)
def test_any_signed_content_is_an_object_or_a_refusal(content: Any) -> None:
    with suppress(LoginError):
        assert isinstance(
            jose.open_signed(signed(rsa(), "PS256", {"inhoud": content}), lambda *_: rsa(), ("PS256",)), dict
        )


@given(st.sampled_from([*id_token_claims(), "azp", "nbf", "at_hash"]), JSON)
def test_any_value_of_any_claim_is_accepted_or_refused(name: str, value: Any) -> None:
    claims = {**id_token_claims(), name: value}
    with suppress(LoginError):
        validate.check_id_token(claims, expectation())
        validate.check_at_hash(claims, "access")
        principal(claims, userinfo(), expectation())


@given(st.sampled_from(["sub", "bsn", "iss", "aud", "exp", "nbf"]), JSON)
def test_any_value_in_userinfo_is_accepted_or_refused(name: str, value: Any) -> None:
    with suppress(LoginError):
        validate.check_userinfo(userinfo() | {name: value}, id_token_claims(), expectation())
        principal(id_token_claims(), userinfo() | {name: value}, expectation())


@given(
    st.dictionaries(st.sampled_from(["issuer", "token_endpoint", "code_challenge_methods_supported"]), JSON)
)
def test_any_metadata_is_accepted_or_refused(document: dict[str, Any]) -> None:
    with suppress(LoginError):
        parse_metadata({"issuer": config().issuer, **document}, config())


@given(
    st.lists(st.dictionaries(st.sampled_from(["kty", "n", "e", "kid", "use", "alg", "crv", "x", "y"]), JSON))
)
def test_any_key_set_is_accepted_or_refused(entries: list[dict[str, Any]]) -> None:
    for kind in ("RSA", "EC"):
        keys = parse_keys({"keys": [{**entry, "kty": kind} for entry in entries]})
        assert select_key(keys, "x", "PS256") is None
