"""Of an uploaded file nothing stays: no file, no log line, no process that still knows it."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import tampering
from tests.support.pdf_builder import PdfPlan, build_pdf
from tests.support.process_tree import children_of
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S, wait_until

MARK = b"Een-naam-die-nergens-mag-blijven"
_SERVICE = """
import logging, sys
from pathlib import Path
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from signing.policy import TrustPolicy
from signing.verifying.sandbox import Limits, examine
for file in map(Path, sys.argv[1:]):
    print(examine(file.read_bytes(), TrustPolicy(frozenset()), Limits(wall_seconds=90)).finding.name, flush=True)
print(examine(Path(sys.argv[1]).read_bytes(), TrustPolicy(frozenset()), Limits(wall_seconds=0.01)).finding.name, flush=True)
sys.stdin.read()
"""


def marked_files(town: Town, folder: Path) -> list[Path]:
    """Genuine, changed, broken in the middle, and no PDF at all; each holds the mark in plain sight."""
    genuine = town.pdf(PdfPlan(payload=b'{"naam":"%s"}' % MARK))
    contents = {
        "echt.pdf": genuine + b"\n%" + MARK,
        "gewijzigd.pdf": tampering.white_box(genuine) + b"\n%" + MARK,
        "kapot.pdf": b"%PDF-1.7\n" + MARK * 1000,
        "ander.json": b'{"naam":"%s"' % MARK,
        "zonder zegel.pdf": build_pdf(PdfPlan(), None) + b"\n%" + MARK,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def test_examined_files_leave_no_file_no_log_line_and_no_process_that_holds_them(
    town: Town, tmp_path: Path
) -> None:
    files, empty = tmp_path / "files", tmp_path / "empty"
    files.mkdir()
    empty.mkdir()
    paths = marked_files(town, files)
    with subprocess.Popen(
        [sys.executable, "-c", _SERVICE, *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=empty,
        env={
            "TMPDIR": str(empty),
            "HOME": str(empty),
            "XDG_CACHE_HOME": str(empty),
            "PYTHONPATH": os.getcwd(),
        },
    ) as service:
        assert service.stdout is not None
        findings = [service.stdout.readline() for _ in range(len(paths) + 1)]
        left = [pid for pid in descendants(service.pid) if holds(pid, MARK)]
        output, errors = service.communicate(timeout=PATIENCE_S)
    assert findings[-1] == b"UNEXAMINED\n"
    assert b"UNEXAMINED\n" not in findings[:-1]
    assert left == []
    assert MARK not in output + errors
    assert list(empty.rglob("*")) == []


def descendants(pid: int) -> frozenset[int]:
    """The fork server and its children, once the children that read files are gone. A server may be replaced meanwhile."""

    def at_rest() -> frozenset[int]:
        servers = children_of(frozenset({pid}))
        children = children_of(servers)
        return servers | children if (len(servers), len(children)) == (1, 2) else frozenset()

    return wait_until(at_rest, "the fork server did not come to rest")


def holds(pid: int, text: bytes) -> bool:
    """Whether the memory of a process holds this text. The kernel shows that of the pool to root only."""
    try:
        return _holds(pid, text)
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return False
    except PermissionError:
        assert os.getuid() != 0
        return False


def _holds(pid: int, text: bytes) -> bool:
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in span.split("-"))
            memory.seek(start)
            if text in (memory.read(end - start) or b""):
                return True
    return False


def test_looking_into_a_process_finds_what_it_holds() -> None:
    """The check above can fail."""
    hold = "import sys; held = sys.stdin.buffer.readline(); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(MARK + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        assert holds(process.pid, MARK)
        process.communicate(timeout=PATIENCE_S)


def test_our_own_log_lines_say_nothing_about_a_file(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signing.verifying import sandbox
    from signing.verifying.pool import Pool

    monkeypatch.setattr(sandbox, "_pool", Pool(("/bin/false",)))
    with caplog.at_level(logging.DEBUG):
        sandbox.examine(b"%PDF-1.7\n" + MARK, town.policy)
    assert caplog.records
    assert MARK.decode() not in caplog.text
