"""The published schemas describe what we really write."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from app.documents import schema as published
from claims.financial_claim import FinancialClaim
from claims.overview import Overview
from claims.record import schema
from claims.record.writer import write_claim, write_overview
from tests.support import strategies

FOLDER = Path(__file__).parents[3] / "docs" / "schemas"
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def _closed(value: Any) -> Any:
    """The same schema, refusing members that it does not name: so a wrong name cannot pass unseen."""
    if isinstance(value, list):
        return [_closed(part) for part in value]
    if not isinstance(value, dict):
        return value
    closed = {key: _closed(part) for key, part in value.items()}
    if "properties" in value and value.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def _validator(full: dict[str, Any], part: str) -> Draft202012Validator:
    closed = _closed({"$ref": f"#/$defs/{part}", "$defs": full["$defs"]})
    # The outcome joins a shape with the word for it, so there only `unevaluatedProperties` could close it.
    for name in ("antwoord", "mislukking", "niet_aangesloten"):
        if name in closed["$defs"]:
            closed["$defs"][name]["properties"]["uitkomst"] = True
    return Draft202012Validator(closed)


CLAIM = _validator(schema.claim_schema(), "vordering")
OVERVIEW = _validator(schema.document_schema(), "overzicht")


def test_the_published_files_are_made_from_the_tables() -> None:
    for name, text in published.files().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text


def test_the_schemas_are_valid_schemas() -> None:
    Draft202012Validator.check_schema(schema.claim_schema())
    Draft202012Validator.check_schema(published.document_schema())


@relaxed
@given(strategies.claims)
def test_every_written_claim_is_valid(claim: FinancialClaim) -> None:
    CLAIM.validate(write_claim(claim))


@relaxed
@given(strategies.overviews)
def test_every_written_overview_is_valid(overview: Overview) -> None:
    OVERVIEW.validate(write_overview(overview))


def test_the_smallest_claim_of_a_municipality_is_valid_and_a_float_is_not() -> None:
    assert CLAIM.is_valid({"kenmerk": "A-1", "saldo": None})
    assert not CLAIM.is_valid({"kenmerk": "A-1", "saldo": 12.5})
    assert not CLAIM.is_valid({"kenmerk": "A-1"})
    assert not CLAIM.is_valid({"kenmerk": "A-1", "saldo": 1, "typfout": 1})
