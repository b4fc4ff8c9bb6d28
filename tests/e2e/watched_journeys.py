"""What citizens, counsellors and troublemakers do while the demo is being watched."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from simulators.digid.citizens import read_citizens
from tests.e2e import steps
from tests.e2e.watched_demo import WatchedDemo
from tests.support.visitor import Answer, Visitor
from tests.support.waiting import PATIENCE_S, wait_until

NAMES = [citizen.name for citizen in read_citizens()]


def in_a_browser(browser: Browser, demo: WatchedDemo, folder: Path) -> tuple[list[str], list[str]]:
    """The addresses that the browser asked, and the cookies that it got."""
    context = steps.new_context(browser, demo.instance.url)
    addresses: list[str] = []
    context.on("request", lambda request: addresses.append(f"{request.url} {request.headers.get('referer')}"))
    page = context.new_page()
    _whole_journey(page, folder)
    _with_gaps(page, folder)
    _not_logged_in(page)
    cookies = _spoiled_session(context, page, demo)
    context.close()
    return addresses, cookies


def _whole_journey(page: Page, folder: Path) -> None:
    steps.log_in(page, steps.ANNA)
    files = [steps.download(page, link, folder) for link in ("pdf)", "json,", "csv,")]
    (folder / "rommel.pdf").write_bytes(files[0].read_bytes()[:5000])
    (folder / "rommel.json").write_bytes(files[1].read_bytes().replace(b"payload", b"payl0ad"))
    assert steps.verify(page, files[0]).startswith("Dit overzicht is echt")
    assert steps.verify(page, files[1]).startswith("Dit overzicht is echt")
    for name in ("rommel.pdf", "rommel.json"):
        assert "echt" not in steps.verify(page, folder / name)
    page.goto("/uitloggen")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    page.get_by_role("link", name="Ook uitloggen bij DigiD").click()
    page.wait_for_url("**/")


def _with_gaps(page: Page, folder: Path) -> None:
    steps.log_in(page, steps.INEKE)
    page.get_by_role("button", name="Vraag het opnieuw").click()
    page.wait_for_url("**/overzicht")
    page.get_by_role("link", name="pdf)").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Toch downloaden").click()
    waiting.value.save_as(folder / "gaten.pdf")


def _not_logged_in(page: Page) -> None:
    page.context.clear_cookies()
    steps.go_to_digid(page)
    page.get_by_role("button", name="Annuleren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U hebt het inloggen gestopt")
    steps.go_to_digid(page)
    page.get_by_label("Midden").check()
    page.get_by_role("button", name=steps.ANNA).click()
    expect(page.get_by_role("main")).to_contain_text("ID-check")
    for path in ("/overzicht", "/overzicht/pdf", "/bestaat-niet", "/ophalen/onbekend", "/hulp"):
        page.goto(path)


def _spoiled_session(context: BrowserContext, page: Page, demo: WatchedDemo) -> list[str]:
    """A failure on our own side, with a citizen in the session."""
    steps.log_in(page, steps.ANNA)
    cookies = [f"{cookie.get('name')}={cookie.get('value')}" for cookie in context.cookies()]
    demo.spoil("UPDATE collection_sources SET outcome = x'00112233'")
    answer = page.goto("/overzicht")
    assert answer is not None
    assert answer.status >= 500
    demo.spoil("UPDATE sessions SET payload = x'00112233'")
    page.goto("/overzicht")
    expect(page.get_by_role("main")).not_to_contain_text("eindigt op")
    return cookies


def every_citizen(demo: WatchedDemo) -> tuple[bytes, Visitor]:
    """All log in and download; gives the sealed JSON of the one with two thousand claims, who is logged in still."""
    largest, owner = b"", Visitor()
    for number in range(len(NAMES)):
        visitor = Visitor()
        progress = visitor.log_in(demo.instance.url, number)
        while (answer := visitor.get(progress)).status == 200:
            continue
        page = _finished(visitor, answer.location)
        assert "eindigt op" in page.text
        token = {"csrf_token": page.hidden("csrf_token")} if 'name="csrf_token"' in page.text else {}
        if token:
            visitor.post(f"{demo.instance.url}/overzicht/json", token)
        sealed = visitor.get(f"{demo.instance.url}/overzicht/json")
        pdf = visitor.get(f"{demo.instance.url}/overzicht/pdf")
        assert (sealed.body[:1], pdf.body[:4]) == (b"{", b"%PDF")
        if len(sealed.body) > len(largest):
            largest, owner = sealed.body, visitor
    return largest, owner


def slow_download(demo: WatchedDemo, visitor: Visitor, content: bytes) -> None:
    """Take a large file slowly enough to be seen on its way."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = (
        f"GET /overzicht/json HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", demo.direct_port), timeout=PATIENCE_S) as connection:
        connection.sendall(head.encode())
        first = connection.recv(1000)
        demo.watch.wait_for_looks(3)
        received = first + _read_all(connection)
    assert received.startswith(b"HTTP/1.1 200")
    body = json.loads(received.partition(b"\r\n\r\n")[2])
    assert body["payload"] == json.loads(content)["payload"]


