"""docs/log-events.md and the code name the same events, with the same levels."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "log-events.md").read_text("utf-8")
[_rules] = re.findall(r"^```yaml\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
RULES: list[dict[str, str]] = yaml.safe_load(_rules)
ROW = re.compile(r"^\| `([^`]+)` \| ([a-z, ]+) \| (S?) *\| (.+) \| (.+) \|$", re.M)
METHODS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "_log", "logger", "_logger"}
# Events of security without which an attack would stay unseen (DigiD norm C.06; ASVS 5.0, 16.3.1 to 16.3.3).
OF_SECURITY = {
    "answered",
    "audit_chain_broken",
    "audit_row_not_written",
    "login failed: %s, reason %s",
    "logout notice refused",
    "operator has none of the roles",
    "refused",
    "request refused",
    "source_answer_about_other_person",
    "too many requests",
}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        on = node.func.value
        if node.func.attr in METHODS | {"log"} and isinstance(on, ast.Name) and on.id in LOGGERS:
            yield node


def in_code() -> dict[str, set[str]]:
    """Levels by event."""
    found = defaultdict(set)
    for room in ("app", "claims", "sources", "signing"):
        for file in (ROOT / room).rglob("*.py"):
            for call in calls(ast.parse(file.read_text("utf-8"))):
                assert isinstance(call.func, ast.Attribute)
                (event, *_) = call.args
                assert isinstance(event, ast.Constant), f"{file}:{call.lineno}: an event is one fixed text"
                level = {"exception": "error"}.get(call.func.attr, call.func.attr)
                found[str(event.value)].add(level)
    return found


def listed() -> dict[str, tuple[set[str], bool, str]]:
    """Levels, whether it is one of security, and what the operator does."""
    rows = ROW.findall(PAGE)
    assert len({row[0] for row in rows}) == len(rows)
    return {event: (set(levels.split(", ")), mark == "S", what) for event, levels, mark, _, what in rows}


def test_every_event_in_the_code_is_listed_with_its_levels_and_the_other_way_around() -> None:
    assert {event: levels for event, (levels, _, _) in listed().items()} == dict(in_code())


def test_events_of_security_are_marked() -> None:
    assert {event for event, (_, marked, _) in listed().items() if marked} >= OF_SECURITY


def heard(text: str, event: str) -> bool:
    """Whether a rule looks for this event, which may have been written with words in the place of %s."""
    exact, patterns = re.findall(r'event="([^"]+)"', text), re.findall(r'event=~"([^"]+)"', text)
    line = event.replace("%s", "LoginRefused")
    return line in exact or any(re.fullmatch(pattern, line) for pattern in patterns)


def test_a_log_system_can_read_the_alarms() -> None:
    assert all(set(rule) == {"alert", "expr"} for rule in RULES)
    for rule in RULES:
        assert rule["expr"].count("(") == rule["expr"].count(")"), rule
        assert re.search(r"\[\d+[mhd]\]\)", rule["expr"]), rule


def test_every_alarm_looks_for_events_that_exist() -> None:
    for rule in RULES:
        for text in re.findall(r'event=~?"([^"]+)"', rule["expr"]):
            for part in text.split("|"):
                assert any(heard(f'event=~"{part}"', event) for event in listed()), part


def test_every_event_that_is_called_an_alarm_is_in_a_rule() -> None:
    called = [event for event, (_, _, what) in listed().items() if "*alarm*" in what]
    assert len(called) > 20
    assert [event for event in called if not any(heard(rule["expr"], event) for rule in RULES)] == []


def test_every_alarm_has_a_paragraph_in_the_runbook() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8").partition("\n## Alarms on log lines\n")[2]
    assert re.findall(r"^### (\w+)\n\n\S", runbook, re.MULTILINE) == [rule["alert"] for rule in RULES]


def test_an_event_that_is_not_listed_would_be_seen() -> None:
    source = 'log.warning("niets van dit alles", reason=1)\nself.log.info("not a logger")\nmath.log(2)'
    assert [call.lineno for call in calls(ast.parse(source))] == [1]
