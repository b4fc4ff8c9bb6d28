"""Fuzzing of everything that reads what a source sends. `python -m tests.fuzz --help`; how and why: docs/fuzzing.md."""
