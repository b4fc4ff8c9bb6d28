"""Every page of every site as a browser shows it, judged by axe in all languages, themes and states: docs/accessibility.md.

`python -m tests.accessibility` (part of `make exhaustive`) looks at all combinations; `make check` at the pairs of them
(tests/e2e/test_accessibility.py)."""
