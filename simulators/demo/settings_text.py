"""The settings file of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN
from simulators.counselling import organisation as counselling
from simulators.demo import themes
from simulators.staff.employees import APP_ROLE, OPERATOR_ROLE

ORGANISATION = "Gemeente Zonnedael"
STAFF_CLIENT_ID = "blauwe-knop-beheer"
COUNSEL_CLIENT_ID = "blauwe-knop-hulpverleners"
REPRESENTATION_SERVICE = (
    "urn:uuid:5f0c2a3e-9d41-4b7e-8f3a-1c6d2e7b9a40"  # made up, as the demo's DigiD Machtigen knows us
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The sites and providers of one demo, and the name of its database file."""

    public: str
    digid: str
    operator: str
    staff: str
    counselling: str
    trust_services: str
    database: str


def settings_text(at: Addresses) -> str:
    return f"""\
# Made by `make demo`, again at every start. The addresses are http: only the demo's own composition accepts that.
public_url = "{at.public}"
sources_file = "organisaties/sources.toml"
trust_folder = "trust"
security_contact = "mailto:veiligheid@zonnedael.example"
security_contact_until = {(datetime.now(UTC) + timedelta(days=180)).date()}

[organisation]
name = "{ORGANISATION}"
oin = "{DEMO_OIN}"
organization_identifier = "{DEMO_IDENTIFIER}"

[organisation.contact]
phone = "14 0900"
hours = "werkdagen van 9.00 tot 17.00 uur"

[database]
url = "sqlite:///{at.database}"

[storage]
key_ring_file = "opslagsleutels"

[audit]
pseudonym_keys_file = "pseudoniemsleutels"
processing_activity = "{at.public}/privacy"

[login]
broker = "simulator"
issuer = "{at.digid}"
client_id = "blauwe-knop"
signing_key_file = "inloggen/ondertekenen.pem"
decryption_key_file = "inloggen/ontsleutelen.pem"
minimum_level = "substantial"
representation = "allowed"
representation_service = "{REPRESENTATION_SERVICE}"

[seal]
key_file = "zegel/zegel.key.pem"
certificate_file = "zegel/zegel.pem"
chain_file = "zegel/zegel.chain.pem"
tsa_url = "{at.trust_services}/tsa"
revocation_urls = [
    "{at.trust_services}/crl/zegel-root.crl",
    "{at.trust_services}/crl/zegel-ca.crl",
    "{at.trust_services}/crl/tijdstempel-root.crl",
    "{at.trust_services}/crl/tijdstempel-ca.crl",
]

[operator]
public_url = "{at.operator}"
issuer = "{at.staff}"
client_id = "{STAFF_CLIENT_ID}"
signing_key_file = "inloggen/beheer.pem"
roles_claim = ["realm_access", "roles"]
allowed_roles = ["{OPERATOR_ROLE}", "{APP_ROLE}"]
app_roles = ["{APP_ROLE}"]

[api]
signing_key_file = "api/ondertekenen.pem"
[sharing]
secret_file = "deelgeheim"

[[sharing.organisations]]
id = "{counselling.ID}"
name = "{counselling.NAME}"
oin = "{counselling.OIN}"
key_ring_file = "stadsbanksleutels"
issuer = "{at.counselling}"
client_id = "{COUNSEL_CLIENT_ID}"
signing_key_file = "inloggen/stadsbank.pem"
roles_claim = ["realm_access", "roles"]
allowed_roles = ["{counselling.ROLE}"]

[arrival]
case_references = true
[[arrival.return_to]]
name = "{ORGANISATION}"
address = "https://www.zonnedael.example/"
[arrival.themes]
{themes.settings_lines()}

[paper]
secret_file = "papiergeheim"

# Everybody who tries the demo, tests too, comes from one address.
[rates]
pages_per_minute = 100000
log_ins_per_5_minutes = 10000
uploads_per_5_minutes = 10000
secrets_per_5_minutes = 10000
"""
