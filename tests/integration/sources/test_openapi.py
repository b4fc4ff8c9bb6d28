"""The published interface is valid, and what is really sent over the wire follows it."""

import http.client
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from simulators.organisations import Behaviour, Simulation
from tests.integration.sources.support import Town
from tests.support.waiting import PATIENCE_S

DOCS = Path(__file__).parents[3] / "docs"
FILE = DOCS / "interfaces" / "gemeentelijke-vorderingen.yaml"
INTERFACE: dict[str, Any] = dict(read_from_filename(str(FILE))[0])
CLAIM_SCHEMA = json.loads((DOCS / "schemas" / "vordering-v1.json").read_text(encoding="utf-8"))
OPERATION = INTERFACE["paths"]["/vorderingen/opvragen"]["post"]
SOURCES = ("zonnedael-belastingen", "zonnedael-parkeren", "zonnedael-werk-en-inkomen", "zonnedael-handhaving")


def validator(name: str) -> Draft202012Validator:
    base = FILE.as_uri()
    registry: Registry[Any] = Registry().with_resources(
        [
            (base, Resource.from_contents(INTERFACE, default_specification=DRAFT202012)),
            (
                (DOCS / "schemas" / "vordering-v1.json").as_uri(),
                Resource.from_contents(CLAIM_SCHEMA, default_specification=DRAFT202012),
            ),
        ]
    )
    reference = {"$ref": f"{base}#/components/schemas/{name}"}
    return Draft202012Validator(reference, registry=registry, format_checker=FormatChecker())


def post(simulation: Simulation, source_id: str, question: object) -> tuple[int, Any]:
    """Ask without any code of ours, as a municipality's own test would."""
    credentials = simulation.credentials
    context = ssl.create_default_context(cafile=str(credentials.ca_file))
    context.load_cert_chain(credentials.client_certificate_file, credentials.client_key_file)
    port = simulation.ports[source_id]
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=context)
    headers = {"Content-Type": "application/json", "X-Api-Key": credentials.api_key}
    connection.request("POST", "/vorderingen/opvragen", json.dumps(question), headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return response.status, body


def test_the_interface_is_valid_openapi() -> None:
    validate(INTERFACE, base_uri=FILE.as_uri())


def test_the_examples_follow_the_schemas() -> None:
    request = OPERATION["requestBody"]["content"]["application/json"]["examples"]
    answer = OPERATION["responses"]["200"]["content"]["application/json"]["examples"]
    for example in request.values():
        validator("Vraag").validate(example["value"])
    for example in answer.values():
        validator("Antwoord").validate(example["value"])


@pytest.mark.parametrize("change", [{"bsn": 999993549}, {"volledig": "ja"}, {"vorderingen": [{"saldo": 1}]}])
def test_the_schema_refuses_what_we_would_refuse(change: dict[str, object]) -> None:
    answer = OPERATION["responses"]["200"]["content"]["application/json"]["examples"]["eenVordering"]["value"]
    assert list(validator("Antwoord").iter_errors(answer | change))


@pytest.mark.parametrize("source_id", SOURCES)
def test_every_real_answer_follows_the_interface(town: Town, source_id: str) -> None:
    simulation = town.simulation
    [running] = [r for r in simulation.running if r.organisation.source_id == source_id]
    simulation.switch(source_id, Behaviour.NORMAL)
    for citizen in running.organisation.citizens:
        status, body = post(simulation, source_id, {"bsn": citizen.bsn})
        assert status == 200
        validator("Antwoord").validate(body)


def test_pages_follow_the_interface(town: Town) -> None:
    town.simulation.switch("zonnedael-belastingen", Behaviour.HUGE)
    status, body = post(town.simulation, "zonnedael-belastingen", {"bsn": "111111110", "vervolg": "blad-1"})
    assert status == 200
    validator("Antwoord").validate(body)
    assert body["vervolg"] == "blad-2"


@pytest.mark.parametrize(
    "question",
    [
        {},
        [],
        {"bsn": 999993549},
        {"bsn": "99999354"},
        {"bsn": "999993549", "naam": "x"},
        {"bsn": "999993549", "vervolg": "elders"},
    ],
)
def test_the_simulator_refuses_questions_outside_the_interface(town: Town, question: object) -> None:
    status, body = post(town.simulation, "zonnedael-belastingen", question)
    assert status == 400
    assert "999993549" not in json.dumps(body)
