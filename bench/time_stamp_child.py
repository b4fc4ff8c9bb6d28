"""The simulated time-stamp authority, in a process of its own: it must not use our processor time.

Usage: python -m bench.time_stamp_child FOLDER, with the authorities that are kept there. It prints its address and ends
when stdin is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from simulators.authority import create_authority
from simulators.time_stamps import load_time_stamps
from simulators.trust_services import TrustServices


def main() -> None:
    folder = Path(sys.argv[1])
    authority, tsa = create_authority(folder / "authority"), load_time_stamps(folder / "tsa")
    with TrustServices(authority, tsa) as services:
        print(services.tsa_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
