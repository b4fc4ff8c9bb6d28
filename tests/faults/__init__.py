"""Faults at random while citizens use the service: `python -m tests.faults --help`; what and why: docs/faults.md."""
