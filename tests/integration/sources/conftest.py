"""One simulation for all tests of this folder; every test begins with the behaviour of the data files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.authority import create_authority
from simulators.organisations import Simulation, start
from tests.integration.sources.support import Town
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="session")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("organisations")
    with start(create_authority(folder / "authority"), folder, slow_seconds=2 * PATIENCE_S) as running:
        yield running


@pytest.fixture
def town(simulation: Simulation, tmp_path: Path) -> Iterator[Town]:
    yield Town(simulation, tmp_path)
    for source_id in simulation.ports:
        simulation.switch(source_id, None)
