"""The three further organisations of the demo, each asked in its own way by the real adapters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.engine import open_database
from app.persistence.scheme_store import SqlSchemeStore
from claims.outcome import SourceAnswer
from simulators.authority import create_authority
from simulators.organisations import more_ways
from simulators.organisations.more_ways import LISTED, OUTWAY, TOKENS, MoreWays
from sources.adapter import SourceAdapter
from sources.config import load_sources
from sources.directory import SourceDirectory
from sources.fcid.scheme.refresh import refresh
from sources.ports import SourcePorts, SystemClock
from tests.integration.sources.support import PATIENT, ask_adapter
from tests.support.databases import migrated_sqlite

ANNA, BRAM = "111111110", "999993549"


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MoreWays]:
    folder = tmp_path_factory.mktemp("more")
    with more_ways.start(create_authority(folder / "authority"), folder, PATIENT) as started:
        yield started


@pytest.fixture(scope="module")
def adapters(ways: MoreWays) -> Iterator[dict[str, SourceAdapter]]:
    """By the name of the organisation; the list has been taken."""
    database = open_database(migrated_sqlite(ways.folder / "k.sqlite3"))
    ports = SourcePorts(SystemClock(), schemes=SqlSchemeStore(database))
    configs = load_sources(_written(ways))
    assert [refresh(config, ports).problem for config in configs if config.scheme] == [None]
    yield {one.source.organisation.name: one for one in SourceDirectory(configs, ports).current()}
    database.close()


def _written(ways: MoreWays) -> Path:
    file = ways.folder / "sources.toml"
    file.write_text(ways.stanzas, "utf-8")
    return file


@pytest.mark.parametrize(("source_id", "cents"), [(OUTWAY, 24500), (TOKENS, 3850), (LISTED, 18250)])
def test_a_claim_comes_through_each_way_and_whoever_has_none_is_told_so(
    ways: MoreWays, adapters: dict[str, SourceAdapter], source_id: str, cents: int
) -> None:
    adapter = adapters[ways.running(source_id).organisation.settings["naam"]]
    told, nothing = (ask_adapter(adapter, bsn) for bsn in (ANNA, BRAM))
    assert isinstance(told, SourceAnswer)
    assert isinstance(nothing, SourceAnswer)
    [claim] = told.claims
    assert claim.amounts.balance is not None
    assert claim.amounts.balance.cents == cents
    assert (told.is_full, nothing.is_full, nothing.claims) == (True, True, ())


def test_the_gateway_the_tokens_and_the_list_really_stood_in_between(
    ways: MoreWays, adapters: dict[str, SourceAdapter]
) -> None:
    settings = ways.running(OUTWAY).organisation.settings
    ask_adapter(adapters[settings["naam"]], ANNA)
    assert ways.outway.seen[-1]["fsc-grant-hash"].startswith("$1$4$")
    ask_adapter(adapters[ways.running(TOKENS).organisation.settings["naam"]], ANNA)
    assert ways.tokens.given >= 1
    assert ways.tokens.refused == []
    listed = adapters[ways.running(LISTED).organisation.settings["naam"]]
    assert listed.source.source_id == f"{more_ways.LIST}-00000001900000063000"
