"""The pool of examining children: one file each, closed off, and never more of them than there should be."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signing.report import Finding, Outcome
from signing.verifying import landlock, pool, sandbox
from signing.verifying.confinement import Confinement
from signing.verifying.fork_server import SPARE
from signing.verifying.pool import Pool
from signing.verifying.sandbox import DEFAULT
from signing.verifying.wire import READY
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S, wait_until

SECONDS = PATIENCE_S
PATIENT = DEFAULT.__class__(wall_seconds=SECONDS)
STRANGE = """
import ctypes, json, os, resource, signal, socket, time
from pathlib import Path
from signing.verifying import fork_server

def refused(attempt):
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "done"

def is_open(number):
    return refused(lambda: os.fstat(number)) == "done"

def one(work):
    {}

fork_server.serve(one)
"""


def server_that(does: str, before: str = "") -> tuple[str, ...]:
    """A real fork server, whose children do this with their connection `work`."""
    return (sys.executable, "-I", "-c", before + STRANGE.format(does))


@pytest.fixture
def start() -> Iterator[Callable[..., Pool]]:
    started: list[Pool] = []

    def begin(does: str, before: str = "") -> Pool:
        started.append(Pool(server_that(does, before)))
        return started[-1]

    yield begin
    for one in started:
        one.close()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def server_of(started: Pool) -> int:
    assert started._server is not None
    return started._server.process.pid


def is_there(pid: int) -> bool:
    """Alive; a zombie that nobody waits for counts as gone only when its parent is not ours."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("command", [("/nonexistent",), ("/bin/false",), ("/bin/echo", "junk")])
def test_a_server_that_cannot_start_is_our_own_fault(
    town: Town, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sandbox, "_pool", Pool(command))
    assert sandbox.examine(town.pdf(), town.policy, PATIENT).finding is Finding.UNEXAMINED


@pytest.mark.parametrize(
    ("does", "finding"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", Finding.UNEXAMINED),
        ("os.kill(os.getpid(), signal.SIGTERM)", Finding.UNEXAMINED),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Finding.NOT_SEALED),
        ("raise RuntimeError", Finding.NOT_SEALED),
        ("work.sendall(b'{}')", Finding.UNEXAMINED),
        ("work.sendall(b'junk')", Finding.UNEXAMINED),
        ("pass", Finding.UNEXAMINED),
    ],
)
def test_how_the_child_ends_decides(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    start: Callable[..., Pool],
    does: str,
    finding: Finding,
) -> None:
    ready = f"work.sendall({READY!r}); work.recv(100); {does}"
    monkeypatch.setattr(sandbox, "_pool", start(ready))
    assert sandbox.examine(town.pdf(), town.policy, PATIENT).finding is finding


def test_a_child_that_ends_before_it_is_limited_is_our_own_fault(
    town: Town, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Pool]
) -> None:
    monkeypatch.setattr(sandbox, "_pool", start("os._exit(1)"))
    assert sandbox.examine(town.pdf(), town.policy, PATIENT).finding is Finding.UNEXAMINED


def test_a_pool_that_was_started_is_ready_before_the_first_file(start: Callable[..., Pool]) -> None:
    early = start("work.sendall(b'here')")
    early.start()
    server = server_of(early)
    wait_until(lambda: len(children_of(server)) == SPARE)
    early.start()
    assert early.exchange(b"", SECONDS).output == b"here"
    assert server_of(early) == server


def test_a_server_that_does_not_know_the_sample_judges_no_file(
    town: Town, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Pool]
) -> None:
    before = "from signing.verifying import sample; sample.FINDINGS.pop(); sample.examine_sample()"
    monkeypatch.setattr(sandbox, "_pool", start("pass", before))
    assert sandbox.examine(town.pdf(), town.policy, PATIENT).finding is Finding.UNEXAMINED


def test_every_file_gets_a_process_of_its_own(start: Callable[..., Pool]) -> None:
    tells = start("work.sendall(str(os.getpid()).encode())")
    seen = [tells.exchange(b"", SECONDS).output for _ in range(20)]
    assert len(set(seen)) == len(seen)
    wait_until(lambda: len(children_of(server_of(tells))) == SPARE)
    assert not {int(pid) for pid in seen} & set(children_of(server_of(tells)))


_ESCAPES = """work.sendall(json.dumps({
        "internet": refused(lambda: socket.socket(socket.AF_INET)),
        "internet 6": refused(lambda: socket.socket(socket.AF_INET6)),
        "another socket": refused(lambda: socket.socket(socket.AF_UNIX)),
        "another program": refused(lambda: os.execv("/bin/true", ["true"])),
        "a written file": refused(lambda: Path("%s/trace").write_text("of a citizen")),
        "a file of the installation": refused(lambda: Path("%s/secret").read_text()),
        "its folder": refused(lambda: os.listdir("%s")),
        "who started it": refused(lambda: Path("/proc/%d/environ").read_bytes()),
        "code": refused(lambda: __import__("wsgiref.simple_server") and __import__("pyhanko.pdf_utils.embed")),
        "settings": sorted(os.environ),
        "open": [n for n in range(100) if is_open(n)],
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "status": [ctypes.CDLL(None).prctl(option, 0, 0, 0, 0) for option in (39, 21)],
    }).encode())"""


