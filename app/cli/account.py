"""Who runs a command, for the audit log."""

from __future__ import annotations

import os
import pwd


def account_of_command() -> str:
    """The account of this machine; in a container that has no name for it, its number. `SUDO_USER` is not asked: anybody
    can set it."""
    number = os.getuid()
    try:
        return f"local:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"local:uid-{number}"
