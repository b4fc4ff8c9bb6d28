"""A source that delivers files: no network, only what the last delivery holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sources.adapter import SourceAdapter
from sources.checking.person import NO_TEST_BSN, describe_answer, read_test_bsn
from sources.checking.steps import Found, Look, fails, holds, skipped
from sources.checking.words import counted
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured
from sources.ports import HeldDelivery, SourcePorts


class BatchLooks:
    def __init__(self, config: SourceConfig, ports: SourcePorts, adapter: SourceAdapter) -> None:
        if config.batch is None:
            raise Misconfigured("the source has no settings for its files")
        self._config = config
        self._stale_after = config.batch.stale_after
        self._ports = ports
        self._adapter = adapter
        self._held: HeldDelivery | None = None

    def looks(self) -> Sequence[Look]:
        return (
            Look("levering", self._delivery),
            Look("leeftijd", self._age),
            Look("test-bsn", self._person),
        )

    def _delivery(self) -> Found:
        try:
            self._held = self._ports.batches.held(self._config.source_id)
        except Misconfigured:
            advice = "Zet de oude regel terug in de sleutelbos (key_ring_file), of lees een nieuw bestand in."
            return fails("de levering is niet te openen: haar sleutel staat niet in de sleutelbos", advice)
        if self._held is None:
            advice = f"Vraag een bestand op en lees het in: blauwe-knop sources import {self._config.source_id} BESTAND"
            return fails("er is geen levering: burgers krijgen hier geen antwoord", advice)
        unplaced = self._held.unplaced
        notes = [f"van {unplaced} is het bsn onbekend, dus geen antwoord is volledig"] if unplaced else []
        return holds(counted(self._held.records, "regel", "regels"), notes)

    def _age(self) -> Found:
        if self._held is None:
            raise Misconfigured("there is no delivery")
        age = self._ports.clock.now() - self._held.as_of
        told = f"stand van {self._held.as_of:%d-%m-%Y %H:%M} UTC, {counted(age // timedelta(days=1), 'dag', 'dagen')} oud"
        if age > self._stale_after:
            advice = "Vraag de bron om een nieuw bestand: tot die tijd zijn alle antwoorden gedeeltelijk."
            return fails(f"verouderd: {told} (stale_after_days = {self._stale_after.days})", advice)
        return holds(told)

    def _person(self) -> Found:
        if self._config.test_bsn_file is None:
            return skipped(NO_TEST_BSN)
        bsn = read_test_bsn(self._config.test_bsn_file)
        return describe_answer(self._adapter.ask(bsn, Deadline.after(self._config.total_seconds)))
