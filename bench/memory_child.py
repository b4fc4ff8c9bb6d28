"""Handle one overview from the bytes of the answers up to one step, and print how far this process grew at most.

Usage: python -m bench.memory_child STEP SMALL_FILE FILE, both made by `bench.answers` in another process: making them
here would leave free memory behind, in which the work then fits unseen. First everything is done for SMALL_FILE, so
that programs and fonts are loaded. Linux only, see `bench.peak`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.documents import json as record
from app.documents import pdf
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from app.ports.collections import Asking
from bench.answers import Answers, made_at, read_answers
from bench.peak import forget_peak, peak_bytes
from bench.quiet import quiet
from bench.sizes import MEMORY_STEPS
from claims.outcome import Basis, BasisKind, Source, SourceAnswer, SourceOutcome
from claims.strict_json import loads_strict
from signing.sealing.pdf import PdfSeal
from sources.municipal_rest.mapping import read_page
from tests.support import snapshots as made_up
from tests.support.seals import Town
from tests.support.web_site import make_web_site

Outcomes = tuple[SourceOutcome, ...]
_LARGEST = 50_000_000
_NOW = made_at()


@dataclass(frozen=True)
class Journey:
    """The way of an overview through this process; every step takes what the step before it gave."""

    folder: Path
    town: Town

    def go(self, answers: Answers, last: str) -> None:
        """Up to and including the step `last`."""
        known = self.read(answers)
        for step, action in zip(MEMORY_STEPS[1:], (self.store, self.page, self.file), strict=True):
            if MEMORY_STEPS.index(step) <= MEMORY_STEPS.index(last):
                known = action(known)

    def read(self, answers: Answers) -> Outcomes:
        return tuple(_read(source, body) for source, body in answers)

    def store(self, known: Outcomes) -> Outcomes:
        """Into an encrypted database and out again."""
        url = f"sqlite:///{self.folder / 'store.sqlite3'}"
        upgrade(url)
        store = SqlCollectionStore(open_database(url), KeyRing.parse(new_key_line("one")))
        name = (
            f"collection-{sum(len(outcome.claims) for outcome in known if isinstance(outcome, SourceAnswer))}"
        )
        sources = [outcome.source for outcome in known]
        store.create(name, "owner", sources, Asking(_NOW, _NOW + timedelta(seconds=30)))
        store.save_outcomes(name, [(1, outcome) for outcome in known])
        stored = store.load(name, "owner")
        assert stored is not None
        return tuple(asked.outcome for asked in stored.sources if asked.outcome is not None)

    def page(self, known: Outcomes) -> Outcomes:
        """The overview as the browser gets it, with everything around it but the network."""
        browser = make_web_site(self.folder / "site", *known).browser()
        browser.log_in(made_up.BSN.digits)
        shown = browser.get("/overzicht")
        assert shown.status_code == 200
        return known

    def file(self, known: Outcomes) -> Outcomes:
        """As a download: the record, the PDF with its seal, and our own seal verified."""
        snapshot = made_up.snapshot_now(known)
        payload = record.write_payload(snapshot)
        self.town.examine(pdf.write(snapshot, payload, PdfSeal(self.town.key)))
        return known


def _read(source: Source, body: bytes) -> SourceAnswer:
    unverified_page = loads_strict(body, _LARGEST)
    assert isinstance(unverified_page, dict)
    page = read_page(unverified_page, made_up.BSN, source.organisation)
    return SourceAnswer(
        source=source, answered_at=_NOW, basis=Basis(BasisKind.LIVE, _NOW), claims=page.claims
    )


def main() -> None:
    step, small, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    quiet()
    with TemporaryDirectory() as folder:
        journey = Journey(Path(folder), Town.create())
        journey.go(read_answers(small), step)
        answers = read_answers(file)
        forget_peak()
        before = peak_bytes()
        journey.go(answers, step)
        grown = peak_bytes() - before
    print(grown)


if __name__ == "__main__":
    main()
