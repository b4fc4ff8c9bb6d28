"""Anything may be uploaded: each file gets a definite report, and the service itself stays small and alive."""

import os
import random
import resource
import runpy
import signal
import threading
import time
import zlib
from dataclasses import replace
from functools import cache
from itertools import accumulate

import pikepdf
import pytest

from signing.policy import TrustPolicy
from signing.report import CheckId, Finding, SealReport
from signing.verifying import sandbox
from signing.verifying.sandbox import DEFAULT, examine
from tests.support import tampering
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_pdf
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S, wait_until

OVER_LIMITS = "reading it would take more than we allow"
PATIENT = replace(DEFAULT, wall_seconds=PATIENCE_S)


def reason(report: SealReport) -> str:
    return next(check.reason for check in report.checks if check.id is CheckId.READABLE)


@cache
def hostile_files() -> dict[str, bytes]:
    """Name to bytes; all of them are no sealed overview."""
    rng = random.Random(1)
    bomb = zlib.compress(bytes(200_000_000), 9)
    unsealed = build_pdf(PdfPlan(), None)
    return {
        "nothing": b"",
        "25 MB": b"%PDF-1.7\n" + bytes(25_000_000),
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + rng.randbytes(20_000),
        "zip": b"PK\x03\x04" + rng.randbytes(20_000),
        "random bytes": rng.randbytes(100_000),
        "random bytes that begin as PDF": b"%PDF-1.7\n" + rng.randbytes(500_000),
        "only a header": b"%PDF-1.7",
        "encrypted": tampering.save_again(unsealed, pikepdf.Encryption(owner="a", user="b")),
        "json a million levels deep": b'{"a":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
        "json objects a million levels deep": b'{"a":' * 1_000_000,
        "json of numbers": b'{"a":[' + b"1," * 4_000_000 + b"1]}",
        "flate bomb as index": _index_stream(bomb),
        "flate bomb as object stream": _object_stream(bomb),
        "nested flate bomb": _object_stream(zlib.compress(bomb, 9), "[/FlateDecode /FlateDecode]"),
        "5000 pages": build_pdf(PdfPlan(junk_pages=5000), None),
        "pages in a circle": unsealed.replace(b"/Kids [3 0 R ", b"/Kids [2 0 R "),
        "index that points at itself": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \n"
        b"trailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF",
    }


def _stream(dictionary: str, content: bytes) -> bytes:
    return f"<< {dictionary} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _index_stream(content: bytes) -> bytes:
    head = b"%PDF-1.7\n"
    dictionary = "/Type /XRef /Size 20000000 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode"
    return (
        head + b"1 0 obj\n" + _stream(dictionary, content) + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)
    )


def _object_stream(content: bytes, filters: str = "/FlateDecode", count: int = 1, first: int = 4) -> bytes:
    """A PDF whose catalog, object 1, and `count - 1` further objects lie in a hostile object stream."""
    out = b"%PDF-1.7\n"
    stream_at, container = len(out), count + 1
    dictionary = f"/Type /ObjStm /N {count} /First {first} /Filter {filters}"
    out += b"%d 0 obj\n" % container + _stream(dictionary, content) + b"\nendobj\n"
    index_at = len(out)
    rows = [
        (0, 0, 65535),
        *((2, container, place) for place in range(count)),
        (1, stream_at, 0),
        (1, index_at, 0),
    ]
    index = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + rest.to_bytes(4, "big") for kind, place, rest in rows
    )
    dictionary = f"/Type /XRef /Size {count + 3} /W [1 4 4] /Root 1 0 R"
    out += b"%d 0 obj\n" % (container + 1) + _stream(dictionary, index) + b"\nendobj\n"
    return out + b"startxref\n%d\n%%%%EOF" % index_at


def _endless_work(count: int = 100_000) -> bytes:
    """Form fields in one object stream, of which the reader scans the head again for every object: n squared."""
    fields = " ".join(f"{number} 0 R" for number in range(2, count + 1))
    objects = [
        f"<< /Type /Catalog /AcroForm << /Fields [{fields}] >> >>",
        *["<< /FT /Tx /T (a) >>"] * (count - 1),
    ]
    offsets = [0, *accumulate(len(one) + 1 for one in objects)]
    head = " ".join(
        f"{number} {offset}" for number, offset in zip(range(1, count + 1), offsets, strict=False)
    )
    content = zlib.compress(f"{head}\n{chr(10).join(objects)}".encode())
    return _object_stream(content, count=count, first=len(head) + 1)


