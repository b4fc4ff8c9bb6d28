"""A citizen who wants to see and to keep the overview, and tries again until it is whole."""

from __future__ import annotations

import hashlib
import http.client
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from threading import Event

from tests.faults.judge import Deed, Findings
from tests.faults.schedule import Visit
from tests.faults.world import PEOPLE, SOURCES, BenchSource, Person
from tests.support.visitor import Answer, Visitor

OK, MOVED = (200,), (302, 303)
_LOOK_EVERY_S, _LONGEST_S, _LONGEST_PAUSE_S = 0.05, 15.0, 1.0
_FILE = re.compile(r"(?:schuldenoverzicht-)?(BK-\d{4}-[0-9A-Z]{10})\.(pdf|json|csv)")
_NO_ANSWER = (OSError, http.client.HTTPException)
Send = Callable[[str], Answer]


class Hindered(Exception):
    """This time it did not work: as a person, one begins again."""


@dataclass
class Citizen:
    """`faults_over`: from then on the service has thirty seconds. `urls`: of all service processes, the public one
    first."""

    visit: Visit
    urls: tuple[str, ...]
    findings: Findings
    faults_over: Event
    given_up: Event
    recovered_at: float | None = None
    visits: int = 0
    hindered: list[str] = field(default_factory=list)
    _visitor: Visitor = field(default_factory=Visitor)
    _came_back: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.visit.seed)

    @property
    def person(self) -> Person:
        return PEOPLE[self.visit.place]

    def run(self) -> None:
        """Until a whole visit that began after the faults were over, or until nobody waits for that any more."""
        while not self.given_up.is_set():
            were_over = self.faults_over.is_set()
            if self._whole_visit(were_over=were_over) and were_over:
                self.recovered_at = time.monotonic()
                return
            self._pause(were_over=were_over)

    def _pause(self, *, were_over: bool) -> None:
        """When the faults are over he hurries. While they go on he comes back soon, and then ever later: faults that are slow
        to begin or end must not mean many visits that find nothing new."""
        if were_over:
            self.given_up.wait(_LOOK_EVERY_S)
            return
        self.faults_over.wait(min(_LOOK_EVERY_S * 2**self._came_back, _LONGEST_PAUSE_S))
        self._came_back += 1

    def _whole_visit(self, *, were_over: bool) -> bool:
        since = time.monotonic()
        try:
            progress = self._log_in()
            page = self._see(progress)
            self._note_asked(SOURCES, "")
            is_whole = self.findings.look_at_page(self.person, page, since)
            if not is_whole and self.visit.asks_again:
                page = self._ask_again(page, progress)
                is_whole = self.findings.look_at_page(self.person, page, since)
            self._keep_file("json", since)
            self._whatever_else(since)
            if self.visit.logs_out and not were_over:
                self._log_out()
        except Hindered as hindrance:
            self.hindered.append(str(hindrance))
            return False
        self.visits += 1
        if not is_whole:
            self.hindered.append("not whole")
        return is_whole

    def _whatever_else(self, since: float) -> None:
        if self.visit.wants_pdf:
            content = self._keep_file("pdf", since)
            if self.visit.has_it_verified:
                self._have_it_verified(content)
        if self.visit.wants_csv:
            self._keep_file("csv", since)
        if self.visit.gets_lost:
            self._wanted(self._get("/bestaat-niet", "no such page"), (404,), "no such page")
        if self.visit.looks_at_own_data:
            self._wanted(self._get("/mijn-gegevens", "own data"), OK, "own data")

    def _log_in(self) -> str:
        """The address of the progress, without its site."""
        self._visitor = Visitor()
        start = self._wanted(self._get("/inloggen", "log in"), MOVED, "log in")
        try:
            page = self._visitor.get(start.location)
            if page.status != 200:
                raise Hindered("digid refused")
            form = {"page": page.hidden("page"), "niveau": "substantieel", "burger": str(self.visit.place)}
            decided = self._visitor.post(start.location.partition("/authorize")[0] + "/authorize", form)
        except _NO_ANSWER:
            raise Hindered("digid silent") from None
        if decided.status not in MOVED:
            raise Hindered("digid refused")
        path = decided.location.removeprefix(self.urls[0])
        back = self._wanted(self._get(path, "callback"), MOVED, "callback")
        self.findings.note(Deed("logged_in", self.person.bsn, "", ""))
        return self._path(back.location)

    def _see(self, progress: str) -> Answer:
        """Look at the progress until it moves on, and then at the overview."""
        end = time.monotonic() + _LONGEST_S
        while (answer := self._get(progress, "progress")).status == 200:
            if time.monotonic() > end:
                raise Hindered("progress does not end")
            self.given_up.wait(_LOOK_EVERY_S)
        moved_on = self._wanted(answer, MOVED, "progress")
        page = self._wanted(self._get(self._path(moved_on.location), "overview"), OK, "overview")
        if 'id="antwoorden"' not in page.text:
            raise Hindered("no overview")
        return page

    def _ask_again(self, page: Answer, progress: str) -> Answer:
        for source in SOURCES:
            action = f"{progress}/{source.source_id}"
            if f'action="{action}"' in page.text:
                form = {"csrf_token": page.hidden("csrf_token")}
                self._wanted(self._post(action, form, "ask again"), MOVED, "ask again")
                self._note_asked((source,), "again")
        return self._see(progress)

    def _note_asked(self, sources: Iterable[BenchSource], how: str) -> None:
        self.findings.note(Deed("collection_started", self.person.bsn, "", how))
        for source in sources:
            self.findings.note(Deed("source_asked", self.person.bsn, source.source_id, ""))

    def _keep_file(self, kind: str, since: float) -> bytes:
        answer = self._get(f"/overzicht/{kind}", f"{kind} file")
        if answer.status == 200 and 'name="csrf_token"' in _text(answer):
            action = re.search(rf'action="(/overzicht/{kind}[^"]*)"', answer.text)
            if action is None:
                raise Hindered(f"{kind} file: no overview")
            form = {"csrf_token": answer.hidden("csrf_token")}
            self._wanted(self._post(action[1], form, f"{kind} file"), MOVED, f"{kind} file: confirmed")
            answer = self._get(action[1], f"{kind} file")
        self._wanted(answer, OK, f"{kind} file")
        named = _FILE.search(answer.headers.get("Content-Disposition", ""))
        if named is None:
            raise Hindered(f"{kind} file: a page instead")
        self._note_file(named[1], kind, answer, since)
        return answer.body

    def _note_file(self, number: str, kind: str, answer: Answer, since: float) -> None:
        self.findings.note(Deed("document_downloaded", self.person.bsn, number, kind))
        if kind == "csv":
            self.findings.look_at_table(self.person, answer.body, since)
            return
        digest = hashlib.sha256(answer.body).hexdigest()[:8]
        self.findings.keep(f"{number}.{digest}.{kind}", answer.body)
        self.findings.look_at_file(self.person, answer.body, f"{kind} file", since)

    def _have_it_verified(self, content: bytes) -> None:
        page = self._try(
            lambda site: self._visitor.upload(f"{site}/controleren", "bestand", content), "verify"
        )
        self._wanted(page, OK, "verify")
        if "is echt" not in page.text and "kan nu niet" not in page.text.lower():
            self.findings.is_broken("a file of ours is not called genuine")

    def _log_out(self) -> None:
        page = self._wanted(self._get("/uitloggen", "log out"), OK, "log out")
        form = {"csrf_token": page.hidden("csrf_token")}
        self._wanted(self._post("/uitloggen", form, "log out"), OK, "log out")

    def _get(self, path: str, step: str) -> Answer:
        return self._try(lambda site: self._visitor.get(site + path), step)

    def _post(self, path: str, form: dict[str, str], step: str) -> Answer:
        return self._try(lambda site: self._visitor.post(site + path, form), step)

    def _try(self, send: Send, step: str) -> Answer:
        """As behind a load balancer without memory: where nobody listens it asks another. A connection that breaks is an
        error page of the browser itself: the citizen tries again."""
        sites = self._random.sample(self.urls, len(self.urls))
        try:
            try:
                answer = send(sites[0])
            except ConnectionRefusedError:
                answer = send(sites[1])
        except _NO_ANSWER as error:
            raise Hindered(f"{step}: {type(error).__name__}") from None
        self.findings.look_at(self.person, answer, step)
        return answer

    def _path(self, address: str) -> str:
        for url in self.urls:
            address = address.removeprefix(url)
        return address

    def _wanted(self, answer: Answer, statuses: tuple[int, ...], step: str) -> Answer:
        if answer.status not in statuses:
            raise Hindered(f"{step}: {answer.status}")
        return answer


def _text(answer: Answer) -> str:
    return answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""
