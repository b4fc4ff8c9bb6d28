"""The key ceremony with real settings: from a new key to a rotation, and what must never happen on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.main import WRONG_USE, main
from app.settings import load_settings
from signing.keys.backend import key_id
from simulators.authority import DEMO_IDENTIFIER, Authority
from tests.support.audit import deeds_in
from tests.support.databases import migrated_sqlite
from tests.support.seals import NAME
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_seal import FILES

CEREMONY = ("create", "request", "import", "rotate")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture
def instance(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Instance:
    instance = Instance(tmp_path)
    instance.change(FILES, 'key_folder = "zegel"\n')
    instance.on_sqlite()
    migrated_sqlite(tmp_path / "bk.sqlite3")
    (tmp_path / "zegel").mkdir()
    authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    return instance


@pytest.fixture
def run(instance: Instance, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        return main(["keys", *map(str, arguments)]), *capsys.readouterr()

    return run


def answer(instance: Instance, authority: Authority, name: str, days: int = 365) -> Path:
    """What the authority sends back."""
    file = instance.folder / f"{name}-antwoord.pem"
    request = (instance.folder / "zegel" / name / "request.pem").read_bytes()
    file.write_bytes(authority.certify_seal(request, days))
    return file


def make(run: Run, instance: Instance, authority: Authority, name: str, days: int = 365) -> None:
    assert run("create", name)[0] == 0
    assert run("request", name)[0] == 0
    assert run("import", name, answer(instance, authority, name, days))[0] == 0


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_from_a_new_key_to_a_rotation(run: Run, instance: Instance, authority: Authority) -> None:
    make(run, instance, authority, "eerste")
    assert run("check")[0] == 1
    code, out, _ = run("rotate", "eerste")
    assert (code, "eerste verzegelt vanaf nu." in out) == (0, True)
    code, out, _ = run("check")
    assert code == 0
    assert [line[:6] for line in out.splitlines()] == ["goed  "] * 8
    make(run, instance, authority, "tweede")
    code, out, _ = run("rotate", "tweede")
    assert (code, "in plaats van eerste" in out) == (0, True)
    folder = load_settings(instance.file).seal.folder
    assert folder is not None
    kept = {file.stem for file in (instance.folder / "trust").glob("*/zegels/*.pem")}
    assert kept == {key_id(folder.certificate(name).certificate) for name in ("eerste", "tweede")}
    assert folder.active() == "tweede"
    deeds = [("key_changed", name, done, "ok") for name in ("eerste", "tweede") for done in CEREMONY]
    assert deeds_in(f"sqlite:///{instance.folder / 'bk.sqlite3'}") == deeds


def test_without_a_row_in_the_audit_log_no_key_is_changed(
    run: Run, instance: Instance, authority: Authority
) -> None:
    make(run, instance, authority, "eerste")
    (instance.folder / "bk.sqlite3").unlink()
    before = contents(instance.folder / "zegel")
    for command in (("create", "tweede"), ("request", "eerste"), ("rotate", "eerste")):
        assert run(*command)[0] == 1
    assert contents(instance.folder / "zegel") == before


def test_an_expired_certificate_leaves_the_other_lines(
    run: Run, instance: Instance, authority: Authority
) -> None:
    make(run, instance, authority, "eerste")
    request = (instance.folder / "zegel" / "eerste" / "request.pem").read_bytes()
    certificate = instance.folder / "zegel" / "eerste" / "certificate.pem"
    certificate.unlink()
    certificate.write_bytes(authority.certify_seal(request, days=0))
    code, out, _ = run("check", "eerste")
    lines = out.splitlines()
    assert (code, len(lines), sum(line.startswith("FOUT") for line in lines)) == (1, 8, 1)
    assert "verlopen" in lines[-1] or "expired" in lines[-1]
    assert run("rotate", "eerste")[0] == 1


def test_programs_get_json(run: Run, instance: Instance, authority: Authority) -> None:
    make(run, instance, authority, "eerste", days=30)
    code, out, _ = run("check", "eerste", "--json")
    found = json.loads(out)
    assert (code, found["sound"], found["kind"]) == (0, True, "P-256")
    assert {one["check"]: one["result"] for one in found["checks"]}["expiry"] == "warning"
    code, out, _ = run("check", "--json")
    assert (code, json.loads(out)["sound"]) == (1, False)


def test_a_certificate_that_is_not_right_changes_nothing(
    run: Run, instance: Instance, authority: Authority
) -> None:
    assert run("create", "eerste", "--kind", "P-384")[0] == 0
    assert run("request", "eerste")[0] == 0
    assert run("create", "tweede")[0] == 0
    assert run("request", "tweede")[0] == 0
    request = (instance.folder / "zegel" / "eerste" / "request.pem").read_bytes()
    wrong = {
        "another key": answer(instance, authority, "tweede").read_bytes(),
        "expired": authority.certify_seal(request, days=-1),
        "not for signing": authority.certify_seal(request, usage=("key_encipherment",)),
        "chain": Authority.create().certify_seal(request),
        "not a certificate": b"junk",
    }
    before = contents(instance.folder / "zegel")
    for reason, content in wrong.items():
        file = instance.folder / "fout.pem"
        file.write_bytes(content)
        code, _, err = run("import", "eerste", file)
        assert (code, reason in err, err.count("\n")) == (1, True, 1), err
    assert contents(instance.folder / "zegel") == before


def test_settings_of_another_organisation_stop_a_rotation(
    run: Run, instance: Instance, authority: Authority
) -> None:
    make(run, instance, authority, "eerste")
    instance.change('oin = "00000001900000010000"', 'oin = "00000001234567890000"')
    code, out, err = run("rotate", "eerste")
    assert code == 1
    assert "FOUT" in out
    assert "OIN" in err
    assert not (instance.folder / "zegel" / "actief").exists()


def test_a_key_is_never_overwritten(run: Run, instance: Instance, authority: Authority) -> None:
    make(run, instance, authority, "eerste")
    before = contents(instance.folder / "zegel")
    assert "never overwritten" in run("create", "eerste")[2]
    rows = deeds_in(f"sqlite:///{instance.folder / 'bk.sqlite3'}")[-2:]
    assert rows == [("key_changed", "eerste", "create", result) for result in ("ok", "failed")]
    assert "already" in run("import", "eerste", answer(instance, authority, "eerste"))[2]
    assert contents(instance.folder / "zegel") == before


def test_without_key_folder_one_clear_line(run: Run, instance: Instance) -> None:
    instance.change('key_folder = "zegel"\n', FILES)
    for command in (("create", "eerste"), ("request", "eerste"), ("rotate", "eerste")):
        code, out, err = run(*command)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "key_folder" in err


def test_a_kind_that_does_not_exist_is_wrong_use(run: Run) -> None:
    with pytest.raises(SystemExit) as ended:
        run("create", "eerste", "--kind", "RSA-2048")
    assert ended.value.code == WRONG_USE
