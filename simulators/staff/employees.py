"""The invented employees: who may do everything on the operator site, who may look, and who may not enter."""

from dataclasses import dataclass

from simulators.digid.grants import Person

OPERATOR_ROLE = "schuldenoverzicht-beheer"
APP_ROLE = "schuldenoverzicht-apps"


@dataclass(frozen=True)
class Employee(Person):
    """`identifier` is the lasting id of the account; `roles` are what the municipality gave to it; `has_app` False: a
    password is all that this person logs in with."""

    roles: tuple[str, ...] = ()
    has_app: bool = True


EMPLOYEES = (
    Employee(
        "mw-0417",
        "Samira Beheer",
        "Mag de monitor zien, en apps toelaten.",
        (OPERATOR_ROLE, APP_ROLE),
    ),
    Employee("mw-0932", "Piet Balie", "Heeft een account, maar niet de rol.", ("balie",)),
    Employee(
        "mw-0588", "Kim Wachtwoord", "Heeft de rol, maar geen tweede stap.", (OPERATOR_ROLE,), has_app=False
    ),
    Employee(
        "mw-0274", "Rik Lezer", "Mag de monitor en de apps zien, en niets veranderen.", (OPERATOR_ROLE,)
    ),
)
