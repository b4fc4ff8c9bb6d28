import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.persistence.cipher import KeyRing
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database
from app.ports.collections import Asking
from tests.integration.persistence.outcomes import NOW, answer, source
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]


def start(url: str, key_file: Path, source_ids: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.integration.persistence.other_process", url, str(key_file)]
    return subprocess.Popen([*command, *source_ids], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_one_collection_and_both_see_it(
    url: str, database: Database, key_text: str, tmp_path: Path
) -> None:
    key_file = tmp_path / "keys"
    key_file.write_text(key_text)
    store = SqlCollectionStore(database, KeyRing.parse(key_text))
    names = [f"bron-{n}" for n in range(20)]
    store.create("c1", "me", [source(name) for name in names], Asking(NOW, NOW + timedelta(seconds=10)))
    processes = [start(url, key_file, names[:10]), start(url, key_file, names[10:])]
    assert [process.communicate(timeout=PATIENCE_S)[0].strip() for process in processes] == ["20", "20"]
    assert [process.returncode for process in processes] == [0, 0]
    found = store.load("c1", "me")
    assert found is not None
    assert [one.outcome for one in found.sources] == [answer(name) for name in names]