def test_a_child_is_closed_off(
    start: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BLAUWE_KNOP_SECRET", "s3cret")
    written = tmp_path / "trace"
    with (tmp_path / "held open").open("w") as held_open:
        os.set_inheritable(held_open.fileno(), True)
        (tmp_path / "secret").write_text("s3cret")
        escapes = _ESCAPES % (tmp_path, tmp_path, tmp_path, os.getpid())
        ending = start(escapes).exchange(b"", SECONDS)
    seen = json.loads(ending.output)
    assert ending.kept_from == Confinement(network=True, files=landlock.is_there())
    assert {seen[name] for name in ("internet", "internet 6", "another socket", "another program")} == {
        "PermissionError"
    }
    assert seen["a written file"] == ("PermissionError" if landlock.is_there() else "OSError")
    for name in ("a file of the installation", "its folder", "who started it"):
        assert seen[name] == ("PermissionError" if landlock.is_there() else "done"), name
    assert seen["code"] == "done"
    assert not written.exists() or written.stat().st_size == 0
    assert "BLAUWE_KNOP_SECRET" not in seen["settings"]
    assert len(seen["open"]) == len(("input", "output", "errors", "channel", "work"))
    assert seen["core"] == [0, 0]
    assert seen["status"] == [1, 2], "no new privileges, and a filter of system calls"


def test_where_the_kernel_cuts_off_nothing_the_report_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Pool]
) -> None:
    before = "import platform; platform.machine = lambda: 'a machine of the future'"
    started = start("work.sendall(b'')", before)
    assert started.exchange(b"", SECONDS).kept_from == Confinement(network=False, files=False)
    monkeypatch.setattr(sandbox, "_pool", started)
    report = sandbox.examine(town.json(), town.policy, PATIENT)
    assert (report.network_cut_off, report.files_cut_off) == (False, False)
    assert report.checks[-1].outcome is Outcome.NOT_DONE
    assert report.checks[-1].reason.endswith(": network, files")


def test_without_landlock_the_report_says_that_files_were_within_reach(
    town: Town, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Pool]
) -> None:
    before = "from signing.verifying import landlock; landlock._CREATE = 100_000"  # a call that no kernel has
    started = start("work.sendall(b'')", before)
    monkeypatch.setattr(sandbox, "_pool", started)
    report = sandbox.examine(town.json(), town.policy, PATIENT)
    assert (report.network_cut_off, report.files_cut_off) == (True, False)
    assert report.checks[-1].reason.endswith(": files")


def test_the_report_of_a_real_examination_says_what_was_cut_off(town: Town) -> None:
    report, here = sandbox.examine(town.json(), town.policy, PATIENT), town.examine(town.json())
    assert (report.network_cut_off, report.files_cut_off) == (True, landlock.is_there())
    assert (report.checks[-1].outcome is Outcome.OK) is landlock.is_there()
    assert (here.network_cut_off, here.files_cut_off) == (None, None)
    assert here.checks[-1].outcome is Outcome.NOT_DONE


def test_a_child_that_takes_too_long_is_killed(start: Callable[..., Pool]) -> None:
    endless = start("work.sendall(b'.'); time.sleep(3600)")
    with pytest.raises(TimeoutError):
        endless.exchange(b"", 3.0)
    wait_until(lambda: len(children_of(server_of(endless))) == SPARE)
    first = children_of(server_of(endless))
    with pytest.raises(TimeoutError):
        endless.exchange(b"", 0.5)
    wait_until(lambda: not all(map(is_there, first)))


def test_a_child_that_says_too_much_is_not_heard_out(
    start: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_MAX_OUTPUT", 100_000)
    with pytest.raises(pool.NotExamined):
        start("while True: work.sendall(bytes(1000))").exchange(b"", SECONDS)


def test_a_server_that_died_is_started_again_and_takes_its_children_along(
    start: Callable[..., Pool],
) -> None:
    tells = start("work.sendall(b'here')")
    tells.exchange(b"", SECONDS)
    server = server_of(tells)
    wait_until(lambda: len(children_of(server)) == SPARE)
    children = children_of(server)
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: not any(map(is_there, children)))
    assert tells.exchange(b"", SECONDS).output == b"here"
    assert server_of(tells) != server


