"""A style sheet as a tree, and what is left of it when only some classes and variables are used.

No general CSS parser: it reads what the packages of scripts/assets/package.json contain, and refuses braces that do not match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_QUOTED_OR_SIGN = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{};]", re.DOTALL)
_NESTING = ("@media", "@supports")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """`head` is a selector or an at-rule; a nesting at-rule has `rules`, every other one `declarations`."""

    head: str
    declarations: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()


def parse(text: str) -> tuple[Rule, ...]:
    """Raises ValueError when braces do not match."""
    rules, rest = _rules(_COMMENT.sub("", text) + "}")
    if rest:
        raise ValueError(f"a brace too many before: {rest[:60]}")
    return rules


def _rules(text: str) -> tuple[tuple[Rule, ...], str]:
    """The rules up to the brace that closes them, and the text after it."""
    found: list[Rule] = []
    while (sign := _next_sign(text)) is not None:
        head, rest = text[: sign.start()].strip(), text[sign.end() :]
        if sign[0] == "}":
            return tuple(found), rest
        if sign[0] == "{":
            rule, rest = _rule(" ".join(head.split()), rest)
            found.append(rule)
        text = rest  # an at-rule without a block, such as @charset, says nothing to us
    raise ValueError("a brace too few")


def _rule(head: str, text: str) -> tuple[Rule, str]:
    if head.startswith(_NESTING):
        inner, rest = _rules(text)
        return Rule(head, rules=inner), rest
    declarations: list[tuple[str, str]] = []
    while (sign := _next_sign(text)) is not None and sign[0] != "{":
        name, colon, value = text[: sign.start()].partition(":")
        if colon:
            declarations.append((name.strip(), " ".join(value.split())))
        text = text[sign.end() :]
        if sign[0] == "}":
            return Rule(head, tuple(declarations)), text
    raise ValueError(f"no brace closes {head}")


def _next_sign(text: str) -> re.Match[str] | None:
    return next((m for m in _QUOTED_OR_SIGN.finditer(text) if m[0] in "{};"), None)


def with_classes(rules: Iterable[Rule], used: frozenset[str]) -> Iterator[Rule]:
    """What may apply to elements with none but the used classes. Names in `used` that end in "--" stand for every variant."""
    for rule in rules:
        if rule.rules:
            inner = tuple(with_classes(rule.rules, used))
            if inner:
                yield replace(rule, rules=inner)
        elif rule.head.startswith("@"):
            yield rule
        elif heads := [one for one in split_selectors(rule.head) if _may_apply(one, used)]:
            yield replace(rule, head=",".join(heads))


def split_selectors(head: str) -> list[str]:
    """At the commas outside parentheses."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(head):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(head[start:at].strip())
            start = at + 1
    return [*parts, head[start:].strip()]


def _may_apply(selector: str, used: frozenset[str]) -> bool:
    bare, arguments = _without_arguments(selector)
    if not all(_is_used(name, used) for name in _CLASS.findall(bare)):
        return False
    groups = [_CLASS.findall(inside) for function, inside in arguments if function in (":is", ":where")]
    return all(any(_is_used(name, used) for name in group) for group in groups if group)


def _without_arguments(selector: str) -> tuple[str, list[tuple[str, str]]]:
    """The selector without what stands between parentheses, and that, each with the name of its function."""
    bare, arguments, depth, start = "", [], 0, 0
    for at, sign in enumerate(selector):
        if sign == "(" and (depth := depth + 1) == 1:
            start = at + 1
        elif sign == ")" and (depth := depth - 1) == 0:
            arguments.append((bare[bare.rfind(":") :], selector[start:at]))
        elif depth == 0:
            bare += sign
    return bare, arguments


def _is_used(name: str, used: frozenset[str]) -> bool:
    return name in used or any(name.startswith(one) for one in used if one.endswith("--"))


def variables_in(rules: Iterable[Rule]) -> set[str]:
    found: set[str] = set()
    for rule in rules:
        found |= variables_in(rule.rules)
        for _, value in rule.declarations:
            found.update(_VARIABLE.findall(value))
    return found


def reachable(tokens: dict[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """The tokens that are wanted, those that they are made of, and so on; in the order of `tokens`."""
    found: set[str] = set()
    waiting = [name for name in wanted if name in tokens]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(one for one in _VARIABLE.findall(tokens[name]) if one in tokens)
    return {name: value for name, value in tokens.items() if name in found}


def write(rules: Iterable[Rule]) -> str:
    """One rule on a line, so that a new version is easy to compare."""
    return "\n".join(_line(rule) for rule in rules) + "\n"


def _line(rule: Rule) -> str:
    inner = "".join(map(_line, rule.rules)) or ";".join(
        f"{name}:{value}" for name, value in rule.declarations
    )
    return f"{rule.head}{{{inner}}}"
