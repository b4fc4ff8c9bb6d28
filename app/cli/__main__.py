"""`python -m app.cli`."""

import sys

from app.cli.main import program

sys.exit(program())
