"""Some machines forbid Python to keep what it compiled, and then every start of the service takes twice as long."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def keep_bytecode() -> None:
    """For the programs that this process starts, beside its virtual environment."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(sys.prefix) / "bytecode"))
