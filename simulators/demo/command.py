"""The commands with the demo's settings, while the demo runs: python -m simulators.demo.command sources status"""

import sys

from app.cli.main import program
from app.cli.settings import of_this_run

if __name__ == "__main__":
    with of_this_run(allow_loopback_http=True):
        sys.exit(program())
