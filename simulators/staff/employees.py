"""The invented employees: one may use the operator site, one may not."""

from dataclasses import dataclass

from simulators.digid.grants import Person

OPERATOR_ROLE = "schuldenoverzicht-beheer"


@dataclass(frozen=True)
class Employee(Person):
    """`identifier` is the lasting id of the account; `roles` are what the municipality gave to it; `has_app` False: a
    password is all that this person logs in with."""

    roles: tuple[str, ...] = ()
    has_app: bool = True


EMPLOYEES = (
    Employee("mw-0417", "Samira Beheer", "Mag de monitor van de bronnen zien.", (OPERATOR_ROLE,)),
    Employee("mw-0932", "Piet Balie", "Heeft een account, maar niet de rol.", ("balie",)),
    Employee(
        "mw-0588", "Kim Wachtwoord", "Heeft de rol, maar geen tweede stap.", (OPERATOR_ROLE,), has_app=False
    ),
)
