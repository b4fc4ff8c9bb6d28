"""A document of everything that an organisation said, or the reason why there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from claims.identity import Oin
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from tests.support.api_site import ApiSite, make_api_site, members
from tests.support.web_claims import NOW, TAXES, answer, property_tax
from tests.unit.api.contract import fits

OIN = "00000001999999990000"
ONE = "/schuldenoverzichten/{id}/fcid/{oin}"
TOWN = replace(TAXES, oin=Oin(OIN))


def site(folder: Path, *outcomes: SourceOutcome) -> tuple[ApiSite, str]:
    made = make_api_site(folder, *outcomes)
    return made, str(members(made.program().post("/schuldenoverzichten"))["id"])


def test_an_organisation_without_claims_has_an_empty_document(tmp_path: Path) -> None:
    api, collection = site(tmp_path, answer("belastingen", TOWN))
    for version, stated in (("", "3"), ("?versie=v4.1", "4")):
        found = fits(api.program().get(f"/schuldenoverzichten/{collection}/fcid/{OIN}{version}"), ONE)
        assert (found["version"], found["body"]["financiele_zaken"]) == (stated, [])
    api.web.site.database.close()


def test_a_part_of_an_organisation_is_no_document(tmp_path: Path) -> None:
    """Two departments have one number: when one of them fails, a document of the other would hide debts."""
    good: SourceAnswer = answer("belastingen", TOWN)
    parking = replace(TOWN, department="Parkeren")
    other = replace(good.source, source_id="parkeren", organisation=parking)
    failed = SourceFailure(source=other, failed_at=NOW, cause=FailureCause.TOO_SLOW)
    api, collection = site(tmp_path, good, failed)
    refused = api.program().get(f"/schuldenoverzichten/{collection}/fcid/{OIN}")
    assert fits(refused, ONE)["detail"] == "Deze bron gaf geen volledig antwoord."
    assert refused.status_code == 409
    listed = api.program().get(f"/schuldenoverzichten/{collection}/fcid")
    [entry] = fits(listed, "/schuldenoverzichten/{id}/fcid")["organisaties"]
    assert {one["beschikbaar"] for one in entry["versies"]} == {False}
    assert "afdeling" not in entry["organisatie"] or entry["organisatie"]["afdeling"] is None
    api.web.site.database.close()


def test_an_organisation_without_a_number_stands_in_the_list_with_the_reason(tmp_path: Path) -> None:
    """Left out it would look as if it had not been asked: its debts would be hidden."""
    api, collection = site(
        tmp_path, answer("belastingen", TOWN), answer("parkeren", replace(TAXES, oin=None))
    )
    listed = api.program().get(f"/schuldenoverzichten/{collection}/fcid")
    [one, other] = fits(listed, "/schuldenoverzichten/{id}/fcid")["organisaties"]
    assert {state["beschikbaar"] for state in one["versies"]} == {True}
    assert {state["reden"] for state in other["versies"]} == {"Het OIN van deze organisatie is niet bekend."}
    api.web.site.database.close()


def test_what_would_be_lost_is_the_reason(tmp_path: Path) -> None:
    api, collection = site(tmp_path, answer("belastingen", TOWN, property_tax()))
    refused = api.program().get(f"/schuldenoverzichten/{collection}/fcid/{OIN}")
    assert refused.status_code == 409
    assert fits(refused, ONE)["detail"].startswith("Dit past niet zonder verlies in FCID 3: ")
    api.web.site.database.close()


def test_an_unknown_version_or_organisation_is_told(tmp_path: Path) -> None:
    api, collection = site(tmp_path, answer("belastingen", TOWN))
    wrong = api.program().get(f"/schuldenoverzichten/{collection}/fcid/{OIN}?versie=5&bsn=1")
    assert [one["plaats"] for one in fits(wrong, ONE)["fouten"]] == ["query", "query"]
    for oin in ("00000001900000099000", "x"):
        unknown = api.program().get(f"/schuldenoverzichten/{collection}/fcid/{oin}")
        assert fits(unknown, ONE)["status"] == 404
    api.web.site.database.close()
