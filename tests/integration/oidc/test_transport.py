"""TLS, trouble on the line, and what ends up in the log."""

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, redirect

from app.oidc.login import OidcLogin
from app.oidc.transport import MAX_BYTES
from app.ports.login import LevelTooLow, LoginCancelled, LoginError, LoginRefused, ProviderUnavailable
from simulators.authority import create_authority
from simulators.digid.grants import Grant
from simulators.digid.provider import Provider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc.support import (
    CITIZENS,
    REDIRECT_URI,
    Browser,
    config,
    finish,
    log_in,
    relying_party,
    running,
    serving,
)
from tests.support.waiting import PATIENCE_S


@contextmanager
def with_tls(folder: Path) -> Iterator[tuple[Provider, Path]]:
    authority = create_authority(folder / "authority")
    files = authority.issue_server().write(folder, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate_file, files.key_file)
    with running(tls=context) as provider:
        yield provider, authority.write_tls_root(folder / "root.pem")


def test_a_login_over_tls_with_the_configured_authority(tmp_path: Path) -> None:
    with with_tls(tmp_path) as (provider, root):
        login = OidcLogin(replace(config(provider.issuer), ca_bundle=str(root)))
        start = login.start(REDIRECT_URI)
        parameters = Browser(str(root)).choose(start.redirect_url)
        assert finish(login, start, parameters).bsn.digits == "111111110"


@pytest.mark.threat("T-09")
def test_a_certificate_of_another_authority_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_tls(tmp_path) as (provider, root):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(root))  # what the environment says does not count
        with pytest.raises(ProviderUnavailable) as caught:
            OidcLogin(config(provider.issuer)).start(REDIRECT_URI)
    assert caught.value.reason == "connection_failed"


METADATA_ANSWERS = [
    (lambda: Response(status=503), "status_503"),
    (lambda: redirect("/jwks", 302), "status_302"),
    (lambda: "<html>", "not_json"),
    (lambda: "[]", "not_json"),
    (lambda: "[" * 50_000, "not_json"),
    (lambda: " " * (MAX_BYTES + 1), "answer_too_large"),
]


@pytest.mark.parametrize(("answer", "reason"), METADATA_ANSWERS, ids=range(len(METADATA_ANSWERS)))
def test_a_provider_in_trouble_is_unavailable(answer: Any, reason: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/.well-known/openid-configuration", view_func=answer)
    with serving(app) as address, pytest.raises(ProviderUnavailable) as caught:
        relying_party(address).start(REDIRECT_URI)
    assert caught.value.reason == reason


def test_waiting_threads_do_not_each_ask_a_provider_that_is_down() -> None:
    asked: list[int] = []
    app = Flask(__name__)

    @app.get("/.well-known/openid-configuration")
    def down() -> Response:
        asked.append(1)
        return Response(status=503)

    with serving(app) as address:
        login = relying_party(address)
        for _ in range(3):
            with pytest.raises(ProviderUnavailable):
                login.start(REDIRECT_URI)
    assert len(asked) == 1


def test_a_provider_that_does_not_answer_is_unavailable_after_the_time_out() -> None:
    hold = threading.Event()
    app = Flask(__name__)

    @app.get("/.well-known/openid-configuration")
    def silent() -> str:
        hold.wait(PATIENCE_S)
        return ""

    with serving(app) as address:
        with pytest.raises(ProviderUnavailable) as caught:
            relying_party(address, read_timeout_s=0.2).start(REDIRECT_URI)
        hold.set()
    assert caught.value.reason == "timeout"


class TokenEndpointDown(Provider):
    def redeem(self, _form: Any) -> dict[str, Any]:
        raise RuntimeError("a 500 answer")


class UserinfoDown(Provider):
    def userinfo(self, _grant: Grant) -> tuple[str, str]:
        raise RuntimeError("a 500 answer")


@pytest.mark.parametrize(
    ("kind", "reason"), [(TokenEndpointDown, "token_endpoint"), (UserinfoDown, "status_500")]
)
def test_trouble_after_the_callback_is_not_a_refusal(kind: type[Provider], reason: str) -> None:
    with running(kind) as provider, pytest.raises(ProviderUnavailable) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("error", "expected", "reason"),
    [
        ("access_denied", LoginCancelled, "cancelled"),
        ("temporarily_unavailable", ProviderUnavailable, "callback_temporarily_unavailable"),
        ("server_error", ProviderUnavailable, "callback_server_error"),
        ("unmet_authentication_requirements", LevelTooLow, "level_too_low"),
        ("invalid_request", LoginRefused, "callback_error"),
        ("BSN 111111110", LoginRefused, "callback_error"),
    ],
)
def test_an_error_in_the_callback_has_its_own_kind(
    error: str, expected: type[LoginError], reason: str
) -> None:
    with running() as provider:
        login = relying_party(provider.issuer)
        start = login.start(REDIRECT_URI)
        parameters = {"error": error, "state": start.flow["state"], "iss": provider.issuer}
        with pytest.raises(expected) as caught:
            finish(login, start, parameters)
    assert caught.value.reason == reason


def test_a_callback_with_neither_code_nor_error_is_refused() -> None:
    with running() as provider:
        login = relying_party(provider.issuer)
        start = login.start(REDIRECT_URI)
        with pytest.raises(LoginRefused):
            finish(login, start, {"state": start.flow["state"], "iss": provider.issuer})


@pytest.mark.threat("T-24")
def test_the_log_at_debug_holds_no_secret_of_a_login(caplog: pytest.LogCaptureFixture) -> None:
    """Also not when it goes wrong; the simulator's own lines are not ours and are left out."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    secrets = [citizen.bsn for citizen in CITIZENS]
    for kind in (Provider, wrong.Expired, wrong.userinfo_with(bsn="123456789"), UserinfoDown):
        with running(kind) as provider:
            login = relying_party(provider.issuer)
            start = login.start(REDIRECT_URI)
            parameters = Browser().choose(start.redirect_url)
            for _ in range(2):  # the second time is a replay
                with suppress(LoginError):
                    finish(login, start, parameters)
            secrets += [
                parameters["code"],
                *(value for name, value in start.flow.items() if name != "issuer"),
            ]
    ours = "\n".join(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name.startswith(("app", "authlib", "urllib3"))
    )
    assert "login succeeded" in ours
    assert "reason expired" in ours
    # The simulated browser's own requests are logged by urllib3 as well: those hold the state, as a browser does.
    browser = [line for line in ours.splitlines() if "/authorize" in line]
    rest = "\n".join(line for line in ours.splitlines() if line not in browser)
    assert not [secret for secret in secrets if secret in rest]
