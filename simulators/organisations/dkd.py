"""How social services answer in SuwiML Bijstandsregelingen: the messages, signed as the standard asks."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from simulators.authority import DEMO_OIN, Authority
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Organisation
from simulators.organisations.municipal_rest import HUGE_COUNT
from sources.transport import soap
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity

PATH = "/Bijstandsregelingen-v0500"
SERVICE = "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen"
FWI = "http://bkwi.nl/SuwiML/FWI/v0205"
OLDER_FWI = "http://bkwi.nl/SuwiML/FWI/v0203"
OUR_ADDRESS = "https://schuldenoverzicht.afnemer.invalid/dkd"
_BRON = "<Bron><CdKolomSuwi>3</CdKolomSuwi><CdPartijSuwi>0599</CdPartijSuwi></Bron>"
_BAD_CLAIM = "<Onbekend>veel</Onbekend>"


@dataclass(frozen=True)
class DkdParty:
    """One organisation that speaks SuwiML. `security` None: it leaves signatures to a gateway."""

    version: str
    security: WsSecurity | None
    impostor: WsSecurity | None


def dkd_party(authority: Authority, folder: Path, organisation: Organisation) -> DkdParty:
    """Writes the keys for signatures of this organisation, of our service and of somebody else."""
    version, oin = organisation.settings.get("versie", "v0500"), str(organisation.settings["oin"])
    if not signs(organisation):
        return DkdParty(version, None, None)
    authority.issue_signer("Schuldenoverzicht", DEMO_OIN).write(folder, "signer")
    rules = SignatureRules(authority.write_tls_root(folder / "tls-root.pem"), DEMO_OIN)
    own, other = (
        authority.issue_signer(name, number).write(folder, f"{organisation.source_id}-{name}")
        for name, number in (("signer", oin), ("impostor", "00000001900000099000"))
    )
    return DkdParty(
        version,
        WsSecurity(SignatureKeys(own.certificate_file, own.key_file), rules),
        WsSecurity(SignatureKeys(other.certificate_file, other.key_file), rules),
    )


def signs(organisation: Organisation) -> bool:
    return bool(organisation.settings["profiel"] == "wsa+wsse")


def settings_table(organisation: Organisation, ca_file: Path) -> str:
    """The table `dkd` of the stanza with which our service asks this organisation."""
    folder, settings = ca_file.resolve().parent, organisation.settings
    values = {
        "version": settings.get("versie", "v0500"),
        "header_profile": settings["profiel"],
        "from_address": OUR_ADDRESS,
        "from_oin": DEMO_OIN,
        "to_oin": settings["oin"],
        "signing_certificate_file": str(folder / "signer.pem"),
        "signing_key_file": str(folder / "signer.key.pem"),
        "answer_ca_file": str(ca_file.resolve()),
        "answer_oin": settings["oin"],
    }
    if settings.get("soap_action") is not None:
        values["soap_action"] = "action" if settings["soap_action"] else "bare"
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    codes = [
        'reasons = { 11 = "Terugvordering bijstand", 13 = "Leenbijstand" }',
        'statuses = { 51 = "open" }',
    ]
    return "\n".join([f"[{organisation.source_id}.dkd]", *lines, *codes])


def response_content(
    version: str, citizen: Citizen, behaviour: Behaviour, *, known: bool, from_file: bool = True
) -> Any:
    """The element BijstandsregelingenInfoResponse about `citizen`. `from_file`: it says when it took in the data."""
    if behaviour is Behaviour.FUNCTIONAL_ERROR:
        return _response(version, _message("Fout", "F-TEST-01"))
    if not known and behaviour is Behaviour.NORMAL:
        return _response(version, f'<fwi:NietsGevonden xmlns:fwi="{FWI}"/>')
    claims = [claim["xml"] for claim in citizen.claims]
    claims = [_huge_claim(number) for number in range(HUGE_COUNT)] if behaviour is Behaviour.HUGE else claims
    claims += [_BAD_CLAIM] if behaviour is Behaviour.UNREADABLE else []
    notes = {Behaviour.PARTIAL: "Waarschuwing", Behaviour.NOTED: "Informatie"}
    message = _message(notes[behaviour], "W-TEST-01") if behaviour in notes else ""
    return _response(version, _client(citizen, claims, from_file=from_file) + message)


def fault_content(behaviour: Behaviour, version: str = "v0500") -> Any:
    """A SOAP fault: with FWI of the service itself, or of a gateway without."""
    detail = f'<fwi:Fout xmlns:fwi="{FWI}">{_error("F-TEST-02")}</fwi:Fout>'
    text = "AanvraagNietOk"
    if behaviour is Behaviour.GATEWAY_FAULT:
        detail = '<l7:policyResult xmlns:l7="http://www.layer7tech.com/ws/policy/fault" status="Failed"/>'
        text = "Policy Falsified"
    xml = (
        f'<s:Fault xmlns:s="{soap.SOAP}"><faultcode>s:Server</faultcode>'
        f"<faultstring>{text}</faultstring><detail>{detail}</detail></s:Fault>"
    )
    return etree.fromstring(_with_messages_of(version, xml))


def answer_addressing(organisation: Organisation, version: str, message_id: str) -> soap.Addressing:
    return soap.Addressing(
        message_id=f"urn:uuid:{uuid.uuid4()}",
        sender=f"https://dkd.invalid{PATH}?oin={organisation.settings['oin']}",
        to=f"{OUR_ADDRESS}?oin={DEMO_OIN}",
        action=f"{SERVICE}-{version}/BijstandsregelingenInfoResponse",
        relates_to=message_id,
    )


def _response(version: str, inner: str) -> Any:
    name = "bij:BijstandsregelingenInfoResponse"
    xml = f'<{name} xmlns:bij="{SERVICE}/{version}">{inner}</{name}>'
    return etree.fromstring(_with_messages_of(version, xml))


def _with_messages_of(version: str, xml: str) -> str:
    """Each version of the service has its own version of the messages."""
    return xml.replace(FWI, OLDER_FWI) if version == "v0400" else xml


def _client(citizen: Citizen, claims: list[str], *, from_file: bool) -> str:
    today = datetime.now(UTC).strftime("%Y%m%d")
    file = f"<DossierGsd><DatOpnameGegevensInIbSysteem>{today}</DatOpnameGegevensInIbSysteem></DossierGsd>"
    parts = (
        f"<Burgerservicenr>{citizen.bsn}</Burgerservicenr>" if citizen.bsn else "",
        f"<Voorletters>{citizen.initials}</Voorletters>" if citizen.initials else "",
        f"<SignificantDeelVanDeAchternaam>{citizen.name}</SignificantDeelVanDeAchternaam>"
        if citizen.name
        else "",
        file if from_file else "",
        *(f"<Vordering>{claim.replace('@bron', _BRON)}</Vordering>" for claim in claims),
    )
    return f"<ClientSuwi>{''.join(parts)}</ClientSuwi>"


def _huge_claim(number: int) -> str:
    return (
        f"<IdentificatienrVordering>{number:015}</IdentificatienrVordering>"
        f"<BedrSaldoVordering><WaardeBedr>{100 + number}</WaardeBedr></BedrSaldoVordering>"
        "<SzWet><CdSzWet>PW</CdSzWet></SzWet>@bron"
    )


def _message(kind: str, code: str) -> str:
    return f'<fwi:FWI xmlns:fwi="{FWI}"><{kind}>{_error(code)}</{kind}></fwi:FWI>'


def _error(code: str) -> str:
    return f"<Code>{code}</Code><Tekst>Melding van de test</Tekst><Bron><DN>Bijstandsregelingen</DN></Bron>"
