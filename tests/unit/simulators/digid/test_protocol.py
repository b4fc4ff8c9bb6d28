"""What the simulator demands of its client."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, RSAKey
from werkzeug.test import TestResponse

from tests.unit.simulators.digid.support import (
    AFTER_LOGOUT,
    CLIENT_ID,
    ISSUER,
    REDIRECT_URI,
    assertion,
    browser,
    code,
    ec,
    parameters,
    provider,
    query,
    rsa,
    token_form,
)

Make = Callable[[], str]  # an assertion lives for a minute only


def body(answer: TestResponse) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(answer.text)
    return content


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "kort"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "n" * 21}, "invalid_request"),
        ({"state": "s" * 21}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"scope": "bsn"}, "invalid_scope"),
    ],
)
def test_a_request_below_the_profile_goes_back_with_an_error(changes: dict[str, Any], error: str) -> None:
    answer = browser().get("/authorize", query_string=query(**changes))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(REDIRECT_URI)
    assert parameters(answer.headers["Location"])["error"] == error
    assert parameters(answer.headers["Location"])["iss"] == ISSUER


@pytest.mark.parametrize("changes", [{"client_id": "ander"}, {"redirect_uri": f"{REDIRECT_URI}/x"}])
def test_nobody_is_sent_to_an_unregistered_address(changes: dict[str, Any]) -> None:
    answer = browser().get("/authorize", query_string=query(**changes))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(("key", "algorithm"), [(rsa(), "PS256"), (ec(), "ES256")])
def test_a_code_is_redeemed_with_an_assertion(key: RSAKey | ECKey, algorithm: str) -> None:
    client = browser()
    form = token_form(code(client), client_assertion=assertion(key, algorithm))
    answer = client.post("/token", data=form)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": timedelta(hours=1)},  # the life that Authlib gives by itself
        {"exp": timedelta(minutes=-1)},
        {"iat": timedelta(seconds=6000), "exp": timedelta(seconds=6030)},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"jti": "kort"},
        {"aud": ISSUER},
        {"aud": None},
        {"iss": "ander"},
        {"sub": "ander"},
    ],
)
def test_a_wrong_assertion_is_refused(changes: dict[str, Any]) -> None:
    client, now = browser(), time.time()
    moments = {k: int(now + v.total_seconds()) for k, v in changes.items() if isinstance(v, timedelta)}
    form = token_form(code(client), client_assertion=assertion(**{**changes, **moments}))
    answer = client.post("/token", data=form)
    assert answer.status_code == 401
    assert body(answer)["error"] == "invalid_client"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_assertion": "geen.echte.bewering"},
        {"client_assertion": ""},
        {"client_assertion_type": "iets anders"},
        {"client_assertion": lambda: assertion(rsa("unknown"))},
        {"client_assertion": lambda: assertion(algorithm="RS256")},
        {"client_assertion": lambda: assertion(rsa("encryption"))},
    ],
)
def test_a_caller_that_does_not_prove_who_it_is_gets_nothing(wrong: dict[str, str | Make]) -> None:
    client = browser()
    made = {name: value if isinstance(value, str) else value() for name, value in wrong.items()}
    answer = client.post("/token", data=token_form(code(client), **made))
    assert (answer.status_code, body(answer)["error"]) == (401, "invalid_client")


def test_an_assertion_works_once() -> None:
    client = browser()
    used = assertion()
    assert client.post("/token", data=token_form(code(client), client_assertion=used)).status_code == 200
    assert client.post("/token", data=token_form(code(client), client_assertion=used)).status_code == 401


def test_a_code_works_once() -> None:
    client = browser()
    same = code(client)
    assert client.post("/token", data=token_form(same)).status_code == 200
    again = client.post("/token", data=token_form(same))
    assert (again.status_code, body(again)["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "w" * 43}, {"code_verifier": ""}, {"redirect_uri": AFTER_LOGOUT}, {"code": "x"}],
)
def test_a_code_of_another_request_is_refused(wrong: dict[str, str]) -> None:
    client = browser()
    answer = client.post("/token", data={**token_form(code(client)), **wrong})
    assert (answer.status_code, body(answer)["error"]) == (400, "invalid_grant")


def test_the_number_comes_signed_and_encrypted_and_is_not_in_the_id_token() -> None:
    digid = provider()
    client = browser(digid)
    answer = body(client.post("/token", data=token_form(code(client))))
    id_token = jwt.decode(answer["id_token"], rsa("provider"), ["PS256"])
    assert id_token.claims["exp"] - id_token.claims["iat"] <= 300
    assert "111111110" not in str(id_token.claims)
    info = client.get("/userinfo", headers={"Authorization": f"Bearer {answer['access_token']}"})
    assert info.mimetype == "application/jwt"
    opened = jwe.decrypt_compact(info.text, rsa("encryption"), ["RSA-OAEP-256", "A256GCM"])
    assert opened.plaintext is not None
    claims = jwt.decode(opened.plaintext, rsa("provider"), ["PS256"]).claims
    assert (claims["bsn"], claims["sub"], claims["aud"]) == ("111111110", id_token.claims["sub"], CLIENT_ID)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}])
def test_userinfo_is_only_for_who_holds_an_access_token(headers: dict[str, str]) -> None:
    assert browser().get("/userinfo", headers=headers).status_code == 401


def test_the_published_key_has_no_private_part() -> None:
    (key,) = body(browser().get("/jwks"))["keys"]
    assert not {"d", "p", "q"} & set(key)
