"""Every row of the verdict table that a sealed JSON alone can decide, with the tricks that JOSE is known for."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey, RSAKey

from signing.errors import SealingRefused
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.jws import JsonSeal, base64url
from simulators.authority import DEMO_IDENTIFIER
from tests.support.pdf_builder import PAYLOAD
from tests.support.seals import NAME, Town, days_ago, forge_jws, now, sign_jws
from tests.support.tampering import flip_bit


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


def members_of(data: bytes) -> dict[str, str]:
    members: dict[str, str] = json.loads(data)
    return members


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_sealed_json_is_genuine_and_gives_its_record(town: Town) -> None:
    moment = now()
    report = town.examine(town.json(sealed_at=moment))
    assert report.finding is Finding.GENUINE
    assert report.kind == "json"
    assert (report.organisation, report.organization_identifier) == (NAME, DEMO_IDENTIFIER)
    assert report.payload == PAYLOAD
    assert report.sealed_at == moment


def test_an_rsa_seal_is_genuine_too(rsa_town: Town) -> None:
    assert rsa_town.examine(rsa_town.json()).finding is Finding.GENUINE


def test_a_large_record_is_genuine_too(town: Town) -> None:
    payload = json.dumps({"vorderingen": ["x" * 1000] * 2000}).encode()
    assert town.examine(town.json(payload)).payload == payload


def test_the_header_is_that_of_the_profile(town: Town, rsa_town: Town) -> None:
    for one, algorithm in ((town, "ES256"), (rsa_town, "PS256")):
        members = members_of(one.json())
        assert list(members) == ["payload", "protected", "signature"]
        header = json.loads(decoded(members["protected"]))
        assert set(header) == {"alg", "cty", "iat", "x5c", "x5t#S256"}
        assert header["alg"] == algorithm
        certificates = [x509.load_der_x509_certificate(base64.b64decode(text)) for text in header["x5c"]]
        assert certificates == [one.identity.certificate, *one.identity.chain]


class _RoomyRegistry(joserfc_jws.JWSRegistry):
    max_header_length = 20_000


def test_joserfc_accepts_the_seal(town: Town, rsa_town: Town) -> None:
    for one, kind in ((town, ECKey), (rsa_town, RSAKey)):
        public_key = one.identity.certificate.public_key()
        pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        registry = _RoomyRegistry(algorithms=["ES256", "PS256"], strict_check_header=False)
        read = joserfc_jws.deserialize_json(json.loads(one.json()), kind.import_key(pem), registry=registry)
        assert read.payload == PAYLOAD


def test_a_moment_without_time_zone_or_outside_the_certificate_is_not_sealed(town: Town) -> None:
    seal = JsonSeal(town.key)
    for moment in (datetime(2026, 1, 1), days_ago(100), days_ago(-4000)):  # noqa: DTZ001 -- just what is refused
        with pytest.raises(SealingRefused):
            seal.seal(PAYLOAD, moment)


# Row 2: not a sealed overview at all.


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"{",
        b'{"vorderingen": []}',
        b"[1, 2, 3]",
        b'{"a":' * 500_000,
        b'{"a":' + b"[" * 1_000_000,
        b'{"a":"' + b"x" * 1_000_000,
        b'{"a":' + b"9" * 100_000 + b"}",
        b'{"a":NaN}',
        b'{"a":"\xff"}',
        b'{"payload":"abc"}',
        PAYLOAD,
    ],
)
def test_other_json_is_no_sealed_overview(town: Town, data: bytes) -> None:
    assert town.examine(data).finding is Finding.NOT_SEALED


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "RS256", "EdDSA", "ES512", None])
def test_another_algorithm_is_no_sealed_overview(town: Town, algorithm: str | None) -> None:
    report = town.examine(forge_jws(town.key, alg=algorithm))
    assert report.finding is Finding.NOT_SEALED
    assert report.payload is None


def test_alg_none_with_an_empty_signature_is_no_sealed_overview(town: Town) -> None:
    members = members_of(forge_jws(town.key, alg="none"))
    assert town.examine(json.dumps({**members, "signature": ""}).encode()).finding is Finding.NOT_SEALED


# Row 3: altered.


def test_no_bit_of_the_file_can_be_flipped_unnoticed(town: Town) -> None:
    data = town.json()
    for place in range(0, len(data), 17):
        report = town.examine(flip_bit(data, place, place % 8))
        assert report.finding is Finding.ALTERED, place


def test_no_character_of_the_signature_has_a_second_spelling(town: Town) -> None:
    data = town.json()
    for bit in range(8):
        assert town.examine(flip_bit(data, len(data) - 3, bit)).finding is Finding.ALTERED


def test_a_changed_amount_is_altered(town: Town) -> None:
    members = members_of(town.json())
    members["payload"] = base64url(PAYLOAD.replace(b"12345", b"00000"))
    report = town.examine(json.dumps(members).encode())
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.UNCHANGED)


def test_a_truncated_file_is_altered(town: Town) -> None:
    data = town.json()
    for size in (len(data) - 1, len(data) // 2, 100, 40):
        assert town.examine(data[:size]).finding is Finding.ALTERED


@pytest.mark.parametrize(
    "extra",
    [
        {"header": {"alg": "none"}},
        {"signatures": []},
        {"etsiU": []},
        {"signature": 5},
        {"protected": "!!"},
        {"payload": "é"},
        {"protected": base64url(b'{"alg":"ES256","alg":"ES256"}')},
    ],
)
def test_members_that_do_not_belong_there_are_a_change(town: Town, extra: dict[str, object]) -> None:
    data = json.dumps({**json.loads(town.json()), **extra}).encode()
    assert town.examine(data).finding is Finding.ALTERED


def test_a_member_twice_is_a_change(town: Town) -> None:
    data = town.json()
    twice = data[:-1] + b',"payload":"' + base64url(b"{}").encode() + b'"}'
    assert town.examine(twice).finding is Finding.ALTERED


@pytest.mark.parametrize(
    "change", [lambda d: d + b"\n", lambda d: b" " + d, lambda d: json.dumps(json.loads(d)).encode()]
)
def test_even_white_space_is_a_change(town: Town, change: Callable[[bytes], bytes]) -> None:
    report = town.examine(change(town.json()))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


def test_two_signatures_in_the_general_form_are_altered(town: Town) -> None:
    members = members_of(town.json())
    one = {"protected": members["protected"], "signature": members["signature"]}
    data = json.dumps({"payload": members["payload"], "signatures": [one, one]}).encode()
    assert town.examine(data).finding is Finding.ALTERED


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["iat"]},
        {"b64": False},
        {"kid": "1"},
        {"cty": "text/plain"},
        {"x5t#S256": "AAAA"},
        {"iat": None},
        {"iat": True},
        {"iat": 10**20},
        {"x5c": ["!"]},
        {"x5c": "MII"},
        {"x5c": [5]},
        {"alg": "XX999"},
        {"alg": ["ES256"]},
        {"alg": "PS256"},
    ],
)
def test_another_header_is_altered(town: Town, header: dict[str, object]) -> None:
    assert town.examine(forge_jws(town.key, **header)).finding is Finding.ALTERED


@pytest.mark.parametrize(
    "payload", [b"not json", b"[]", b'{"a":1,"a":2}', b'{"a":' * 100 + b"1" + b"}" * 100]
)
def test_sealed_content_that_is_no_strict_json_is_altered(town: Town, payload: bytes) -> None:
    report = town.examine(town.json(payload))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.CONTENT)


def test_our_certificate_over_the_signature_of_another_is_altered(town: Town) -> None:
    honest = json.loads(decoded(members_of(town.json())["protected"]))
    assert town.examine(sign_jws(Town.create().key, PAYLOAD, honest)).finding is Finding.ALTERED


# Row 4: not by a trusted organisation, or not with a good certificate.


def test_the_seal_of_a_stranger_is_untrusted(town: Town) -> None:
    report = town.examine(Town.create().json())
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.ORGANISATION)
    assert (report.organisation, report.payload) == (None, None)


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u"])
def test_a_foreign_key_in_the_header_is_untrusted(town: Town, name: str) -> None:
    stranger = Town.create()
    for header in ({name: "https://example.invalid/key"}, {name: {"kty": "EC"}, "x5c": None}):
        assert town.examine(forge_jws(stranger.key, **header)).finding is Finding.UNTRUSTED
        assert town.examine(forge_jws(town.key, **header)).finding is Finding.UNTRUSTED


def test_a_seal_without_certificate_is_untrusted(town: Town) -> None:
    no_certificates: list[str] = []
    for x5c in (None, no_certificates):
        assert town.examine(forge_jws(town.key, x5c=x5c)).finding is Finding.UNTRUSTED


def test_a_certificate_for_something_else_is_untrusted(town: Town) -> None:
    report = town.examine(town.with_seal(key_usage=("key_agreement",)).json())
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.CERTIFICATE)


def test_a_certificate_outside_its_validity_at_sealing_is_untrusted(town: Town) -> None:
    report = town.examine(forge_jws(town.key, iat=int(days_ago(30).timestamp())))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.CERTIFICATE)


# Rows 5 and 9.


def test_revocation_counts_from_its_moment() -> None:
    town = Town.create()
    data = town.json(sealed_at=days_ago(0.5))
    town.authority.revoke(town.identity, days_ago(0.25), x509.ReasonFlags.superseded)
    report = town.examine(data)
    assert report.finding is Finding.KEY_REVOKED
    assert report.revocation_reason == "superseded"
    assert report.payload == PAYLOAD
    late = town.examine(town.json(sealed_at=days_ago(0.1)))
    assert (late.finding, late.payload) == (Finding.UNTRUSTED, None)


def test_a_certificate_that_has_expired_since_leaves_the_moment_unproven(town: Town) -> None:
    old = town.with_seal(not_before=days_ago(30), not_after=days_ago(10))
    report = town.examine(old.json(sealed_at=days_ago(20)))
    assert report.finding is Finding.EXPIRED_UNPROVEN
    assert report.payload == PAYLOAD
    assert report.sealed_at is not None
    assert report.sealed_at < datetime.now(UTC)
