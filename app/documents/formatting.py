"""How amounts, dates and moments are written for people, the same on page, PDF and CSV.

An ordinary space stands between the euro sign and the number; keep the two together with the layout, not with the text.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.financial_claim import Arrears
from claims.identity import Bsn
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.partial_date import PartialDate
from claims.totals import Total

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UNKNOWN = "niet bekend"
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def plain_amount(amount: Money) -> str:
    """ "1.234,56" or "-1.234,56", without a currency sign."""
    euros, cents = divmod(abs(amount.cents), 100)
    sign = "-" if amount.cents < 0 else ""
    return f"{sign}{euros:,}".replace(",", ".") + f",{cents:02}"


def money(amount: Money | None) -> str:
    """ "€ 1.234,56"; None gives "niet bekend", never zero."""
    return UNKNOWN if amount is None else f"€ {plain_amount(amount)}"


def total(sum_: Total) -> str:
    """ "€ 10,00", "minstens € 10,00" or "niet bekend". "At least nothing" says nothing: unknown is never zero."""
    if sum_.amount is None or (sum_.is_at_least and sum_.amount == ZERO):
        return UNKNOWN
    return f"minstens {money(sum_.amount)}" if sum_.is_at_least else money(sum_.amount)


def arrears(stated: Arrears | None) -> str:
    """How much is late, as the source states it; None means that the source says nothing about it."""
    if stated is None:
        return UNKNOWN
    if stated.is_at_least and stated.amount == ZERO:
        return UNKNOWN
    if stated.amount is None:
        return "te laat, bedrag niet bekend"
    return f"minstens {money(stated.amount)}" if stated.is_at_least else money(stated.amount)


def day(value: date | PartialDate | None) -> str:
    """ "31 december 2026", "december 2026" or "2026". A datetime is refused: use `moment` or `when`."""
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        raise TypeError("an instant is not a calendar date")
    month, number = value.month, value.day
    if month is None:
        return str(value.year)
    return " ".join(([str(number)] if number else []) + [MONTHS[month - 1], str(value.year)])


def moment(instant: datetime | None) -> str:
    """ "22 november 2026 om 14.05 uur" on a Dutch clock. Raises ValueError for a datetime without a zone."""
    if instant is None:
        return UNKNOWN
    local = in_amsterdam(instant)
    return f"{day(local.date())} om {local:%H.%M} uur"


def clock_time(instant: datetime) -> str:
    """ "14.05 uur" on a Dutch clock."""
    return f"{in_amsterdam(instant):%H.%M} uur"


def when(value: datetime | PartialDate | None) -> str:
    """The calendar day, in the Netherlands, of something that sources state as instant or as (partial) date."""
    return day(in_amsterdam(value).date() if isinstance(value, datetime) else value)


def short_day(value: datetime | PartialDate | None) -> str:
    """ "31-12-2026", "12-2026", "2026", or empty when not known: for CSV."""
    if value is None:
        return ""
    known = in_amsterdam(value).date() if isinstance(value, datetime) else value
    parts = [f"{part:02}" for part in (known.day, known.month) if part is not None]
    return "-".join([*parts, f"{known.year:04}"])


def duration(seconds: int) -> str:
    """ "4 uur", "60 minuten", "1 minuut" or "45 seconden": the largest unit that fits exactly; one hour is minutes."""
    if seconds % 3600 == 0 and seconds > 3600:
        return f"{seconds // 3600} uur"
    if seconds % 60:
        return f"{seconds} {'seconde' if seconds == 1 else 'seconden'}"
    minutes = seconds // 60
    return f"{minutes} {'minuut' if minutes == 1 else 'minuten'}"


def in_amsterdam(instant: datetime) -> datetime:
    """Raises ValueError for a datetime without a zone: guessing one would move a deadline. At the very ends of the
    calendar ("9999-12-31T23:59:59Z" as "never") there is no Dutch day any more: then the instant stays as it is."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    try:
        return instant.astimezone(AMSTERDAM)
    except OverflowError:
        return instant


def organisation(value: Organisation) -> str:
    """ "Gemeente Voorbeeld, Parkeren"."""
    return f"{value.name}, {value.department}" if value.department else value.name


def masked_bsn(bsn: Bsn) -> str:
    """What may stand on paper: the last three digits only."""
    return f"******{bsn.last_three}"


def joined(names: list[str]) -> str:
    """ "A", "A en B", "A, B en C"."""
    return " en ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
