"""`blauwe-knop sources check`: what an operator sees and what a program gets, with a real source behind it."""

import io
import json
import logging
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from app.cli.main import main
from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation, start
from tests.support.checks import TEST_PERSON, secrets_in, write_test_bsn
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

SOURCE = "zonnedael-parkeren"


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("organisations")
    with start(create_authority(folder / "authority"), folder) as running:
        yield running


@dataclass
class Operator:
    simulation: Simulation
    instance: Instance
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main(["sources", "check", *arguments])
        return code, *self.capsys.readouterr()


@pytest.fixture
def operator(
    simulation: Simulation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Operator]:
    instance = Instance(tmp_path)
    write_test_bsn(tmp_path)
    settings = 'total_seconds = 30\nconnect_seconds = 30\ntest_bsn_file = "test-bsn"'
    simulation.write_sources_toml(tmp_path / "sources.toml", settings)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    handlers, level = logging.root.handlers[:], logging.root.level
    yield Operator(simulation, instance, capsys)
    logging.root.handlers[:] = handlers  # the command sends them to the standard error of this test
    logging.root.setLevel(level)
    structlog.reset_defaults()
    simulation.switch(SOURCE, None)


def test_every_step_is_one_line_and_zero_means_that_all_hold(operator: Operator) -> None:
    code, out, err = operator.run(SOURCE)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 14
    assert all(line.startswith("✓ ") and line.endswith(" ms)") for line in lines)
    assert "✓ schema                      leesbaar volgens het koppelvlak (" in out


def test_the_first_failure_says_what_to_do_and_the_rest_is_not_looked_at(operator: Operator) -> None:
    operator.simulation.switch(SOURCE, Behaviour.NOT_FOUND)
    code, out, _ = operator.run(SOURCE)
    assert code == 1
    lines = out.splitlines()
    [failed] = [number for number, line in enumerate(lines) if line.startswith("✗ ")]
    assert lines[failed].startswith("✗ HTTP                        status 404: dit adres is er niet (")
    assert lines[failed + 1] == "  Wat te doen: Kijk het pad in url na, met hoofdletters en al."
    assert len(lines[failed + 2 :]) == 5
    assert all(line.startswith("– ") and line.endswith("niet bekeken") for line in lines[failed + 2 :])


def test_a_terminal_without_these_signs_gets_plain_ones(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.simulation.switch(SOURCE, Behaviour.REFUSED)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["sources", "check", SOURCE]) == 1
    sys.stdout.flush()
    lines = raw.getvalue().decode("ascii").splitlines()
    assert [line[0] for line in lines] == [*"vvvvvvvvv", "x", " ", *"----"]


def test_programs_get_the_same_as_json(operator: Operator) -> None:
    code, out, _ = operator.run(SOURCE, "--json")
    told = json.loads(out)
    assert (code, told["bron"], told["alles_goed"], told["eerste_fout"]) == (0, SOURCE, True, None)
    assert {step["uitkomst"] for step in told["stappen"]} == {"goed"}
    assert all(isinstance(step["milliseconden"], int) for step in told["stappen"])
    operator.simulation.switch(SOURCE, Behaviour.WRONG_CITIZEN)
    code, out, _ = operator.run(SOURCE, "--json")
    told = json.loads(out)
    assert (code, told["alles_goed"], told["eerste_fout"]) == (1, False, "test-bsn")
    [failed] = [step for step in told["stappen"] if step["uitkomst"] == "fout"]
    assert failed["wat_te_doen"].startswith("Sluit deze bron niet aan")


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("behaviour", [None, Behaviour.WRONG_CITIZEN, Behaviour.REFUSED, Behaviour.MALFORMED])
def test_neither_the_test_person_nor_the_key_is_ever_printed(
    operator: Operator, behaviour: Behaviour | None, form: list[str]
) -> None:
    operator.simulation.switch(SOURCE, behaviour)
    _, out, err = operator.run(SOURCE, *form)
    numbers = {c.bsn for r in operator.simulation.running for c in r.organisation.citizens} | {TEST_PERSON}
    assert out
    assert not secrets_in(out + err, numbers, [operator.simulation.credentials.api_key])


def test_a_stanza_that_cannot_be_read_is_the_first_failure(operator: Operator) -> None:
    file = operator.instance.folder / "sources.toml"
    file.write_text(file.read_text().replace("https://127.0.0.1", "http://127.0.0.1", 1))
    code, out, _ = operator.run(SOURCE)
    assert code == 1
    assert out.startswith("✗ instellingen")
    assert "an address starts with https://" in out
    assert "Wat te doen: Verbeter dit bestand" in out


def test_a_secret_that_others_can_read_stops_before_the_network(operator: Operator) -> None:
    os.chmod(operator.instance.folder / "test-bsn", 0o644)
    code, out, _ = operator.run(SOURCE)
    assert code == 1
    assert out.splitlines()[1].startswith("✗ bestanden                   test_bsn_file: ")
    assert f"Wat te doen: chmod 600 {operator.instance.folder / 'test-bsn'}" in out


@pytest.mark.parametrize(
    ("name", "why"),
    [("stad", "is not in "), ("zonnedael-begraafplaatsen", "is not connected: nothing to check")],
)
def test_wrong_use_has_its_own_exit_code(operator: Operator, name: str, why: str) -> None:
    code, out, err = operator.run(name)
    assert (code, out) == (64, "")
    assert why in err


def test_no_name_is_wrong_use(operator: Operator) -> None:
    with pytest.raises(SystemExit) as ended:
        operator.run()
    assert ended.value.code == 64


def with_database(operator: Operator) -> Path:
    """A real one, in the place of the PostgreSQL of the example."""
    text = operator.instance.file.read_text()
    before, _, rest = text.partition("[database]\n")
    _, _, after = rest.partition("\n[")
    operator.instance.file.write_text(f'{before}[database]\nurl = "sqlite:///k.sqlite3"\n\n[{after}')
    file = operator.instance.folder / "k.sqlite3"
    migrated_sqlite(file)
    return file


@pytest.mark.parametrize("behaviour", [None, Behaviour.DOWN, Behaviour.WRONG_CITIZEN])
def test_a_check_is_in_no_figure_of_the_monitor(operator: Operator, behaviour: Behaviour | None) -> None:
    file = with_database(operator)
    operator.simulation.switch(SOURCE, behaviour)
    operator.run(SOURCE)
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = [name for name in names if name.startswith(("source_", "asking_", "open_circuits"))]
        assert len(counted) >= 7
        for name in counted:
            assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


def test_an_organisation_of_a_signed_list_is_named_by_the_list_and_its_oin(operator: Operator) -> None:
    with_database(operator)
    folder = operator.simulation.credentials.ca_file.parent
    (operator.instance.folder / "sources.toml").write_text(
        f"""
[landelijk]
protocol = "fcid"
organisation = "Landelijk"
ca_file = "{folder}/tls-root.pem"
client_certificate_file = "{folder}/client.pem"
client_key_file = "{folder}/client.key.pem"
[landelijk.scheme]
list_file = "{folder}/tls-root.pem"
signer_file = "{folder}/tls-root.pem"
"""
    )
    code, out, _ = operator.run("landelijk-00000001900000047000")
    assert code == 1
    assert (
        "✗ lijst                       er is geen lijst in gebruik (there is no list of organisations yet)"
        in out
    )
    assert operator.run("landelijk")[1].splitlines()[3].startswith("✗ lijst ophalen ")
    for wrong in ("landelijk-1", "landelijk-0000000190000004700x", "elders-00000001900000047000"):
        assert operator.run(wrong)[0] == 64