def test_a_server_that_is_stopped_is_replaced_and_takes_its_children_along(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a debugger, a snapshot of the machine or a mistyped signal does: it lives, and never answers."""
    real = Pool()
    monkeypatch.setattr(sandbox, "_pool", real)
    assert sandbox.examine(town.json(), town.policy, PATIENT).finding is Finding.GENUINE
    stopped = server_of(real)
    everyone = [stopped, *children_of(stopped)]
    os.kill(stopped, signal.SIGSTOP)
    hurried = sandbox.examine(town.json(), town.policy, DEFAULT.__class__(wall_seconds=0.5))
    assert hurried.finding is Finding.UNEXAMINED
    wait_until(lambda: not any(map(is_there, everyone)))
    assert sandbox.examine(town.json(), town.policy, PATIENT).finding is Finding.GENUINE
    assert server_of(real) != stopped
    real.close()


def test_a_file_that_a_stopped_server_was_given_is_examined_by_the_next_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Pool()
    monkeypatch.setattr(sandbox, "_pool", real)
    monkeypatch.setattr(pool, "_FIRST_WORD_SECONDS", 0.5)  # only of a server that has answered before
    assert sandbox.examine(town.json(), town.policy, PATIENT).finding is Finding.GENUINE
    os.kill(server_of(real), signal.SIGSTOP)
    assert sandbox.examine(town.json(), town.policy, PATIENT).finding is Finding.GENUINE
    real.close()


def test_a_server_that_is_slow_to_start_is_given_time(start: Callable[..., Pool]) -> None:
    slow = start("work.sendall(b'here')", before="import time; time.sleep(3)")
    with pytest.raises(TimeoutError):
        slow.exchange(b"", 0.5)
    server = server_of(slow)
    assert slow.exchange(b"", SECONDS).output == b"here"
    assert server_of(slow) == server


def test_children_that_were_killed_while_they_waited_are_replaced(start: Callable[..., Pool]) -> None:
    tells = start("work.sendall(b'here')")
    tells.exchange(b"", SECONDS)
    for _ in range(3):
        killed = children_of(server_of(tells))
        for child in killed:
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: not set(killed) & set(children_of(server_of(tells))))  # noqa: B023 -- called at once
        assert tells.exchange(b"", SECONDS).output == b"here"


def test_a_server_to_which_the_machine_gives_no_open_files_lives_on(start: Callable[..., Pool]) -> None:
    """Else one moment of want takes all files along that are being examined."""
    tells = start("work.sendall(b'here')")
    tells.exchange(b"", SECONDS)
    server = server_of(tells)
    usual = resource.prlimit(server, resource.RLIMIT_NOFILE)
    answers = []
    for few in range(3, 13):
        resource.prlimit(server, resource.RLIMIT_NOFILE, (few, usual[1]))
        answers += [_told_by(tells) for _ in range(3)]
    assert "" in answers
    resource.prlimit(server, resource.RLIMIT_NOFILE, usual)
    wait_until(lambda: _told_by(tells) == "here")
    assert server_of(tells) == server


def _told_by(tells: Pool) -> str:
    try:
        return tells.exchange(b"", SECONDS).output.decode()
    except pool.NotExamined:
        return ""


def test_a_signal_for_the_group_of_the_service_does_not_reach_the_server(start: Callable[..., Pool]) -> None:
    tells = start("work.sendall(b'here')")
    tells.exchange(b"", SECONDS)
    assert os.getpgid(server_of(tells)) != os.getpgid(0)


_SERVICE = """
import os, sys, time
from signing.verifying.pool import Pool
pool = Pool(tuple(sys.argv[1:]))
pool.exchange(b"", 90)
print(pool._server.process.pid, flush=True)
time.sleep(3600)
"""


def test_when_the_service_is_killed_nothing_of_the_pool_stays() -> None:
    command = [sys.executable, "-c", _SERVICE, *server_that("work.sendall(b'here')")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        server = int(service.stdout.readline())
        wait_until(lambda: len(children_of(server)) == SPARE)
        everyone = [server, *children_of(server)]
        service.kill()
    wait_until(lambda: not any(map(is_there, everyone)))


_FORKING_SERVICE = """
import os, sys
from signing.verifying.pool import Pool
pool = Pool(tuple(sys.argv[1:]))
ours = pool.exchange(b"", 90).output
pid = os.fork()
if pid == 0:
    theirs = pool.exchange(b"", 90).output
    pool.close()
    os._exit(0 if theirs != ours else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert pool.exchange(b"", 90).output == ours
"""


def test_after_a_fork_of_the_service_each_half_has_a_server_of_its_own() -> None:
    command = [
        sys.executable,
        "-c",
        _FORKING_SERVICE,
        *server_that("work.sendall(str(os.getppid()).encode())"),
    ]
    assert subprocess.run(command, check=False, timeout=PATIENCE_S).returncode == 0


def test_two_thousand_examinations_leave_no_process_and_no_open_file(start: Callable[..., Pool]) -> None:
    """What the server leaves open its children inherit, so they can tell."""
    tells = start("work.sendall(str(sum(map(is_open, range(300)))).encode())")
    expected = tells.exchange(b"", SECONDS).output
    server, open_here = server_of(tells), _open_files()
    for _ in range(2000):
        assert tells.exchange(b"", SECONDS).output == expected
    wait_until(lambda: len(children_of(server)) == SPARE)
    assert _open_files() == open_here
    assert server_of(tells) == server


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
