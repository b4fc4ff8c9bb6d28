"""Other keys towards the log-in provider, in the file and through a whole log-in that was going on meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.main import WRONG_USE, main
from app.oidc.config import OidcConfig
from app.oidc.keys import load_keys
from app.oidc.login import OidcLogin
from app.oidc.presets import SIMULATOR
from app.settings import load_settings
from simulators.digid.provider import Provider
from tests.integration.oidc.support import REDIRECT_URI, Browser, finish, log_in, registered, running
from tests.support.audit import deeds_in
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    made = Instance(tmp_path)
    made.on_sqlite()
    migrated_sqlite(tmp_path / "bk.sqlite3")
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.file))
    return made


@pytest.fixture
def run(instance: Instance, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        assert instance
        capsys.readouterr()
        return main(["keys", *arguments]), *capsys.readouterr()

    return run


def our_config(issuer: str = "https://digid.invalid") -> OidcConfig:
    """With the keys as they stand in the files now: what a program has that starts now."""
    return replace(load_settings().login.oidc_config(), issuer=issuer, profile=SIMULATOR)


def kids(use: str) -> list[str]:
    return [key["kid"] for key in load_keys(our_config()).public_jwks()["keys"] if key["use"] == use]


def prepare(run: Run, role: str) -> str:
    code, out, _ = run("prepare-client", role)
    found = re.search(r"rotate-client \S+ (\S+)", out)
    assert (code, bool(found)) == (0, True)
    return found[1] if found else ""


@pytest.mark.parametrize(("role", "use"), [("login-signing", "sig"), ("login-decryption", "enc")])
def test_a_key_is_published_before_it_is_used_and_used_before_the_old_one_goes(
    run: Run, instance: Instance, role: str, use: str
) -> None:
    [old] = kids(use)
    new = prepare(run, role)
    assert kids(use) == [old, new]
    assert "is the key in use" in run("forget-client", role, old)[2]
    code, out, _ = run("rotate-client", role, new)
    assert (code, f"forget-client {role} {old}" in out) == (0, True)
    assert kids(use) == [new, old]
    assert run("forget-client", role, old)[0] == 0
    assert kids(use) == [new]
    file = instance.folder / "secrets" / f"{role}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    deeds = ((new, "prepare-client"), (new, "rotate-client"), (old, "forget-client"))
    assert deeds_in(f"sqlite:///{instance.folder / 'bk.sqlite3'}") == [
        ("key_changed", *deed, "ok") for deed in deeds
    ]


def test_the_key_towards_the_provider_of_an_organisation_is_changed_the_same_way(
    run: Run, instance: Instance
) -> None:
    def used() -> list[str]:
        sharing = load_settings().sharing
        assert sharing is not None
        keys = load_keys(sharing.organisations[0].staff_config()).public_jwks()["keys"]
        return [key["kid"] for key in keys]

    [old] = used()
    new = prepare(run, "sharing-stadsbank")
    assert run("rotate-client", "sharing-stadsbank", new)[0] == 0
    assert run("forget-client", "sharing-stadsbank", old)[0] == 0
    assert used() == [new]
    code, _, error = run("prepare-client", "sharing-onbekend")
    assert (code, "no file with the key sharing-onbekend" in error) == (1, True)


def test_what_is_not_there_is_told_and_changes_nothing(run: Run, instance: Instance) -> None:
    [only] = kids("sig")
    for action in ("rotate-client", "forget-client"):
        code, _, err = run(action, "login-signing", "onbekend")
        assert (code, f"there is no such key; there are: {only}" in err) == (1, True)
    with pytest.raises(SystemExit) as ended:
        run("prepare-client", "iets-anders")
    assert ended.value.code == WRONG_USE
    assert kids("sig") == [only]


@pytest.fixture
def digid(instance: Instance) -> Iterator[Provider]:
    """Knows the keys of this moment, until it is told of others."""
    assert instance
    with running(client=registered(our_config())) as provider:
        yield provider


def login_at(provider: Provider) -> OidcLogin:
    return OidcLogin(our_config(provider.issuer), allow_loopback_http=True)


def tell(provider: Provider) -> None:
    """The provider fetches our published keys."""
    provider.client = registered(our_config())
    provider._authentication._client = provider.client


def test_a_log_in_that_is_going_on_goes_on_through_every_step(run: Run, digid: Provider) -> None:
    """Begun by a program with the old keys, finished by one with the new: the answer is encrypted to the old key until the
    provider looks again, and every step in between lets others log in."""
    start = login_at(digid).start(REDIRECT_URI)
    parameters = Browser().choose(start.redirect_url)
    new = {role: prepare(run, role) for role in ("login-signing", "login-decryption")}
    assert log_in(login_at(digid)).bsn.digits == "111111110", (
        "published, not used; the provider knows the old ones"
    )
    tell(digid)
    assert log_in(login_at(digid)).bsn.digits == "111111110"
    for role, kid in new.items():
        assert run("rotate-client", role, kid)[0] == 0
    assert finish(login_at(digid), start, parameters).bsn.digits == "111111110", "encrypted to the old key"
    tell(digid)
    assert log_in(login_at(digid)).bsn.digits == "111111110", "encrypted to the new key"
    for role, use in (("login-signing", "sig"), ("login-decryption", "enc")):
        assert run("forget-client", role, kids(use)[1])[0] == 0
    assert log_in(login_at(digid)).bsn.digits == "111111110"


@pytest.mark.parametrize("key_id", ["-h1Gk2", "--sleutel", "-"])
def test_a_key_id_that_begins_with_a_dash_is_a_key_id(run: Run, key_id: str) -> None:
    code, _, said = run("forget-client", "login-signing", key_id)
    assert code == 1
    assert "there is no such key" in said
