"""What asks for attention is the same on the page, in the table, in the JSON and in the metrics."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.cli.source_status import as_members, as_table
from app.operator.source_rows import source_row
from app.ports.monitor import Certificate, Circuit, MonitorFigures, SourceFigures
from app.services.attention import Concern, concerns
from app.services.monitor_metrics import render_metrics
from app.services.monitor_words import CONCERN_WORDS, FINDING_WORDS
from sources.events import AskResult, CertificateRole
from tests.support.monitor_figures import period, source_figures
from tests.support.web_claims import NOW

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[3]


def figures(source: dict[str, Any] | None = None, **changes: Any) -> SourceFigures:
    """A source that answers well, with what a test changes."""
    plain = source_figures(newest=(period(claims=3),), **changes)
    return replace(plain, source=replace(plain.source, **(source or {})))


def certificate(days: float) -> tuple[Certificate, ...]:
    return (Certificate(CertificateRole.SERVER, NOW + days * DAY, NOW),)


FILES = {"batch_name": "b", "stale_after": 35 * DAY}
INDEX = {"index_name": "i", "stale_after": DAY}
CASES = {
    Concern.CIRCUIT_OPEN: figures(circuit=Circuit(1, 2, NOW + timedelta(minutes=1))),
    Concern.FAILS: source_figures(newest=(period(refused=1),)),
    Concern.DELIVERY_MISSING: figures(FILES),
    Concern.CERTIFICATE_EXPIRED: figures(certificates=certificate(-1)),
    Concern.DELIVERY_STALE: figures(FILES, batch_as_of=NOW - 36 * DAY),
    Concern.PARTIAL: source_figures(newest=(period(partial=1),)),
    Concern.UNEVEN: source_figures(
        newest=(period(claims=1, refused=1),),
        last={AskResult.CLAIMS: NOW, AskResult.REFUSED: NOW - timedelta(hours=1)},
    ),
    Concern.CERTIFICATE_ENDS_SOON: figures(certificates=certificate(41)),
    Concern.INDEX_MISSING: figures(INDEX),
    Concern.INDEX_STALE: figures(INDEX, index_as_of=NOW - timedelta(hours=25)),
}


@pytest.mark.parametrize("concern", CASES)
def test_each_concern_is_told_in_all_three_places(concern: Concern) -> None:
    source = CASES[concern]
    made = MonitorFigures(NOW, (source,))
    assert concerns(source, NOW) == (concern,)
    assert source_row(source, NOW).needs_attention
    assert f"vraagt aandacht: {CONCERN_WORDS[concern]}" in "\n".join(as_table(made, 7))
    members: Any = as_members(made)
    [member] = members["bronnen"]
    assert member["aandacht"] == [concern.value]
    assert {reason: 1.0 if reason == concern else 0.0 for reason in Concern} == attention(made)


def attention(made: MonitorFigures) -> dict[str, float]:
    families = text_string_to_metric_families(render_metrics(made).decode())
    [family] = [one for one in families if one.name == "blauwe_knop_source_attention"]
    return {sample.labels["reason"]: sample.value for sample in family.samples}


@pytest.mark.parametrize(
    "well",
    [
        figures(),
        figures(FILES, batch_as_of=NOW - 34 * DAY),
        figures(INDEX, index_as_of=NOW - timedelta(hours=23)),
        figures(certificates=certificate(60)),
    ],
)
def test_a_source_that_does_well_asks_for_nothing(well: SourceFigures) -> None:
    made = MonitorFigures(NOW, (well,))
    assert concerns(well, NOW) == ()
    assert not source_row(well, NOW).needs_attention
    assert "vraagt aandacht" not in "\n".join(as_table(made, 7))
    assert set(attention(made).values()) == {0.0}


def test_of_a_source_that_is_not_connected_nobody_expects_anything() -> None:
    assert concerns(figures({**FILES, "connected": False}), NOW) == ()


def test_several_concerns_are_told_together_the_worst_first() -> None:
    both = figures(FILES, batch_as_of=NOW - 36 * DAY, circuit=Circuit(1, 2, NOW))
    assert concerns(both, NOW) == (Concern.CIRCUIT_OPEN, Concern.DELIVERY_STALE)


def test_every_concern_has_words() -> None:
    assert set(CONCERN_WORDS) == set(Concern)


def test_every_rule_that_our_readers_can_report_has_words() -> None:
    """Found in their text: a new rule without Dutch words would stand on the page in English only."""
    files = [file for room in ("claims", "sources") for file in (ROOT / room).rglob("*.py")]
    named = re.compile(r'Finding\(\s*"([a-z_]+)"')
    found = {code for file in files for code in named.findall(file.read_text("utf-8"))}
    assert len(found) > 15
    assert found <= set(FINDING_WORDS)
