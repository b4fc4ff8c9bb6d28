"""The small parts with which a source behind a gateway is asked: number, address, headers, assertion."""

import re
import time
from http.client import HTTPMessage
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey
from structlog.testing import capture_logs

from simulators.certificates import KeyKind, new_key, write_private_key
from sources.errors import Misconfigured
from sources.oauth_settings import OauthSettings
from sources.transport.address import parse_address
from sources.transport.assertion import client_assertion
from sources.transport.own_headers import OwnHeaders
from sources.transport.trace import Trace, new_transaction_id

TOKEN_URL = "https://login.voorbeeld.invalid/token"


def test_a_transaction_number_is_a_version_7_uuid_of_now_and_of_chance() -> None:
    numbers = [new_transaction_id() for _ in range(500)]
    parsed = [UUID(number) for number in numbers]
    assert len(set(numbers)) == 500
    assert {(number.version, number.variant) for number in parsed} == {(7, "specified in RFC 4122")}
    assert abs((parsed[0].int >> 80) / 1000 - time.time()) < 60
    assert [number.int >> 80 for number in parsed] == sorted(number.int >> 80 for number in parsed)


def test_a_transaction_number_rarely_looks_like_the_number_of_a_person() -> None:
    """A filter of logs would hide it. Without care that is one in twenty or so; chance may still find one."""
    nine = re.compile(r"(?<![0-9])[0-9](?:-?[0-9]){8}(?![0-9])")
    numbers = [new_transaction_id() for _ in range(500)]
    by_clock = [number for number in numbers if nine.search(f"{number[:13]}x")]  # nobody can choose those
    assert not [number for number in numbers if nine.search(number) and number not in by_clock]


@pytest.mark.parametrize(
    ("url", "below", "target"),
    [
        ("https://a.invalid", "", "/"),
        ("https://a.invalid", "/b", "/b"),
        ("https://a.invalid/esb/v1", "/b", "/esb/v1/b"),
        ("https://a.invalid/esb/v1/", "/b", "/esb/v1/b"),
        ("https://a.invalid/esb/v1/", "", "/esb/v1/"),
        ("https://a.invalid/esb/v1", "", "/esb/v1"),
    ],
)
def test_an_address_is_asked_as_it_was_given(url: str, below: str, target: str) -> None:
    assert parse_address(url).target(below) == target


@pytest.mark.parametrize("content", ["", " \n", "a\r\nX-Ander: b", "sleutel-ë", "a\tb", "a\x00b"])
def test_no_file_can_put_another_header_into_a_question(tmp_path: Path, content: str) -> None:
    file = tmp_path / "geheim"
    file.write_text(content, encoding="utf-8")
    for headers in (OwnHeaders(files={"X-Geheim": file}), OwnHeaders(api_key_file=file)):
        with pytest.raises(Misconfigured) as refused:
            headers.read()
        assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_secrets_do_not_show_in_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "geheim"
    file.write_text("open-sesam", encoding="ascii")
    headers = OwnHeaders(files={"X-Geheim": file})
    assert headers.read() == {"X-Geheim": "open-sesam"}
    assert "open-sesam" not in repr(headers)


@pytest.mark.parametrize(
    ("code", "logged"),
    [
        ("ERROR_CODE_ACCESS_DENIED", "ERROR_CODE_ACCESS_DENIED"),
        ("BSN 999993549", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_the_code_of_a_gateway_is_logged_when_it_is_one(code: str, logged: str) -> None:
    headers = HTTPMessage()
    headers["Fsc-Error-Code"] = code
    trace = Trace("bron", "X-Request-Id")
    trace.headers()
    trace.saw(403, headers)
    with capture_logs() as logs:
        trace.write()
    assert [line["gateway_error"] for line in logs] == [logged]


def test_without_a_header_for_it_there_is_no_number_and_no_line() -> None:
    trace = Trace("bron", None)
    assert trace.headers() == {}
    with capture_logs() as logs:
        trace.write()
    assert logs == []


def test_the_number_of_the_message_itself_is_used_when_it_has_one() -> None:
    trace = Trace("bron", "X-Request-Id", "019a0000-0000-7000-8000-000000000001")
    assert trace.headers() == {"X-Request-Id": "019a0000-0000-7000-8000-000000000001"}


def key(folder: Path, kind: KeyKind) -> Path:
    file = folder / f"{kind}.pem"
    write_private_key(file, new_key(kind))
    return file


def settings(**more: object) -> OauthSettings:
    return OauthSettings.model_validate(
        {"token_url": TOKEN_URL, "client_id": "blauwe-knop", "signing_key_file": "k", **more}
    )


@pytest.mark.parametrize(
    ("kind", "algorithm", "used"),
    [("rsa3072", None, "PS256"), ("rsa3072", "RS256", "RS256"), ("p256", None, "ES256")],
)
def test_an_assertion_is_as_the_profile_wants_it(
    tmp_path: Path, kind: KeyKind, algorithm: str | None, used: str
) -> None:
    """OAuth-NL profile, client profiles: iss and sub are the client, aud the token endpoint, life short, jti new."""
    file = key(tmp_path, kind)
    texts = [client_assertion(settings(algorithm=algorithm), file) for _ in range(2)]
    own_key = (ECKey if kind == "p256" else RSAKey).import_key(file.read_bytes())
    first, second = (jwt.decode(text, own_key, [used]).claims for text in texts)
    assert first.keys() == {"iss", "sub", "aud", "jti", "iat", "exp"}
    assert (first["iss"], first["sub"], first["aud"]) == ("blauwe-knop", "blauwe-knop", TOKEN_URL)
    assert 0 < first["exp"] - first["iat"] <= 60
    assert abs(first["iat"] - time.time()) < 60
    assert first["jti"] != second["jti"]
    assert len(first["jti"]) >= 22  # 128 bits
    assert jws.extract_compact(texts[0].encode()).headers()["kid"] == own_key.thumbprint()


def test_audience_and_kid_can_be_those_of_the_server(tmp_path: Path) -> None:
    file = key(tmp_path, "p256")
    changed = settings(assertion_audience="https://login.binnen.invalid", signing_key_id="2026-1")
    text = client_assertion(changed, file)
    assert (
        jwt.decode(text, ECKey.import_key(file.read_bytes()), ["ES256"])
        .claims["aud"]
        .endswith("binnen.invalid")
    )
    assert jws.extract_compact(text.encode()).headers()["kid"] == "2026-1"


def test_a_key_and_an_algorithm_that_do_not_fit_are_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        client_assertion(settings(algorithm="PS256"), key(tmp_path, "p256"))
    with pytest.raises(Misconfigured):
        client_assertion(settings(), tmp_path / "absent.pem")
