"""No test may depend on how fast a machine is, or on when it was started: the worst ways to do so are forbidden here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic"}
# A moment in whole seconds from which certificates of days are made: hours between reading and running do not matter.
OLD_MOMENTS = {
    "integration/cli/test_source_status.py",
    "integration/persistence/test_import_is_atomic.py",
    "integration/sources/test_check_tls.py",
    "support/wsse.py",
    "unit/app/test_seal_expiry.py",
    "unit/signing/test_revocation_lists.py",
    "unit/signing/test_trusted_list.py",
    "unit/sources/checking/test_files.py",
    "unit/sources/test_revocation.py",
}
# To be slow, stuck or late on purpose. Who waits for something uses `tests.support.waiting`.
SLEEPS_ON_PURPOSE = {
    "fuzz/self_test.py",
    "integration/cli/test_revoke_commands.py",
    "integration/signing/test_sandbox.py",
    "integration/sources/test_oauth.py",
    "integration/sources/test_paging.py",
    "integration/worker/worker_process.py",
    "support/waiting.py",
}
LEAST_TIMEOUT_S = 60
OTHERS = {"node_modules", "rules"}  # not ours; and examples of what is forbidden


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the file is read: not the bodies of functions, but their default values and decorators too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, *child.args.defaults, *child.args.kw_defaults):
                if part is not None:
                    yield part
                    yield from at_import(part)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from at_import(child)


def calls(nodes: Iterator[ast.AST], names: set[str]) -> list[int]:
    return [node.lineno for node in nodes if isinstance(node, ast.Call) and name_of(node.func) in names]


def name_of(function: ast.expr) -> str:
    """`a` and `a.b` as they are written; anything else has no name that we look for."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def reads_a_clock(tree: ast.Module) -> list[int]:
    """Lines that keep the moment at which the file was read; the tests may run much later, or on the next day."""
    return calls(at_import(tree), CLOCKS)


def sleeps(tree: ast.Module) -> list[int]:
    return calls(ast.walk(tree), {"time.sleep", "sleep"})


def hurries(tree: ast.Module) -> list[int]:
    """Lines with a time-out that a busy machine may need for the work itself."""
    found = [word for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords]
    return [
        word.value.lineno
        for word in found
        if word.arg == "timeout"
        and isinstance(word.value, ast.Constant)
        and isinstance(word.value.value, int | float)
        and word.value.value < LEAST_TIMEOUT_S
    ]


RULES = [(reads_a_clock, OLD_MOMENTS), (sleeps, SLEEPS_ON_PURPOSE), (hurries, set[str]())]


@cache
def trees() -> dict[str, ast.Module]:
    """Every file of the tests, by its name."""
    return {
        file.relative_to(TESTS).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in TESTS.rglob("*.py")
        if not OTHERS & set(file.parts)
    }


@pytest.mark.parametrize(("rule", "allowed"), RULES)
def test_no_test_depends_on_the_machine(rule: object, allowed: set[str]) -> None:
    assert callable(rule)
    found = {name: lines for name, tree in trees().items() if (lines := rule(tree))}
    assert {name: lines for name, lines in found.items() if name not in allowed} == {}
    assert allowed - set(found) == set(), "these need no exception any more"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (reads_a_clock, "NOW = datetime.now(UTC)"),
        (reads_a_clock, "class A:\n    at: datetime = datetime.now(UTC)"),
        (reads_a_clock, "def f(at=datetime.now(UTC)):\n    pass"),
        (reads_a_clock, "@pytest.mark.parametrize('at', [datetime.now(UTC)])\ndef f(at):\n    pass"),
        (sleeps, "def f():\n    time.sleep(1)"),
        (hurries, "requests.get('x', timeout=5)"),
    ],
)
def test_what_is_forbidden_is_seen(rule: object, text: str) -> None:
    assert callable(rule)
    assert rule(ast.parse(text))


def test_what_runs_later_may_read_the_clock() -> None:
    for text in ("def f():\n    return datetime.now(UTC)", "make = lambda: datetime.now(UTC)"):
        assert reads_a_clock(ast.parse(text)) == []
