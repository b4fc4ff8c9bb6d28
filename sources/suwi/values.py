"""Single values of SuwiML (Basisschema v0801), read leniently: what cannot be read is None and a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.financial_claim import Finding
from claims.money import LARGEST_CENTS, Money
from claims.partial_date import PartialDate
from sources.transport.xml import Node

_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WITH_HYPHENS = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WHOLE = re.compile(r"[0-9]{1,18}")
_CODE = re.compile(r"[0-9A-Za-z]{1,5}")
_NO_DATE = frozenset({"00000000", "99991231"})


@dataclass(slots=True)
class Found:
    """Collects findings of one claim. `detail` is the name of the element, never its content."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, element: str) -> None:
        if (finding := Finding(code, element)) not in self.findings:
            self.findings.append(finding)


def read_code(parent: Node, *path: str, found: Found) -> str | None:
    """A short code; something that is no code is a finding."""
    text = parent.text_of(*path)
    if text is None or _CODE.fullmatch(text):
        return text
    found.add("code_unreadable", path[-1])
    return None


def read_date(parent: Node, name: str, found: Found) -> PartialDate | None:
    """`yyyyMMdd`, with zeros for what is not known, or the ISO form that some send. `00000000` and the open end
    `99991231` are no date. A day or month that cannot exist is left out: the rest still says something."""
    text = parent.text_of(name)
    if text is None or text in _NO_DATE:
        return None
    match = _COMPACT.fullmatch(text)
    if match is None:
        found.add("date_not_official", name)
        match = _WITH_HYPHENS.fullmatch(text)
    year, month, day = (int(part) for part in match.groups()) if match else (0, 0, 0)
    date = _as_far_as_it_exists(year, month, day)
    if date is None or (day and date.day is None) or (month and date.month is None):
        found.add("date_unreadable" if date is None else "date_impossible", name)
    return date


def _as_far_as_it_exists(year: int, month: int, day: int) -> PartialDate | None:
    for parts in ((year, month or None, day or None), (year, month or None), (year,)):
        try:
            return PartialDate(*parts)
        except ValueError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class AmountRule:
    """`decimals`: how many digits of WaardeBedr stand behind the comma. Cents (2) by default: the integer type is
    official, the unit is not stated in any public text, so it is a setting of the source."""

    decimals: int = 2

    def cents(self, value: int) -> int | None:
        """None when it would not be a whole number of cents, or absurd."""
        if self.decimals > 2 and value % 10 ** (self.decimals - 2):
            return None
        cents = (
            value * 10 ** (2 - self.decimals) if self.decimals <= 2 else value // 10 ** (self.decimals - 2)
        )
        return cents if cents <= LARGEST_CENTS else None


def read_amount(parent: Node, name: str, rule: AmountRule, found: Found) -> Money | None:
    """StandaardBedr. Missing or empty is not known, never zero; bare text, a decimal, a minus sign in the value or
    another currency cannot be read: we do not guess cents or euros."""
    element = parent.child(name)
    if element is None or (not element.children and not element.text):
        found.add("amount_missing", name)
        return None
    value = element.text_of("WaardeBedr")
    if value is None and not element.text:
        found.add("amount_missing", name)
        return None
    sign = {None: 1, "+": 1, "-": -1}.get(element.text_of("CdPositiefNegatief"))
    readable = value is not None and _WHOLE.fullmatch(value) and sign and not _is_foreign(element)
    cents = rule.cents(int(value)) if readable and value else None
    if cents is None or sign is None:
        found.add("amount_unreadable", name)
        return None
    return Money(sign * cents)


def _is_foreign(amount: Node) -> bool:
    return (amount.text_of("CdMunteenheid") or "EUR") != "EUR" or bool(amount.text)
