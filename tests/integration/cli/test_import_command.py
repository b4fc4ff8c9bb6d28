"""`blauwe-knop sources import`: what an operator sees, with real settings and a real database."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import build_worker, open_storage
from app.cli.main import main
from app.cli.progress import ProgressBar
from app.persistence.cipher import new_key_line
from app.settings import load_settings
from claims.identity import Bsn
from tests.support.audit import deeds_in
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

SOURCES = """
[dorp]
protocol = "batch"
organisation = "Gemeente Dorp"
[dorp.batch]
format = "csv"
max_bad_share = 0.5
columns = { bsn = "BSN", reference = "Zaak", balance = "Saldo" }
"""
INDEX = """
[stad]
protocol = "municipal_rest"
organisation = "Gemeente Stad"
url = "https://stad.invalid"
ca_file = "ca.pem"
api_key_file = "key"
[stad.index]
"""
GOOD = "BSN;Zaak;Saldo\n111111110;Z-1;12,50\n111111111;Z-2;3\n"


class Operator:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.instance = Instance(folder)
        self.capsys = capsys
        text = self.instance.file.read_text()
        before, _, rest = text.partition("[database]\n")
        _, _, after = rest.partition("\n[")
        self.instance.file.write_text(f'{before}[database]\nurl = "sqlite:///k.sqlite3"\n\n[{after}')
        (folder / "sources.toml").write_text(SOURCES + INDEX)
        migrated_sqlite(self.instance.folder / "k.sqlite3")

    def run(self, content: str, name: str = "dorp") -> tuple[int, str, str]:
        file = self.instance.folder / "delivery.csv"
        file.write_text(content)
        code = main(["sources", "import", name, str(file)])
        return code, *self.capsys.readouterr()

    def deeds(self) -> list[tuple[str, str, str, str]]:
        return deeds_in(load_settings(self.instance.file).database.full_url())

    def records(self, bsn: str, name: str = "dorp") -> int:
        store = open_storage(load_settings(self.instance.file)).batches
        held = store.find(name, Bsn(bsn))
        return -1 if held is None else len(held.records)


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    made = Operator(tmp_path, capsys)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.instance.file))
    return made


def closing(count: int) -> str:
    """Of a moment that is not too old whenever the test runs."""
    return f"#einde;aantal={count};peilmoment={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n"


def test_a_whole_file_is_taken_and_bad_records_are_named_by_line(operator: Operator) -> None:
    code, out, err = operator.run(GOOD + closing(2))
    assert code == 0
    assert out.startswith("dorp: 2 regels ingelezen, 1 overgeslagen; peilmoment ")
    assert "Van 1 is het bsn onbekend" in out
    assert err == "line 3: not a BSN (nine digits, with leading zeros)\n"
    assert operator.deeds() == [("delivery_imported", "dorp", "", "ok")]
    assert operator.records("111111110") == 1
    assert operator.records("999993549") == 0


def test_a_file_that_is_cut_off_is_one_line_and_a_failure(operator: Operator) -> None:
    code, out, err = operator.run(GOOD)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("blauwe-knop: the closing line is missing")
    assert operator.records("111111110") == -1
    assert operator.deeds() == [("delivery_imported", "dorp", "", result) for result in ("ok", "failed")]


def test_a_source_that_does_not_exist_is_named(operator: Operator) -> None:
    code, _, err = operator.run(GOOD, "elders")
    assert code == 1
    assert err.startswith("blauwe-knop: elders is not in ")


def test_an_index_is_taken_for_a_source_with_a_web_service(operator: Operator) -> None:
    code, out, _ = operator.run("111111110\n" + closing(1), "stad")
    assert code == 0
    assert out.startswith("stad: 1 regels ingelezen; peilmoment ")
    assert operator.records("111111110", "stad#index") == 1
    assert operator.records("999993549", "stad#index") == 0


def test_a_file_with_far_fewer_records_needs_a_confirmation(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(count: int) -> str:
        lines = "".join(f"111111110;Z-{number};12,50\n" for number in range(count))
        return f"BSN;Zaak;Saldo\n{lines}{closing(count)}"

    assert operator.run(rows(60))[0] == 0
    code, out, err = operator.run(rows(20))
    assert (code, out) == (1, "")
    assert "20 usable records and the delivery before it 60" in err
    assert operator.records("111111110") == 60
    file = operator.instance.folder / "delivery.csv"
    assert main(["sources", "import", "dorp", str(file), "--accept-smaller"]) == 0
    capsys.readouterr()
    assert operator.records("111111110") == 20
    assert operator.deeds()[-1] == ("delivery_imported", "dorp", "accept-smaller", "ok")


def test_after_a_new_storage_key_the_old_one_can_go(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.run(GOOD + closing(2))
    ring = load_settings(operator.instance.file).storage.key_ring_file
    old, new = ring.read_text(), new_key_line("new")
    ring.write_text(old + new)
    assert main(["sources", "rotate-keys"]) == 0
    assert capsys.readouterr().out.startswith("1 leveringen staan nu onder de nieuwste sleutel")
    assert operator.deeds()[-1] == ("key_changed", "deliveries", "rotate-keys", "ok")
    ring.write_text(new)
    assert operator.records("111111110") == 1
    ring.write_text(old)
    assert main(["sources", "rotate-keys"]) == 1
    assert "of 1 deliveries the key is not in the ring" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_once_per_percentage() -> None:
    out = Terminal()
    with ProgressBar(out) as bar:
        for done in range(1001):
            bar.show(done, 1000)
    assert out.getvalue().count("\r[") == 101
    assert "100%" in out.getvalue()


def test_no_bar_is_drawn_into_a_file_and_many_bad_records_are_counted() -> None:
    out = io.StringIO()
    with ProgressBar(out) as bar:
        bar.show(1, 2)
        for line in range(25):
            bar.note_bad_record(f"line {line}", "not a BSN")
    assert len(out.getvalue().splitlines()) == 21
    assert out.getvalue().endswith("and 5 more bad records\n")


def test_the_worker_deletes_a_delivery_that_is_too_old(operator: Operator) -> None:
    operator.run(GOOD + closing(2))
    jobs, _, _ = build_worker(load_settings(operator.instance.file))
    [job] = [job for job in jobs if job.name == "purge_batches"]
    now = datetime.now(UTC)
    assert job.run(now + timedelta(days=69)) == 0
    assert operator.records("111111110") == 1
    assert job.run(now + timedelta(days=71)) == 1
    assert operator.records("111111110") == -1
