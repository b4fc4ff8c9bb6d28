"""How amounts, dates and moments are written for people, the same on page, PDF and CSV.

An ordinary space stands between the euro sign and the number; keep the two together with the layout, not with the text.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.language import DUTCH, N_, _, current, ngettext
from claims.financial_claim import Arrears
from claims.identity import Bsn
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.partial_date import PartialDate
from claims.totals import Total

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UNKNOWN = N_("niet bekend")
"""Dutch: whoever shows it translates it."""
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
    return _(UNKNOWN) if amount is None else f"€ {plain_amount(amount)}"


def total(sum_: Total) -> str:
    """ "€ 10,00", "minstens € 10,00" or "niet bekend". "At least nothing" says nothing: unknown is never zero."""
    if sum_.amount is None or (sum_.is_at_least and sum_.amount == ZERO):
        return _(UNKNOWN)
    return at_least(sum_.amount) if sum_.is_at_least else money(sum_.amount)


def at_least(amount: Money) -> str:
    """ "minstens € 10,00"."""
    return _("minstens %(amount)s", amount=money(amount))


def arrears(stated: Arrears | None) -> str:
    """How much is late, as the source states it; None means that the source says nothing about it."""
    if stated is None:
        return _(UNKNOWN)
    if stated.is_at_least and stated.amount == ZERO:
        return _(UNKNOWN)
    if stated.amount is None:
        return _("te laat, bedrag niet bekend")
    return at_least(stated.amount) if stated.is_at_least else money(stated.amount)


def day(value: date | PartialDate | None) -> str:
    """ "31 december 2026", "december 2026" or "2026". A datetime is refused: use `moment` or `when`."""
    if value is None:
        return _(UNKNOWN)
    if isinstance(value, datetime):
        raise TypeError("an instant is not a calendar date")
    if value.month is None:
        return str(value.year)
    if current() != DUTCH:
        return _day_elsewhere(date(value.year, value.month, value.day or 1), with_day=value.day is not None)
    number = [str(value.day)] if value.day else []
    return " ".join([*number, MONTHS[value.month - 1], str(value.year)])


def _day_elsewhere(value: date, *, with_day: bool) -> str:
    """ "22 listopada 2026" or "listopad 2026": the months of the Gregorian calendar, digits as on Dutch letters."""
    from babel.dates import format_date  # the verifier alone has no Babel, and speaks Dutch

    return format_date(value, "d MMMM y" if with_day else "LLLL y", locale=current())


def moment(instant: datetime | None) -> str:
    """ "22 november 2026 om 14.05 uur" on a Dutch clock. Raises ValueError for a datetime without a zone."""
    if instant is None:
        return _(UNKNOWN)
    local = in_amsterdam(instant)
    return _("%(day)s om %(time)s uur", day=day(local.date()), time=hour_and_minute(instant))


def clock_time(instant: datetime) -> str:
    """ "14.05 uur" on a Dutch clock."""
    return _("%(time)s uur", time=hour_and_minute(instant))


def hour_and_minute(instant: datetime) -> str:
    """On a Dutch clock: "14.05" in Dutch, "14:05" elsewhere."""
    local = in_amsterdam(instant)
    return f"{local:%H.%M}" if current() == DUTCH else f"{local:%H:%M}"


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


_PERIODS = MappingProxyType(
    {"maand": N_("maand"), "week": N_("week"), "kwartaal": N_("kwartaal"), "jaar": N_("jaar")}
)


def period(stated: str) -> str:
    """ "maand": the usual words of sources for how often one pays; another word stays as the source wrote it."""
    usual = _PERIODS.get(stated.strip().casefold())
    return stated if usual is None else _(usual)


def duration(seconds: int) -> str:
    """ "4 uur", "60 minuten", "1 minuut" or "45 seconden": the largest unit that fits exactly; one hour is minutes."""
    if seconds % 3600 == 0 and seconds > 3600:
        return ngettext("%(number)s uur", "%(number)s uur", seconds // 3600)
    if seconds % 60:
        return ngettext("%(number)s seconde", "%(number)s seconden", seconds)
    return ngettext("%(number)s minuut", "%(number)s minuten", seconds // 60)


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
    return both(", ".join(names[:-1]), names[-1]) if len(names) > 1 else "".join(names)


def both(first: str, last: str) -> str:
    """ "A en B"."""
    return _("%(first)s en %(last)s", first=first, last=last)


def within(text: str) -> str:
    """A text of ours in the middle of a line: a Dutch one loses its capital there. Elsewhere rules differ (German nouns,
    the Turkish i), and a capital too many does no harm."""
    return f"{text[:1].lower()}{text[1:]}" if current() == DUTCH else text
