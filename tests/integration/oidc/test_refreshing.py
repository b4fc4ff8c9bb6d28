"""Metadata and keys are asked again when HTTP says so, when a key is unknown, and never more often. Time is the test's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request
from joserfc import jwt

from app.oidc.config import OidcConfig
from app.oidc.provider import Provider
from app.ports.login import LoginRefused, ProviderUnavailable
from tests.integration.oidc.support import config, serving
from tests.unit.oidc.support import rsa

NAMES = ("authorization_endpoint", "token_endpoint")


@dataclass
class Published:
    """What stands at the provider's addresses, and how often each was asked for, with what answer."""

    cache_control: str | None = None
    key_name: str = "one"
    metadata: dict[str, Any] = field(default_factory=dict)
    log: list[tuple[str, int]] = field(default_factory=list)
    down: bool = False
    issuer: str = ""

    def app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/.well-known/openid-configuration", "metadata", self._metadata)
        app.add_url_rule("/jwks", "jwks", self._keys)
        return app

    def asked(self, name: str) -> list[int]:
        return [status for asked, status in self.log if asked == name]

    def _metadata(self) -> Response:
        issuer = self.issuer
        own = {"issuer": issuer, "jwks_uri": f"{issuer}/jwks", **{name: f"{issuer}/{name}" for name in NAMES}}
        return self._answer("metadata", {**own, **self.metadata})

    def _keys(self) -> Response:
        public = rsa(self.key_name).as_dict(private=False)
        return self._answer("jwks", {"keys": [{**public, "kid": self.key_name, "use": "sig"}]})

    def _answer(self, name: str, document: dict[str, Any]) -> Response:
        response = jsonify(document)
        response.add_etag()
        if self.cache_control is not None:
            response.headers["Cache-Control"] = self.cache_control
        response.make_conditional(request)
        if self.down:
            response = Response(status=503)
        self.log.append((name, response.status_code))
        return response


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def known(published: Published, **changes: Any) -> Iterator[tuple[Provider, Seconds]]:
    with serving(published.app()) as address:
        configured: OidcConfig = replace(config(address), **changes)
        time = Seconds()
        published.issuer = address
        yield Provider(configured, allow_loopback_http=True, monotonic=time), time


def test_max_age_is_followed_and_what_did_not_change_is_not_sent_again() -> None:
    published = Published("max-age=120")
    with known(published) as (provider, time):
        provider.metadata()
        time.now += 119
        provider.metadata()
        assert published.asked("metadata") == [200]
        time.now += 2
        provider.metadata()
        assert published.asked("metadata") == [200, 304]
        time.now += 119
        provider.metadata()
        assert published.asked("metadata") == [200, 304]


def test_what_changed_is_seen_when_it_is_no_longer_fresh() -> None:
    published = Published("max-age=120")
    with known(published) as (provider, time):
        assert provider.metadata().sends_iss is False
        published.metadata = {"authorization_response_iss_parameter_supported": True}
        assert provider.metadata().sends_iss is False
        time.now += 121
        assert provider.metadata().sends_iss is True
    assert published.asked("metadata") == [200, 200]


@pytest.mark.parametrize(
    ("cache_control", "kept_s"), [(None, 300), ("max-age=31536000", 3600), ("no-store", 5)]
)
def test_without_a_word_it_is_minutes_with_a_ceiling_of_an_hour_and_a_floor_of_seconds(
    cache_control: str | None, kept_s: float
) -> None:
    published = Published(cache_control)
    with known(published) as (provider, time):
        provider.metadata()
        time.now += kept_s - 1
        provider.metadata()
        assert published.asked("metadata") == [200]
        time.now += 2
        provider.metadata()
        assert len(published.asked("metadata")) == 2


def test_an_unknown_key_is_asked_for_once_per_half_minute() -> None:
    published = Published("max-age=3600")
    with known(published) as (provider, time):
        assert provider.key("one", "PS256").kid == "one"
        published.key_name = "two"
        time.now += 29
        for _ in range(3):
            with pytest.raises(LoginRefused):
                provider.key("two", "PS256")
        assert published.asked("jwks") == [200]
        time.now += 2
        assert provider.key("two", "PS256").kid == "two"
        assert published.asked("jwks") == [200, 200]
        with pytest.raises(LoginRefused):
            provider.key("one", "PS256")  # withdrawn
        assert published.asked("jwks") == [200, 200]


def test_a_failure_is_not_tried_again_for_seconds_and_then_it_is() -> None:
    published = Published("max-age=60", down=True)
    with known(published) as (provider, time):
        for _ in range(3):
            with pytest.raises(ProviderUnavailable):
                provider.metadata()
        assert published.asked("metadata") == [503]
        published.down = False
        time.now += 6
        assert provider.metadata().sends_iss is False


def test_not_changed_is_no_answer_to_who_did_not_ask_that() -> None:
    app = Flask(__name__)
    app.add_url_rule("/.well-known/openid-configuration", view_func=lambda: Response(status=304))
    with serving(app) as address, pytest.raises(ProviderUnavailable) as caught:
        Provider(config(address), allow_loopback_http=True).metadata()
    assert caught.value.reason == "status_304"


def signed(by: str, /, key: str = "one", **claims: Any) -> str:
    return jwt.encode({"alg": "PS256", "kid": "one"}, {"iss": by, **claims}, rsa(key), ["PS256"])


def test_signed_metadata_go_before_what_is_not_signed() -> None:
    published = Published()
    with known(published) as (provider, _time):
        issuer = published.issuer
        published.metadata = {
            "token_endpoint": f"{issuer}/niet-ondertekend",
            "signed_metadata": signed(issuer, token_endpoint=f"{issuer}/ondertekend"),
        }
        assert provider.metadata().token_endpoint == f"{issuer}/ondertekend"
        assert provider.metadata().authorization_endpoint == f"{issuer}/authorization_endpoint"


@pytest.mark.parametrize("wrong", ["key", "issuer", "text", "none", "signed issuer"])
def test_signed_metadata_that_are_not_right_start_no_login(wrong: str) -> None:
    published = Published()
    with known(published) as (provider, _time):
        issuer = published.issuer
        tokens: dict[str, Any] = {
            "key": signed(issuer, key="two"),
            "issuer": signed("https://ander.invalid"),
            "text": "geen.geldig.token",
            "none": 5,
            "signed issuer": signed(issuer, issuer="https://ander.invalid"),
        }
        published.metadata = {"signed_metadata": tokens[wrong]}
        with pytest.raises(ProviderUnavailable) as caught:
            provider.metadata()
    assert caught.value.reason.startswith("metadata_")
