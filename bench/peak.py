"""How much memory a process has had in use at most. Linux only: the peak comes from /proc/self, because the one that
`getrusage` tells is inherited from the parent at the start."""

from __future__ import annotations

import gc
import re
from pathlib import Path


def peak_bytes() -> int:
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(kilobytes) * 1024


def forget_peak() -> None:
    """From here on the peak counts from what is in use now (proc(5), clear_refs)."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
