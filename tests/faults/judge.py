"""The promises, and whether one was broken."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from tests.faults import reading
from tests.faults.conduct import Conduct
from tests.faults.reading import FULL, NONE, PART, STATES, Told
from tests.faults.world import PEOPLE, SOURCES, BenchSource, Person, markers, references
from tests.support.pages import error_number
from tests.support.visitor import Answer

ERROR = 400


@dataclass(frozen=True)
class Deed:
    """What was done for a citizen, as far as he saw: there must be a row of it."""

    event: str
    bsn: str
    object: str
    detail: str


@dataclass
class Findings:
    """Of one run: broken promises and what must stand in register and audit log. Shared by the threads of the citizens."""

    conduct: Conduct
    broken: list[str] = field(default_factory=list)
    deeds: Counter[Deed] = field(default_factory=Counter)
    documents: dict[str, bytes] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def is_broken(self, promise: str) -> None:
        with self._lock:
            if promise not in self.broken:
                self.broken.append(promise)

    def note(self, deed: Deed) -> None:
        with self._lock:
            self.deeds[deed] += 1

    def keep(self, name: str, content: bytes) -> None:
        with self._lock:
            self.documents[name] = content

    def look_at(self, person: Person, answer: Answer, step: str) -> None:
        """Every answer of the service, whatever it is."""
        with self._lock:
            self.answers[f"{step} {answer.status}"] += 1
        if answer.status >= ERROR and not error_number(answer.text):
            self.is_broken(f"error page without a reference number: {step}, status {answer.status}")
        if _is_text(answer):
            self._look_for_others(person, answer.text, step)

    def look_at_file(self, person: Person, content: bytes, step: str, since: float) -> None:
        """A sealed file that was handed out: what was sealed, and what is drawn on its pages."""
        payload = json.loads(reading.payload_of(content))
        self._look_for_others(person, str(payload), step)
        if payload["betrokkene"]["bsn"] != person.bsn:
            self.is_broken(f"{step} is about somebody else")
        told = reading.told_in(payload)
        for source in SOURCES:
            self._look_at_source(person, source, told.get(source.name), (step, since))
        if content.startswith(b"%PDF"):
            drawn = reading.drawn_in(content)
            self._look_for_others(person, drawn, "pages of the pdf file")
            is_whole = reading.drawn_all_answered(drawn)
            self._look_at_whole(person, drawn, ("pages of the pdf file", since), is_whole=is_whole)

    def look_at_table(self, person: Person, content: bytes, since: float) -> None:
        """A CSV file. (Whose data is in it was looked at as in every answer.)"""
        said, where = reading.table_in(content), ("csv file", since)
        self._look_at_whole(person, " ".join(said.references), where, is_whole=said.all_answered)
        for source in SOURCES:
            if self.conduct.surely_failed(source.source_id, since) and source.name not in said.missing:
                self.is_broken(f"csv file: {source.source_id} failed and is not among the missing ones")
        if not self._had_many(since) and said.references - self._everything(person):
            self.is_broken("csv file: it has claims that are not this citizen's")

    def look_at_page(self, person: Person, page: Answer, since: float) -> bool:
        """The overview. True when it tells all that there is to tell."""
        told = reading.states_on(page)
        for source in SOURCES:
            self._look_at_source(person, source, told.get(source.name), ("page", since))
        is_whole = reading.says_all_answered(page)
        self._look_at_whole(person, page.text, ("page", since), is_whole=is_whole)
        return is_whole

    def _look_at_whole(self, person: Person, text: str, where: tuple[str, float], *, is_whole: bool) -> None:
        """`is_whole`: it says that all sources answered."""
        if not is_whole:
            return
        step, since = where
        failed = [one.source_id for one in SOURCES if self.conduct.surely_failed(one.source_id, since)]
        if failed:
            self.is_broken(f"{step}: it says that all sources answered, but {failed} failed")
        shown = text.lower()
        missing = [one for one in self._everything(person) if one.lower() not in shown]
        if missing and not self._had_many(since):
            self.is_broken(f"{step}: it says that all sources answered, but a claim is not on it")

    def _had_many(self, since: float) -> bool:
        return any(self.conduct.had_many_claims(source.source_id, since) for source in SOURCES)

    @staticmethod
    def _everything(person: Person) -> frozenset[str]:
        return frozenset(reference for source in SOURCES for reference in references(person, source))

    def _look_at_source(
        self, person: Person, source: BenchSource, told: Told | None, where: tuple[str, float]
    ) -> None:
        (step, since), known = where, references(person, source)
        if told is None:
            self.is_broken(f"{step}: {source.source_id} is not there at all")
            return
        if told.state not in STATES:
            self.is_broken(f"{step}: nobody taught the bench what {told.state!r} means")
        if told.state not in {NONE, FULL}:
            if told.references and told.state == PART:
                self._look_at_claims(source, told, known, where)
            return
        if self.conduct.surely_failed(source.source_id, since):
            self.is_broken(f"{step}: {source.source_id} failed and is shown as {told.state}")
        if told.state == NONE and known:
            self.is_broken(f"{step}: {source.source_id} is shown as {NONE}, but there are {len(known)}")
        if told.references is not None:
            self._look_at_claims(source, told, known, where)

    def _look_at_claims(
        self, source: BenchSource, told: Told, known: frozenset[str], where: tuple[str, float]
    ) -> None:
        if self.conduct.had_many_claims(source.source_id, where[1]):
            return
        shown = told.references or frozenset()
        if shown - known:
            self.is_broken(f"{where[0]}: {source.source_id} has claims that are not this citizen's")
        if told.state == FULL and known - shown:
            self.is_broken(f"{where[0]}: {source.source_id} is whole, but a claim is missing")

    def _look_for_others(self, person: Person, text: str, step: str) -> None:
        small = text.lower()
        for other in PEOPLE:
            if other != person and any(marker in small for marker in markers(other)):
                self.is_broken(f"{step}: {person.name} sees data of {other.name}")


def _is_text(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "")
    return kind.startswith(("text/", "application/json", "application/problem+json"))
