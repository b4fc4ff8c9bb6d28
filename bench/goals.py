"""What the issues ask of the figures, and whether a run reached it: a table in Markdown, for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.measure import Ratio


@dataclass(frozen=True, slots=True)
class Goal:
    """The median of one comparison must be at most `bound`, or at least."""

    words: str
    subject: str
    what: str
    against: str
    bound: float
    is_least: bool = False

    def of(self, ratios: Iterable[Ratio]) -> Ratio | None:
        """The comparison that it is about, when it was measured."""
        wanted = (self.subject, self.what, self.against)
        return next((one for one in ratios if (one.subject, one.what, one.against) == wanted), None)

    def is_reached(self, median: float) -> bool:
        return median >= self.bound if self.is_least else median <= self.bound


_ONE_PAGE = "render and seal at every level, {}, 1 pages"
_PYHANKO = "rendered, then pyHanko's default path, B-B"
_PARSED = "parse ({}), hash, two signature checks"
_LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


def _examining(pages: int, level: str, against: str, words: str, bound: float) -> Goal:
    subject = f"verify, {pages} pages"
    return Goal(f"examine {pages} pages, {level}, {words}", subject, f"examine {level}", against, bound)


GOALS = (
    Goal(
        "one page, P-256, to pyHanko's default path",
        _ONE_PAGE.format("p256"),
        "software, B-B",
        _PYHANKO,
        1 / 5,
    ),
    Goal("one page, RSA-3072, to the same", _ONE_PAGE.format("rsa3072"), "software, B-B", _PYHANKO, 1 / 20),
    Goal(
        "two processes, of linear",
        "render and seal in two processes",
        "documents per second",
        "twice those of one process",
        0.8,
        is_least=True,
    ),
    Goal(
        "memory after 10,000 documents, to after 1,000",
        "10,000 documents in one process",
        "memory at the end",
        "memory after a tenth",
        1.01,
    ),
    *(
        _examining(1, level, _PARSED.format(parser), f"to the floor with {parser}", 5)
        for parser in ("pyHanko", "pikepdf")
        for level in _LEVELS
    ),
    *(_examining(50, level, "one second", "in seconds of processor time", 1) for level in _LEVELS),
)


def table(ratios: Sequence[Ratio], goals: Iterable[Goal] = GOALS) -> str:
    """One row per goal that was measured; empty when none was."""
    rows = [_row(goal, found) for goal in goals if (found := goal.of(ratios)) is not None]
    head = ["| goal | asked | measured | 10th - 90th percentile | reached |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) if rows else ""


def _row(goal: Goal, found: Ratio) -> str:
    asked = f"{'at least' if goal.is_least else 'at most'} {goal.bound:.2f}"
    reached = "yes" if goal.is_reached(found.median) else "**no**"
    return f"| {goal.words} | {asked} | {found.median:.3f} | {found.p10:.3f} - {found.p90:.3f} | {reached} |"
