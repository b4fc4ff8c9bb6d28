"""The invented employees: one may use the operator site, one may not."""

from dataclasses import dataclass

from simulators.digid.grants import Person

OPERATOR_ROLE = "schuldenoverzicht-beheer"


@dataclass(frozen=True)
class Employee(Person):
    """`identifier` is the lasting id of the account; `roles` are what the municipality gave to it."""

    roles: tuple[str, ...] = ()


EMPLOYEES = (
    Employee("mw-0417", "Samira Beheer", "Mag de monitor van de bronnen zien.", (OPERATOR_ROLE,)),
    Employee("mw-0932", "Piet Balie", "Heeft een account, maar niet de rol.", ("balie",)),
)
