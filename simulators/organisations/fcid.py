"""How an organisation answers with a Financial Claims Information Document, version 3 or 4.1."""

from __future__ import annotations

import re
from typing import Any

from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Json, Organisation, resolve
from simulators.organisations.municipal_rest import HUGE_COUNT, BadQuestion

PATH = "/fcid"


def read_question(organisation: Organisation, question: Any) -> str:
    """The BSN. Raises BadQuestion."""
    if not isinstance(question, dict) or question.keys() != {"type", "version", "body"}:
        raise BadQuestion("type, version and body are needed, and nothing else")
    if question["type"] != "FINANCIAL_CLAIMS_INFORMATION_REQUEST":
        raise BadQuestion("another type of message")
    if question["version"] != wire_version(organisation):
        raise BadQuestion("another version than we speak")
    body = question["body"]
    if not isinstance(body, dict) or body.keys() != {"bsn"} or not isinstance(body["bsn"], str):
        raise BadQuestion("body holds bsn and nothing else")
    if not re.fullmatch(r"[0-9]{9}", body["bsn"]):
        raise BadQuestion("bsn has nine digits")
    return str(body["bsn"])


def wire_version(organisation: Organisation) -> str:
    """The document names its major version only."""
    return str(organisation.settings["fcid_versie"]).split(".")[0]


def answer(organisation: Organisation, citizen: Citizen, behaviour: Behaviour) -> Json:
    """The document about `citizen`."""
    cases = [resolve(case) | {"bsn": citizen.bsn} for case in citizen.claims]
    if behaviour is Behaviour.HUGE:
        cases = [_case(organisation, citizen, number) for number in range(HUGE_COUNT)]
    if behaviour is Behaviour.UNREADABLE or (
        behaviour is Behaviour.PARTIAL and not _tells_availability(organisation)
    ):
        cases.append({"zaakkenmerk": "ONLEESBAAR-1", "bsn": citizen.bsn, "saldo": "veel"})
    if behaviour is Behaviour.MIXED_CITIZENS:
        cases.append(_case(organisation, organisation.other_citizen(citizen.bsn), 0))
    body: Json = {
        "aangeleverd_door": organisation.settings["oin"],
        "document_datumtijd": resolve("@moment-0"),
        "bsn": citizen.bsn,
        "financiele_zaken": cases,
    }
    if _tells_availability(organisation):
        body["beschikbaarheid_integraal_overzicht"] = {"beschikbaar": behaviour is not Behaviour.PARTIAL}
    version = wire_version(organisation)
    return {"type": "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT", "version": version, "body": body}


def _tells_availability(organisation: Organisation) -> bool:
    """Version 3 has no means to say that an answer is not whole; there one case is unreadable instead."""
    return wire_version(organisation) == "4"


def _case(organisation: Organisation, citizen: Citizen, number: int) -> Json:
    amount = 100 + number
    names = ("totaal_opgelegd", "totaal_reeds_betaald")
    if wire_version(organisation) == "4":
        names = ("totaal_financieel_verplicht", "totaal_financieel_vereffend")
    event = {
        "gebeurtenis_type": "FinancieleVerplichtingOpgelegd",
        "gebeurtenis_kenmerk": f"HUGE-{number:05}-1",
        "datumtijd_gebeurtenis": resolve("@moment-30"),
        "datumtijd_opgelegd": resolve("@moment-30"),
        "zaakkenmerk": f"HUGE-{number:05}",
        "bsn": citizen.bsn,
        "primaire_verplichting": True,
        "type": "gm_leges",
        "bedrag": amount,
    }
    return {
        "zaakkenmerk": f"HUGE-{number:05}",
        "bsn": citizen.bsn,
        **dict(zip(names, (amount, 0), strict=True)),
        "saldo": amount,
        "saldo_datumtijd": resolve("@moment-0"),
        "gebeurtenissen": [event],
        "achterstanden": [],
    }
