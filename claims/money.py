"""Money in whole euro cents. An amount that is not known is None, never zero."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_CENTS = 10**13  # a hundred thousand million euros: one amount above is a fault of the source
LARGEST_SUM_CENTS = LARGEST_CENTS * 10**5  # so that adding up what was read never fails


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """Whole euro cents; negative means that the citizen gets money back."""

    cents: int

    def __post_init__(self) -> None:
        """Raises TypeError for anything but an int (bool and float are refused), ValueError when absurdly large."""
        if type(self.cents) is not int:
            raise TypeError("an amount is a whole number of cents")
        if abs(self.cents) > LARGEST_SUM_CENTS:
            raise ValueError("amount out of range")

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)


ZERO = Money(0)


def believable(amount: Money | None) -> Money | None:
    """An amount that we worked out ourselves; None, not known, when it is beyond what one amount can be."""
    return None if amount is None or abs(amount.cents) > LARGEST_CENTS else amount
