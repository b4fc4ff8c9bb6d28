"""`blauwe-knop sources status`: with real settings and a real database; the figures themselves are tried elsewhere."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Storage, build_worker, open_storage
from app.cli.main import WRONG_USE, main
from app.ports.figures import ProcessState
from app.services.figure_counts import FigureCounts
from app.settings import load_settings
from claims.identity import Bsn
from sources.events import AskedEvent, AskResult
from sources.ports import Delivery, HeldScheme, RememberedOrganisation
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

OIN = "00000001900000010000"
SOURCES = """
[dorp]
protocol = "batch"
organisation = "Gemeente Dorp"
[dorp.batch]
format = "csv"
columns = { bsn = "BSN", reference = "Zaak", balance = "Saldo" }
[stad]
protocol = "municipal_rest"
organisation = "Gemeente Stad"
url = "https://stad.invalid"
ca_file = "ca.pem"
api_key_file = "key"
[stad.index]
[lijst]
organisation = "De lijst"
protocol = "fcid"
ca_file = "ca.pem"
client_certificate_file = "client.pem"
client_key_file = "client.key"
[lijst.scheme]
list_url = "https://lijst.invalid/lijst"
signer_file = "signer.pem"
[later]
organisation = "Gemeente Later"
connected = false
"""
NOW = datetime.now(UTC).replace(microsecond=0)
AS_OF = NOW - timedelta(days=2)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    made = Instance(tmp_path)
    made.change('url = "postgresql://blauwe_knop@127.0.0.1/blauwe_knop"', 'url = "sqlite:///k.sqlite3"')
    made.change('password_file = "secrets/database-password"', "")
    (tmp_path / "sources.toml").write_text(SOURCES)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.file))
    return made


@pytest.fixture
def storage(instance: Instance) -> Storage:
    migrated_sqlite(instance.folder / "k.sqlite3")
    return open_storage(load_settings(instance.file))


def status(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """By the id of each source."""
    capsys.readouterr()
    assert main(["sources", "status", "--json", "--days", "3"]) == 0
    return {source["bron"]: source for source in json.loads(capsys.readouterr().out)["bronnen"]}


def count(storage: Storage, asked_at: datetime, *circuits: str) -> None:
    """What a process that is there now has counted. A circuit opens for a minute, and NOW is when this file was read."""
    counts, now = FigureCounts(), datetime.now(UTC)
    counts.count(AskedEvent("stad", asked_at, AskResult.CLAIMS, 0.2))
    storage.figures.add(
        counts.tally(), ProcessState("p", now, now, dict.fromkeys(circuits, now + timedelta(minutes=1)))
    )


def test_before_anybody_asked_nothing_is_known(storage: Storage, capsys: pytest.CaptureFixture[str]) -> None:
    found = status(capsys)
    assert list(found) == ["dorp", "stad", "lijst", "later"]
    assert {source["totaal"]["vragen"] for source in found.values()} == {0}
    assert {source["laatste_goede_antwoord"] for source in found.values()} == {None}
    assert {len(source["dagen"]) for source in found.values()} == {3}
    assert main(["sources", "status"]) == 0
    table = capsys.readouterr().out
    assert "levering: geen" in table
    assert "verwijsindex: geen" in table
    assert "nog nooit" in table


def test_deliveries_indexes_and_open_circuits_are_told(
    storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = Delivery("ab" * 32, AS_OF, NOW + timedelta(days=9), 0)
    for name in ("dorp", "stad#index"):
        storage.batches.replace(name, NOW, [(Bsn("111111110"), b"x")], lambda: delivery)
    count(storage, NOW, "stad")
    found = status(capsys)
    assert datetime.fromisoformat(found["dorp"]["levering_van"]) == AS_OF
    assert datetime.fromisoformat(found["stad"]["verwijsindex_van"]) == AS_OF
    assert (found["dorp"]["verwijsindex_van"], found["stad"]["levering_van"]) == (None, None)
    assert found["stad"]["stroomonderbreker"]["open_in_processen"] == 1
    assert found["dorp"]["stroomonderbreker"] == {"open_in_processen": 0, "processen": 1, "open_tot": None}
    assert found["stad"]["totaal"]["antwoorden"] == 1


def test_organisations_in_a_list_are_sources_of_their_own(
    storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    remembered = (RememberedOrganisation(OIN, "Gemeente Op De Lijst"),)
    storage.schemes.replace("lijst", lambda _: HeldScheme(b"x", 1, "ab" * 32, NOW, NOW, remembered))
    listed = status(capsys)[f"lijst-{OIN}"]
    assert (listed["organisatie"], listed["protocol"]) == ("Gemeente Op De Lijst", "fcid")
    assert listed["aangesloten"] is True


def test_the_background_work_deletes_old_days_and_keeps_totals(
    instance: Instance, storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    count(storage, NOW - timedelta(days=500))
    count(storage, NOW)
    jobs, _, _ = build_worker(load_settings(instance.file))
    [purge] = [job for job in jobs if job.name == "purge_figures"]
    assert purge.run(NOW) == 2  # how it ended, and how long it took
    assert status(capsys)["stad"]["totaal"]["vragen"] == 2
    assert purge.run(NOW + timedelta(days=399)) == 1  # the process is gone
    assert purge.run(NOW + timedelta(days=402)) == 2


def test_what_cannot_be_read_is_one_line(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "status", "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("blauwe-knop: the database cannot be used now")


@pytest.mark.parametrize("days", ["0", "-1", "veel", "100000"])
def test_a_window_that_makes_no_sense_is_wrong_use(days: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["sources", "status", "--days", days])
    assert stopped.value.code == WRONG_USE
