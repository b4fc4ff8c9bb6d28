"""Fetch the style of NL Design System from npm, keep what our pages use, and put it into app/static/vendor: make assets

Exact versions stand in package.json and, with their digests, in package-lock.json beside this file. Nothing of npm runs: no
scripts of packages, and no build tool. The result is committed, so that nobody else needs npm.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from scripts.assets.css import Rule, parse, reachable, split_selectors, variables_in, with_classes, write

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STATIC = ROOT / "app" / "static"
VENDOR = STATIC / "vendor"
SHEET = "nl-design-system.css"
_NAME = re.compile(r"(?<![\w/.-])(?:nl|utrecht)-[a-z0-9]+(?:[-_]+[a-z0-9]+)*(?:--)?")
_NOT_A_COMPONENT = ("@fontsource/noto-sans", "@nl-design-system-unstable/voorbeeld-design-tokens")
# These two make bare <p> and <a> look like the component; what has a class of its own wins.
_BARE = {
    "@nl-design-system-candidate/link-css": "html/link.css",
    "@nl-design-system-candidate/paragraph-css": "html/paragraph.css",
}
_SCRIPTS = ("latin", "latin-ext", "cyrillic")  # Dutch, English, Polish, Turkish, Ukrainian
_WEIGHTS = (400, 700)


def main(target: Path = VENDOR) -> int:
    with tempfile.TemporaryDirectory() as folder:
        packages = _fetch(Path(folder))
        shutil.rmtree(target, ignore_errors=True)
        (target / "fonts").mkdir(parents=True)
        sheet = [*_fonts(packages, target), *_style(packages)]
        (target / SHEET).write_text(_banner() + write(sheet), "utf-8")
        _licences(packages, target)
    return 0


def _fetch(folder: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True, stdout=sys.stderr)
    return folder / "node_modules"


def _versions() -> dict[str, str]:
    stated: dict[str, str] = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    return stated


def _banner() -> str:
    return "/* Made by `make assets` from the packages in README.md beside it; do not edit. */\n"


def _style(packages: Path) -> list[Rule]:
    components = [
        rule for name in _versions() if name not in _NOT_A_COMPONENT for rule in _component(packages, name)
    ]
    ours = [rule for file in sorted(STATIC.glob("*.css")) for rule in parse(file.read_text("utf-8"))]
    tokens = _tokens(packages / "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css")
    wanted = reachable(tokens, variables_in([*components, *ours]))
    return [Rule(":root", tuple(wanted.items())), *components]


def _component(packages: Path, name: str) -> list[Rule]:
    folder = packages / name / "dist"
    main_sheet = folder / "index.css"
    if not main_sheet.is_file():
        main_sheet = folder / f"{name.rpartition('/')[2].removesuffix('-css')}.css"
    rules = list(with_classes(parse(main_sheet.read_text("utf-8")), used_names()))
    if name in _BARE:
        rules[:0] = [_yielding(rule) for rule in parse((folder / _BARE[name]).read_text("utf-8"))]
    return rules


def _yielding(rule: Rule) -> Rule:
    """The same for any class that says otherwise: a selector without weight."""
    return replace(rule, head=",".join(f":where({one})" for one in split_selectors(rule.head)))


def used_names() -> frozenset[str]:
    """Every name of a class of the design system in our templates, scripts and views."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *STATIC.glob("*.js"),
        *(ROOT / "app" / "web").rglob("*.py"),
    ]
    return frozenset(name for file in files for name in _NAME.findall(file.read_text("utf-8")))


def _tokens(file: Path) -> dict[str, str]:
    (theme,) = parse(file.read_text("utf-8"))
    return dict(theme.declarations)


def _fonts(packages: Path, target: Path) -> list[Rule]:
    """Each weight in parts, of which a browser fetches those whose letters it needs."""
    folder = packages / "@fontsource/noto-sans"
    wanted = {f"noto-sans-{script}-{weight}-normal.woff2" for script in _SCRIPTS for weight in _WEIGHTS}
    rules = []
    for weight in _WEIGHTS:
        for rule in parse((folder / f"{weight}.css").read_text("utf-8")):
            found = re.search(r"files/([\w-]+\.woff2)", dict(rule.declarations)["src"])
            if found and found[1] in wanted:
                shutil.copy(folder / "files" / found[1], target / "fonts")
                source = f'url("fonts/{found[1]}") format("woff2")'
                rules.append(
                    replace(rule, declarations=tuple({**dict(rule.declarations), "src": source}.items()))
                )
    return rules


def _licences(packages: Path, target: Path) -> None:
    """Each text once, under the name of its licence; a package of which the text differs has its own."""
    lines = []
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in _versions().items():
        stated = locked[f"node_modules/{name}"]
        text = next((packages / name).glob("LICENSE*")).read_text("utf-8")
        file = target / f"{stated['license']}.txt"
        if file.is_file() and file.read_text("utf-8") != text:
            file = target / f"{stated['license']}-{name.rpartition('/')[2]}.txt"
        file.write_text(text, "utf-8")
        lines.append(
            f"| `{name}` | {version} | [{stated['license']}]({file.name}) | `{stated['integrity']}` |"
        )
    (target / "README.md").write_text(_README.format(rows="\n".join(lines)), "utf-8")


_README = f"""\
# Style of others

Made by `make assets` from these packages of npm; do not edit. `{SHEET}` holds only the rules and design tokens that our
pages use, otherwise unchanged; `fonts` holds Noto Sans as it came, without the parts for other scripts.
Copyright: `@utrecht` 2020-2024 Frameless B.V. and 2021-2024 Gemeente Utrecht; `@nl-design-system-unstable` 2021 NL Design System
Community; the others as their licence says.

| package | version | licence | digest of the package |
|---|---|---|---|
{{rows}}
"""

if __name__ == "__main__":
    sys.exit(main())
