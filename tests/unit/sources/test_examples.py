"""The example settings can be used as they are."""

from pathlib import Path

from sources.config import load_sources
from sources.ports import SourcePorts, SystemClock
from sources.registry import PROTOCOLS, build_sources

EXAMPLE = Path(__file__).parents[3] / "instance" / "examples" / "sources.toml"


def test_the_example_is_accepted_and_shows_every_protocol() -> None:
    configs = load_sources(EXAMPLE)
    assert {config.protocol for config in configs if config.connected} == set(PROTOCOLS)


def test_adapters_are_built_without_opening_a_file_or_a_connection() -> None:
    """None of the files in the example exist: what is wrong with one source must not stop the service."""
    configs = load_sources(EXAMPLE)
    sources = build_sources(configs, SourcePorts(SystemClock()))
    assert [source.source for source in sources] == [config.source for config in configs]
    assert [source.connected for source in sources] == [True] * 7 + [False, True]
