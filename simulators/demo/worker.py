"""Background work with the demo's settings."""

import sys

from app import worker
from app.settings import load_settings

if __name__ == "__main__":
    sys.exit(worker.run(load_settings(allow_loopback_http=True), once=False))
