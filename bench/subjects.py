"""What can be measured, by name."""

from __future__ import annotations

from collections.abc import Callable

from bench import (
    api,
    endurance,
    gathering,
    importing,
    levels,
    load,
    load_hour,
    memory,
    others,
    parsing,
    render_and_seal,
    scaling,
    verification,
)
from bench.measure import Ratio
from bench.sizes import Sizes

SUBJECTS: dict[str, Callable[[Sizes], list[Ratio]]] = {
    "render": render_and_seal.run,
    "levels": levels.run,
    "others": others.run,
    "gather": gathering.run,
    "parse": parsing.run,
    "verify": verification.run,
    "memory": memory.run,
    "import": importing.run,
    "scaling": scaling.run,
    "endurance": endurance.run,
    "api": api.run,
    "load": load.run,
    "load-hour": load_hour.run,
}
HEAVY = frozenset({"endurance", "load", "load-hour"})
"""Only measured when asked for by name."""
WITH_DEMO = frozenset({"api", "load", "load-hour"})
"""Need the whole demo: tests/conformance/test_api_judged.py runs the first in a tiny size; the others also need locust."""
