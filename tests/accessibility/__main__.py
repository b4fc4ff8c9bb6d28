"""All combinations of page, language, theme and state, judged by axe at 320 px: `python -m tests.accessibility SUMMARY`.

Writes how many looks and finds there were per page, and what was found. The exit code is 1 when anything was."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import structlog

from app.language import LANGUAGES
from tests.accessibility.looks import Look, combinations
from tests.accessibility.screen import AXE, Screen, browser_page, chromium
from tests.accessibility.stage import THEMES, make_stage
from tests.accessibility.visits import VISITS

Found = dict[Look, list[str]]


def judge(folder: Path) -> Found:
    """Every look with what is wrong about it; new sites per theme and language, because a citizen may share only so often."""
    found: Found = {}
    with chromium() as browser, browser_page(browser) as page:
        screen = Screen(page)
        for (theme, language), looks in groupby(combinations(), key=lambda look: (look.theme, look.language)):
            stage = make_stage(folder / f"{theme}-{language}", theme)
            for look in looks:
                stage.language, stage.state = look.language, look.state
                screen.show(stage, look.visit)
                found[look] = screen.problems(look.visit)
                sys.stderr.write(f"\r{len(found)} looks, {sum(map(bool, found.values()))} with finds ")
            stage.close()
    sys.stderr.write("\n")
    return found


def summary(found: Found) -> str:
    version = AXE[:40].split("axe v", 1)[1].split()[0]
    looks, wrong = Counter(look.visit for look in found), defaultdict(list)
    for look, problems in found.items():
        if problems:
            wrong[look.visit].append(f"{look.language}, {look.theme}, {look.state}: {'; '.join(problems)}")
    lines = [
        "# Every page in every language, theme and state",
        "",
        f"Written by `python -m tests.accessibility` on {datetime.now(UTC):%-d %B %Y} with axe-core {version} (WCAG 2.2 A and",
        f"AA, best practices) in Chromium, 320 px wide: {len(found)} looks at {len(looks)} pages, in {len(LANGUAGES)}",
        f"languages and {len(THEMES)} themes; {sum(map(bool, found.values()))} looks had finds. Sites of",
        "professionals are Dutch only, and the operator site has no theme.",
        "",
        "| page | looks | with finds |",
        "|---|---|---|",
        *(f"| {name} | {looks[name]} | {len(wrong[name])} |" for name in VISITS),
        "",
        *(f"- {name}: {one}" for name, ones in wrong.items() for one in ones[:5]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main(target: Path) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        found = judge(Path(folder))
    target.write_text(summary(found), encoding="utf-8")
    return int(any(found.values()))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
