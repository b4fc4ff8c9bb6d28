"""For gunicorn's configuration: what every worker needs is loaded in the process that forks them.

They share that memory, and a worker that takes the place of one that ended is there in a quarter of the time. Only code is
loaded: settings, keys and connections are of each worker alone.
"""

from __future__ import annotations

import gc
from importlib import import_module

from app.language import DUTCH, LANGUAGES
from app.language.reading import read_all


def load_ahead() -> None:
    """Keeps what was loaded out of sight of the garbage collector, which would write in it: memory that was written in is
    not shared any more (https://docs.python.org/3/library/gc.html#gc.freeze)."""
    gc.disable()
    for name in ("app.bootstrap", "app.factory"):
        import_module(name)
    read_all(tuple(code for code in LANGUAGES if code != DUTCH))
    gc.freeze()
    gc.enable()
