"""The invented organisation, and its invented employees: one may see what citizens share with it, two may not."""

from simulators.digid.pages import Face
from simulators.staff.employees import Employee

ID = "stadsbank"
NAME = "Stadsbank Voorbeeldstad"
OIN = "00000099000000002000"  # not given out to anybody
ROLE = "schuldhulpverlener"
FACE = Face(
    name="Inloggen Stadsbank Voorbeeldstad",
    warning="Dit is geen echte inlogdienst.",
    levels={"wachtwoord en app": "2"},
    cookie="stadsbank_nagebootst",
    identifier="personeelsnummer",
)
COUNSELLORS = (
    Employee("sb-031", "Noor Hulpverlener", "Mag zien wat inwoners met de Stadsbank delen.", (ROLE,)),
    Employee("sb-107", "Bas Receptie", "Heeft een account, maar niet de rol.", ("receptie",)),
    Employee("sb-044", "Ans Wachtwoord", "Heeft de rol, maar geen tweede stap.", (ROLE,), has_app=False),
)
