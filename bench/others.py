"""Rendering and sealing by us, against only rendering by others: WeasyPrint and typst, tagged and in PDF/A, and ReportLab's
platypus without tags. They set the same words in the same headings, lists and tables, in the same fonts, and neither seal
nor attach anything; what comes before (templates) is not counted for them, for us it is.

Each works in a process of its own, WeasyPrint and typst in the environment that `make bench` makes for them.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from app.documents.pdf_fonts import FONT_FOLDER
from bench.measure import Ratio, Seconds, compare
from bench.outline import Outline, outline
from bench.overviews import Material, material
from bench.render_and_seal import pages_of
from bench.sizes import Paper, Sizes
from signing.sealing.pdf import PdfSeal
from tests.support.seals import Town

_OURS = "render and seal, p256, B-B"
_ROOT = Path(__file__).parents[1]
_INTERPRETERS = {"platypus": Path(sys.executable)}
_ELSEWHERE = _ROOT / ".venv-bench" / "bin" / "python"
Timed = Callable[[int], float]
"""Number of the round to seconds of processor time."""


def run(sizes: Sizes) -> list[Ratio]:
    """Every size with every renderer."""
    seal = PdfSeal(Town.create().key)
    with ExitStack() as stack:
        others = {name: stack.enter_context(_renderer(name)) for name in sizes.renderers}
        return [ratio for paper in sizes.rendered for ratio in _one_size(paper, seal, others)]


def _one_size(paper: Paper, seal: PdfSeal, others: Mapping[str, Callable[[Outline], float]]) -> list[Ratio]:
    plan = paper.plan
    materials = [material(paper, number) for number in range(plan.warm_ups + plan.rounds)]
    outlines = [outline(one) for one in materials]
    timed: dict[str, Timed] = {_OURS: partial(_ours, materials, seal)}
    for name, render in others.items():
        timed[name] = partial(_theirs, outlines, render)
    seconds = _in_turn(timed, len(materials), plan.warm_ups)
    subject = f"render and seal beside renderers of others, {pages_of(materials[0].write(seal))} pages"
    return [compare(subject, seconds, _OURS, name) for name in others]


def _in_turn(timed: Mapping[str, Timed], rounds: int, warm_ups: int) -> Seconds:
    seconds: Seconds = {name: [] for name in timed}
    for number in range(rounds):
        for name, take in timed.items():
            taken = take(number)
            if number >= warm_ups:
                seconds[name].append(taken)
    return seconds


def _ours(materials: Sequence[Material], seal: PdfSeal, number: int) -> float:
    gc.collect()
    started = time.process_time()
    materials[number].write(seal)
    return time.process_time() - started


def _theirs(outlines: Sequence[Outline], render: Callable[[Outline], float], number: int) -> float:
    return render(outlines[number])


@contextmanager
def _renderer(name: str) -> Iterator[Callable[[Outline], float]]:
    interpreter = _INTERPRETERS.get(name, _ELSEWHERE)
    if not interpreter.is_file():
        raise RuntimeError(f"{name} is not installed; `make bench` installs it, or leave out `--only others`")
    command = [str(interpreter), "-m", "bench.renderers_child", name, str(FONT_FOLDER)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT
    ) as process:
        try:
            yield partial(_ask, process, name)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)


def _ask(process: subprocess.Popen[str], name: str, wanted: Outline) -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(wanted) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"{name} has ended; see above")
    return float(json.loads(answer)["seconds"])