@pytest.mark.parametrize("name", hostile_files())
@pytest.mark.threat("T-21")
def test_a_hostile_file_is_no_sealed_overview(town: Town, name: str) -> None:
    data = hostile_files()[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = examine(data, town.policy, PATIENT)
    assert report.finding is Finding.NOT_SEALED
    assert report.payload is None
    # In kilobytes: the copy of the file for the pipe, never what a bomb unpacks to.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_genuine_files_pass_through_the_child_unchanged(town: Town) -> None:
    for data in (town.pdf(), town.json(), town.pdf(PdfPlan(junk_pages=2000))):
        report = examine(data, town.policy, PATIENT)
        assert report.finding is Finding.GENUINE
        assert report.payload == PAYLOAD
        here = town.examine(data)
        assert report.checks[:-1] == here.checks[:-1]
        assert (report.network_cut_off, here.network_cut_off) == (True, None)
        assert replace(report, checks=(), network_cut_off=None, files_cut_off=None) == replace(
            here, checks=()
        )


def test_an_altered_and_a_strange_file_pass_through_the_child_too(town: Town) -> None:
    assert examine(town.pdf() + b"\n", town.policy, PATIENT).finding is Finding.ALTERED
    assert examine(town.json(), TrustPolicy(frozenset()), PATIENT).finding is Finding.UNTRUSTED


def test_a_file_over_the_size_limit_is_not_looked_into(town: Town) -> None:
    data = town.json()
    report = examine(data, town.policy, replace(PATIENT, max_bytes=len(data) - 1))
    assert report.finding is Finding.NOT_SEALED
    assert "larger" in reason(report)


def test_running_out_of_processor_time_is_the_fault_of_the_file(town: Town) -> None:
    few = examine(_endless_work(count=50), town.policy, PATIENT)
    assert reason(few) == "readable as PDF"
    report = examine(_endless_work(), town.policy, PATIENT)
    assert (report.finding, reason(report)) == (Finding.NOT_SEALED, OVER_LIMITS)


@pytest.mark.threat("T-21")
def test_running_out_of_memory_is_the_fault_of_the_file(town: Town) -> None:
    numbers = b'{"a":[' + b"1.5," * 2_400_000 + b"1]}"
    small = replace(PATIENT, memory_bytes=_smallest_that_works(town) + 32 * 1024 * 1024)
    report = examine(numbers, town.policy, small)
    assert (report.finding, reason(report)) == (Finding.NOT_SEALED, OVER_LIMITS)
    assert examine(town.pdf(), town.policy, small).finding is Finding.GENUINE


def _smallest_that_works(town: Town) -> int:
    """Address space that a genuine file needs here; it depends on the machine's libraries."""
    step = 32 * 1024 * 1024
    for size in range(step, DEFAULT.memory_bytes, step):
        if examine(town.pdf(), town.policy, replace(PATIENT, memory_bytes=size)).finding is Finding.GENUINE:
            return size
    raise AssertionError("no genuine file fits in the default limit")


def test_no_time_to_examine_is_our_own_fault(town: Town) -> None:
    hurried = replace(DEFAULT, wall_seconds=0.001)
    assert examine(town.pdf(), town.policy, hurried).finding is Finding.UNEXAMINED


def test_many_at_once_all_get_an_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_WAIT_FOR_TURN", 100.0)
    monkeypatch.setattr(sandbox, "_line", threading.BoundedSemaphore(8))
    data = town.json()
    findings: list[Finding] = []
    threads = [
        threading.Thread(target=lambda: findings.append(examine(data, town.policy, PATIENT).finding))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert findings == [Finding.GENUINE] * 8


def test_who_waits_too_long_for_a_turn_hears_that_it_is_our_fault(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_WAIT_FOR_TURN", 0.01)
    monkeypatch.setattr(sandbox, "_turns", threading.BoundedSemaphore(1))
    with sandbox._turns:
        assert examine(town.json(), town.policy, PATIENT).finding is Finding.UNEXAMINED
    assert examine(town.json(), town.policy, PATIENT).finding is Finding.GENUINE


@pytest.mark.threat("T-21")
def test_a_crowd_does_not_take_all_threads_of_the_site(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds the line full waits for nobody: the thread is free again for other pages."""
    monkeypatch.setattr(sandbox, "_WAIT_FOR_TURN", 100.0)
    monkeypatch.setattr(sandbox, "_line", threading.BoundedSemaphore(2))
    monkeypatch.setattr(sandbox, "_turns", threading.BoundedSemaphore(1))
    data = town.json()
    findings: list[Finding] = []

    def wait_in_line() -> None:
        findings.append(examine(data, town.policy, PATIENT).finding)

    with sandbox._turns:  # nobody gets a turn, two stand in line
        first = [threading.Thread(target=wait_in_line) for _ in range(2)]
        for thread in first:
            thread.start()
        wait_until(lambda: not sandbox._line._value)
        late = [examine(data, town.policy, PATIENT) for _ in range(20)]
    for thread in first:
        thread.join()
    assert {report.finding for report in late} == {Finding.UNEXAMINED}
    assert findings == [Finding.GENUINE] * 2


def test_the_line_leaves_threads_of_a_worker_process_for_other_pages() -> None:
    settings = runpy.run_path("deploy/gunicorn.py")
    assert settings["threads"] // 2 >= sandbox._IN_LINE


def test_a_fork_server_that_is_killed_while_it_works_costs_nobody_a_verdict(town: Town) -> None:
    """Somebody who tidies up processes says nothing about the file."""
    assert examine(town.pdf(), town.policy, PATIENT).finding is Finding.GENUINE
    assert sandbox._pool._server is not None
    server = sandbox._pool._server.process
    os.kill(server.pid, signal.SIGSTOP)  # so that the next file is on its way, and no further
    findings: list[Finding] = []
    waiting = threading.Thread(
        target=lambda: findings.append(examine(town.pdf(), town.policy, PATIENT).finding)
    )
    waiting.start()
    time.sleep(0.5)  # if that is too short the file meets another server: the verdict is the same
    server.kill()
    waiting.join(PATIENCE_S)
    assert findings == [Finding.GENUINE]