def ended_by_an_operator(demo: WatchedDemo, bsn: str) -> bytes:
    """What the commands said that end the sessions of one citizen, and then of all."""
    visitor = Visitor()
    visitor.log_in(demo.instance.url, 0)
    said = demo.command("sessions", "end", "--person", typed=f"{bsn}\n")
    assert b"beeindigd" in said.replace("ë".encode(), b"e")
    assert visitor.get(f"{demo.instance.url}/overzicht").status == 401
    return said + demo.command("sessions", "end", "--all", typed="")


def _finished(visitor: Visitor, overview_url: str) -> Answer:
    """The overview when every source has answered or failed: until then a download asks for confirmation again."""

    def look() -> Answer | None:
        page = visitor.get(overview_url)
        return None if "Wij halen de gegevens op" in page.text else page

    finished = wait_until(look, "the collection never ended")
    assert finished is not None
    return finished


def slow_upload(demo: WatchedDemo, content: bytes) -> None:
    """Verify a large file that comes in slowly enough to be seen on its way."""
    head = b'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="groot.json"\r\n\r\n'
    body = head + content + b"\r\n--grens--\r\n"
    start = (
        f"POST /controleren HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=grens\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", demo.direct_port), timeout=PATIENCE_S) as connection:
        connection.sendall(start.encode() + body[:-1000])
        demo.watch.wait_for_looks(3)
        connection.sendall(body[-1000:])
        answer = _read_all(connection)
    assert b"Dit overzicht is echt" in answer


def troublemaker(demo: WatchedDemo, numbers: Sequence[str]) -> bytes:
    """Requests that bring numbers along in every place where a careless log or error page would repeat them."""
    answers = []
    for bsn in numbers:
        for target in (
            f"/overzicht?bsn={bsn}",
            f"/ophalen/{bsn}",
            f"/{bsn}",
            f"/inloggen/terug?error=access_denied&error_description={bsn}&state={bsn}",
            f"/inloggen/terug?code={bsn}&state={bsn}&iss={bsn}",
            f"/static/{bsn}",
        ):
            lines = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: http://127.0.0.1/{bsn}"
            cookie = f"Cookie: __Host-bk_sessie={bsn}\r\nUser-Agent: {bsn}\r\nX-Forwarded-For: {bsn}"
            answers.append(_exchange(demo, f"{lines}\r\n{cookie}"))
        answers.append(_exchange(demo, f"GET / HTTP/1.1\r\nHost: {bsn}"))
        _not_http(demo, bsn)
        answers.append(_exchange(demo, f"OPTIONS /hulp?{bsn} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Bsn: {bsn}"))
    without_form_token = Visitor().post(f"{demo.instance.url}/uitloggen", {"bsn": numbers[0]})
    assert without_form_token.status == 400
    _without_audit_log(demo)
    too_large = Visitor().upload(f"{demo.instance.url}/controleren", "bestand", b"%PDF" * 2_000_000)
    assert too_large.status == 413
    return b"\n".join(answers)


def _without_audit_log(demo: WatchedDemo) -> None:
    """Nobody is logged in who cannot be written down: a page that says that we do not work now."""
    demo.spoil("ALTER TABLE audit_log RENAME TO audit_log_away")
    visitor = Visitor()
    visitor.log_in(demo.instance.url, 0)
    assert visitor.get(f"{demo.instance.url}/overzicht").status == 401
    demo.spoil("ALTER TABLE audit_log_away RENAME TO audit_log")


def _not_http(demo: WatchedDemo, bsn: str) -> None:
    """The web server itself refuses these, and tells the sender what it could not read; only the log counts here."""
    for head in (
        f"GET /{bsn} HTTP/9.9\r\nHost: 127.0.0.1",
        f"GE{bsn}T / HTTP/1.1\r\nHost: 127.0.0.1",
        f"{bsn} {bsn}",
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{bsn}",
        f"POST /uitloggen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {bsn}x",
    ):
        assert b" 40" in _exchange(demo, head)[:12]


def _exchange(demo: WatchedDemo, head: str) -> bytes:
    with socket.create_connection(("127.0.0.1", demo.direct_port), timeout=PATIENCE_S) as connection:
        connection.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())
        return _read_all(connection)


def _read_all(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            received += part
    return received
