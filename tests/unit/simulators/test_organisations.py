"""The simulated organisations are believable: their data add up and belong to test citizens only."""

import ssl
import tomllib
from pathlib import Path
from typing import Any

import pytest

import simulators
from claims.identity import Bsn
from simulators.organisations.behaviour import Behaviour, Switches
from simulators.organisations.data_files import Organisation, load_organisations, resolve
from simulators.organisations.server import TlsServer

ORGANISATIONS = load_organisations()
CITIZENS = tomllib.loads((Path(simulators.__file__).parent / "citizens.toml").read_text("utf-8"))["burger"]
BY_ID = {organisation.source_id: organisation for organisation in ORGANISATIONS}


def claims_of(organisation: Organisation) -> list[dict[str, Any]]:
    return [claim for citizen in organisation.citizens for claim in citizen.claims]


def test_there_are_at_least_five_organisations_and_three_protocols() -> None:
    assert len(ORGANISATIONS) >= 5
    assert {o.protocol for o in ORGANISATIONS} == {"municipal_rest", "fcid", "dkd"}
    assert {o.settings["fcid_versie"] for o in ORGANISATIONS if o.protocol == "fcid"} == {"3", "4.1"}


def test_all_citizens_have_test_numbers_and_are_in_the_list() -> None:
    listed = [citizen["bsn"] for citizen in CITIZENS]
    assert len(listed) == len(set(listed)) >= 8
    used = {citizen.bsn for organisation in ORGANISATIONS for citizen in organisation.citizens}
    assert used <= set(listed)
    for bsn in listed:
        Bsn(bsn)
        assert bsn.startswith("99999") or bsn == "111111110"


def test_the_first_citizen_has_claims_nearly_everywhere_and_every_organisation_answers() -> None:
    for organisation in ORGANISATIONS:
        citizen = organisation.citizen(CITIZENS[0]["bsn"])
        assert bool(citizen.claims) is (organisation.source_id != "sociale-dienst-de-waarden")
        assert citizen.full
        assert citizen.behaviour is Behaviour.NORMAL


def test_the_second_citizen_has_no_claims_anywhere() -> None:
    for organisation in ORGANISATIONS:
        citizen = organisation.citizen(CITIZENS[1]["bsn"])
        assert (citizen.claims, citizen.full, citizen.behaviour) == ((), True, Behaviour.NORMAL)


def test_the_amounts_of_every_municipal_claim_add_up() -> None:
    for claim in (c for o in ORGANISATIONS if o.protocol == "municipal_rest" for c in claims_of(o)):
        if claim["saldo"] == "@onbekend":
            continue
        owed = sum(claim.get(name, 0) for name in ("beginbedrag", "kosten", "rente"))
        settled = sum(claim.get(name, 0) for name in ("betaald", "kwijtgescholden"))
        assert owed - settled == claim["saldo"], claim["kenmerk"]


def test_the_events_of_every_municipal_claim_lead_to_its_balance() -> None:
    sign = {"verplichting_opgelegd": 1, "verplichting_kwijtgescholden": -1, "betaling_verwerkt": -1}
    for claim in (c for o in ORGANISATIONS if o.protocol == "municipal_rest" for c in claims_of(o)):
        events = claim.get("gebeurtenissen", [])
        if not events or claim["saldo"] == "@onbekend":
            continue
        assert sum(sign.get(e["soort"], 0) * e.get("bedrag", 0) for e in events) == claim["saldo"]


def test_the_totals_of_every_fcid_case_follow_from_its_events() -> None:
    for organisation in (o for o in ORGANISATIONS if o.protocol == "fcid"):
        for case in claims_of(organisation):
            amounts: dict[str, int] = {}
            for event in case["gebeurtenissen"]:
                kind = event["gebeurtenis_type"]
                amounts[kind] = amounts.get(kind, 0) + event.get("bedrag", 0)
            owed = amounts.get("FinancieleVerplichtingOpgelegd", 0)
            names = ("BetalingVerwerkt", "FinancieleVerplichtingKwijtgescholden")
            settled = sum(amounts.get(name, 0) for name in names)
            assert case["saldo"] == owed - settled
            assert owed == case.get("totaal_opgelegd", case.get("totaal_financieel_verplicht"))
            assert settled == case.get("totaal_reeds_betaald", case.get("totaal_financieel_vereffend"))


def test_relative_texts_are_replaced_everywhere() -> None:
    for organisation in ORGANISATIONS:
        assert "@" not in repr([resolve(claim) for claim in claims_of(organisation)])
    assert resolve({"a": ["@onbekend", "@dag-0"]})["a"][0] is None


def test_a_switch_is_seen_by_another_process_and_can_be_taken_back(tmp_path: Path) -> None:
    here, there = Switches(tmp_path / "gedrag.json"), Switches(tmp_path / "gedrag.json")
    assert there.get("a") is None
    here.set("a", Behaviour.DOWN)
    here.set("b", Behaviour.SLOW)
    assert (there.get("a"), there.get("b")) == (Behaviour.DOWN, Behaviour.SLOW)
    here.set("a", None)
    assert (there.get("a"), there.get("b")) == (None, Behaviour.SLOW)


def test_a_simulator_refuses_to_listen_beyond_loopback() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(ValueError, match="loopback"):
        TlsServer("x", ("0.0.0.0", 0), context, lambda _exchange: None)


def test_a_citizen_does_not_show_the_number_in_its_text_form() -> None:
    citizen = BY_ID["zonnedael-belastingen"].citizen("111111110")
    assert "bsn" not in repr(citizen)
