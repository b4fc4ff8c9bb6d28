"""A mount namespace of one's own: the small disk of the database is there for us alone, and goes away with us."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_INSIDE = "BLAUWE_KNOP_FAULTS_INSIDE"


def enter_own_namespace(arguments: Sequence[str]) -> None:
    """Start this program anew inside one, unless it is. Who is not root gets a namespace of users too, as himself."""
    if os.environ.get(_INSIDE):
        return
    as_myself = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    os.environ[_INSIDE] = "1"
    command = ["unshare", "--mount", *as_myself, sys.executable, "-m", "tests.faults", *arguments]
    os.execvp(command[0], command)
