"""What an app back end gets. Never may a source without an answer look like one without claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.api.overviews import MOST_RUNS
from app.ports.collections import TooManyCollections
from app.ports.grants import TokenRefused
from app.ports.issuers import IssuerUnavailable
from app.services.issue import NotPrintable, SealingFailed
from tests.support.api_site import ApiSite, make_api_site, members
from tests.support.audit import refuse_rows, rows_of, words_of
from tests.support.web_claims import BANK, answer, source
from tests.unit.api.contract import fits
from tests.unit.api.test_fcid import OIN, TOWN

ONE = "/schuldenoverzichten/{id}"


def made(api: ApiSite, token: str = "a") -> str:
    answer = api.program(token).post("/schuldenoverzichten")
    assert answer.status_code == 201
    return str(members(answer)["id"])


def test_making_an_overview_tells_where_it_is(api: ApiSite) -> None:
    answer = api.program().post("/schuldenoverzichten")
    found = fits(answer, "/schuldenoverzichten", "post")
    assert answer.headers["Location"] == f"https://schulden.example/api/v1/schuldenoverzichten/{found['id']}"
    assert "Set-Cookie" not in answer.headers


def test_a_source_without_an_answer_has_no_number_of_claims_and_a_warning(api: ApiSite) -> None:
    found = fits(api.program().get(f"/schuldenoverzichten/{made(api)}"), ONE)
    stands = {one["id"]: (one["stand"], one["aantal_vorderingen"]) for one in found["bronnen"]}
    assert stands == {
        "belastingen": ("geantwoord", 1),
        "inkomen": ("geen_antwoord", None),
        "kredietbank": ("geen_antwoord", None),
        "water": ("niet_aangesloten", None),
    }
    assert found["volledig"] is False
    assert any("Kredietbank Voorbeeldland gaf geen antwoord" in said for said in found["waarschuwingen"])


def test_a_source_that_is_being_asked_is_not_done_and_not_empty(api: ApiSite) -> None:
    api.collections.pending = (source("traag", BANK),)
    api.collections.may_show = False
    collection = made(api)
    found = fits(api.program().get(f"/schuldenoverzichten/{collection}"), ONE)
    assert (found["stand"], found["volledig"]) == ("bezig", False)
    assert {one["id"]: one["stand"] for one in found["bronnen"]}["traag"] == "bezig"
    sealed = api.program().get(f"/schuldenoverzichten/{collection}", "application/pdf")
    assert (sealed.status_code, api.files.issued) == (409, [])
    assert sealed.headers["Retry-After"]


@pytest.mark.parametrize(
    ("form", "name"), [("application/jose+json", "json"), ("application/pdf", "pdf"), ("text/csv", "csv")]
)
def test_the_other_forms_are_the_files_that_the_citizen_downloads(api: ApiSite, form: str, name: str) -> None:
    collection = made(api)
    answer = api.program().get(f"/schuldenoverzichten/{collection}", form)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, form, b"inhoud")
    assert answer.headers["Overzicht-Volledig"] == "?0"
    assert api.files.issued == [(collection, "999993549", name)]


@pytest.mark.parametrize(("whole", "told"), [(True, "?1"), (False, "?0")])
def test_the_header_tells_of_the_file_and_not_of_a_moment_before(
    api: ApiSite, whole: bool, told: str
) -> None:
    """Between the look and the freezing the same app may ask a source again."""
    collection = made(api)
    api.files.all_answered = whole
    answer = api.program().get(f"/schuldenoverzichten/{collection}", "application/jose+json")
    assert answer.headers["Overzicht-Volledig"] == told


@pytest.mark.threat("T-01")
def test_another_consent_finds_nothing_of_mine(api: ApiSite) -> None:
    mine = made(api)
    for path in ("", "/voortgang", "/fcid", "/fcid/00000001000000000000"):
        other = api.program("b").get(f"/schuldenoverzichten/{mine}{path}")
        unknown = api.program("b").get(f"/schuldenoverzichten/bestaat-niet{path}")
        assert other.status_code == unknown.status_code == 404, path
        assert members(other)["detail"] == members(unknown)["detail"]
    again = api.program("b").post(f"/schuldenoverzichten/{mine}/bronnen/kredietbank/_opnieuw")
    assert (again.status_code, api.collections.retried) == (404, [])


def test_the_same_key_makes_one_overview(api: ApiSite) -> None:
    key = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    first, second = (members(api.program().post("/schuldenoverzichten", headers=key)) for _ in range(2))
    other = members(api.program("b").post("/schuldenoverzichten", headers=key))
    assert first["id"] == second["id"] != other["id"]
    assert api.collections.started == 2


def test_one_consent_asks_the_sources_once_at_a_time(api: ApiSite) -> None:
    api.collections.pending = (source("traag", BANK),)
    running = made(api)
    answer = api.program().post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 409
    assert answer.headers["Location"].endswith(running)


def test_all_faults_are_told_at_once_and_nothing_is_asked(api: ApiSite) -> None:
    answer = api.program().post(
        "/schuldenoverzichten?bsn=999993549", headers={"Idempotency-Key": "kort"}, json={"bsn": "999993549"}
    )
    found = fits(answer, "/schuldenoverzichten", "post")
    assert (answer.status_code, len(found["fouten"])) == (400, 3)
    assert "999993549" not in answer.text
    assert api.collections.started == 0


def test_without_a_token_there_is_only_the_way_to_one(api: ApiSite) -> None:
    answer = api.program(token=None).post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 401
    assert answer.headers["WWW-Authenticate"].startswith("DPoP ")
    assert "error=" not in answer.headers["WWW-Authenticate"]


def test_a_refused_token_is_told_why_in_the_words_of_the_standard(api: ApiSite) -> None:
    api.access.refusal = TokenRefused("nonce", "use_dpop_nonce", "vers")
    answer = api.program().post("/schuldenoverzichten")
    assert (answer.status_code, answer.headers["DPoP-Nonce"]) == (401, "vers")
    assert 'error="use_dpop_nonce"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("reason", "code", "words", "description"),
    [
        ("scheme", "invalid_token", "Authorization: DPoP", None),
        ("dpop_other_key", "invalid_token", "andere sleutel", "another key"),
        ("dpop_missing", "invalid_dpop_proof", "ontbreekt", "is missing"),
        ("dpop_htm", "invalid_dpop_proof", "`htm`", "htm is not"),
        ("dpop_htu", "invalid_dpop_proof", "`htu`", "htu is not"),
        ("dpop_ath", "invalid_dpop_proof", "`ath`", "ath is not"),
        ("dpop_iat", "invalid_dpop_proof", "60 seconden", "iat is too far"),
        ("dpop_replayed", "invalid_dpop_proof", "al gebruikt", "used before"),
        ("dpop_signature", "invalid_dpop_proof", "niet te lezen", None),
        ("dpop_nonce", "use_dpop_nonce", "Herhaal het verzoek met de DPoP-Nonce uit dit antwoord", None),
    ],
)
def test_the_caller_is_told_what_he_did_wrong_and_where_it_is_written(
    api: ApiSite, reason: str, code: str, words: str, description: str | None
) -> None:
    api.access.refusal = TokenRefused(reason, code)
    answer = api.program().post("/schuldenoverzichten")
    said = fits(answer, "/schuldenoverzichten", "post")["detail"]
    assert words in said
    assert said.endswith(" Zie https://schulden.example/api/v1/documentatie.")
    challenge = answer.headers["WWW-Authenticate"]
    assert f'error="{code}"' in challenge
    assert ("error_description=" in challenge) == (description is not None)
    assert (description or "") in challenge


@pytest.mark.threat("T-35")
def test_nobody_hears_whether_a_token_of_somebody_else_exists(api: ApiSite) -> None:
    told = set()
    for reason in (
        "token_signature",
        "token_expired",
        "token_key_unknown",
        "revoked",
        "external_used_or_withdrawn",
    ):
        api.access.refusal = TokenRefused(reason)
        answer = api.program().post("/schuldenoverzichten")
        told.add((fits(answer, "/schuldenoverzichten", "post")["detail"], answer.headers["WWW-Authenticate"]))
    assert len(told) == 1


def test_a_token_that_cannot_be_examined_now_is_not_called_wrong(api: ApiSite) -> None:
    """Its issuer cannot be reached."""
    api.access.refusal = IssuerUnavailable("timeout")
    answer = api.program().post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 503
    assert answer.headers["Retry-After"] == "10"


def test_a_token_without_any_scope_of_ours_is_told_which_it_needs(api: ApiSite) -> None:
    api.access.refusal = TokenRefused("external_scope", "insufficient_scope")
    answer = api.program().post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 403
    assert 'scope="schuldenoverzicht"' in answer.headers["WWW-Authenticate"]


def test_another_scope_is_not_enough(api: ApiSite) -> None:
    answer = api.program("a:toestemmingen").post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_form_that_is_not_there_is_refused(api: ApiSite) -> None:
    assert api.program().get(f"/schuldenoverzichten/{made(api)}", "image/png").status_code == 406


@pytest.mark.parametrize(("error", "status"), [(NotPrintable(), 409), (SealingFailed(), 503)])
def test_no_document_is_no_document(api: ApiSite, error: Exception, status: int) -> None:
    collection = made(api)
    api.files.error = error
    answer = api.program().get(f"/schuldenoverzichten/{collection}", "application/pdf")
    assert fits(answer, ONE)["status"] == status


def test_a_source_can_be_asked_again(api: ApiSite) -> None:
    path = "/schuldenoverzichten/{id}/bronnen/{bronId}/_opnieuw"
    collection = made(api)
    answer = api.program().post(f"/schuldenoverzichten/{collection}/bronnen/kredietbank/_opnieuw")
    assert answer.status_code == 202
    fits(answer, path, "post")
    assert api.collections.retried == ["kredietbank"]
    unknown = api.program().post(f"/schuldenoverzichten/{collection}/bronnen/anders/_opnieuw")
    assert (unknown.status_code, api.collections.retried) == (404, ["kredietbank"])
    assert fits(unknown, path, "post")["title"] == "Deze bron staat niet in dit overzicht"


def test_the_progress_is_told_as_it_happens(api: ApiSite) -> None:
    collection = made(api)
    fits(api.program().get(f"/schuldenoverzichten/{collection}/voortgang"), f"{ONE}/voortgang")
    stream = api.program().get(f"/schuldenoverzichten/{collection}/voortgang", "text/event-stream")
    assert stream.mimetype == "text/event-stream"
    assert stream.text.count("event: bron\n") == 4
    assert stream.text.count("event: klaar\n") == 1


def test_a_session_of_a_browser_means_nothing_here(api: ApiSite) -> None:
    browser = api.web.browser()
    browser.log_in()
    assert browser.client.post("/api/v1/schuldenoverzichten", base_url=browser.base_url).status_code == 401


def test_whoever_is_asked_is_asked_by_the_app_and_not_by_the_citizen(api: ApiSite) -> None:
    collection = made(api)
    api.program().get(f"/schuldenoverzichten/{collection}", "application/pdf")
    assert [one.app for one in api.files.persons] == ["app"]


@pytest.mark.threat("T-35")
def test_one_consent_has_an_end(api: ApiSite) -> None:
    """Until the token ends, and then the citizen is asked again."""
    collection = made(api)
    api.collections.at_start = TooManyCollections()
    answer = api.program().post("/schuldenoverzichten")
    assert fits(answer, "/schuldenoverzichten", "post")["status"] == 429
    assert answer.headers["Retry-After"] == "900"
    path = "/schuldenoverzichten/{id}/bronnen/{bronId}/_opnieuw"
    api.collections.runs = MOST_RUNS
    again = api.program().post(f"/schuldenoverzichten/{collection}/bronnen/kredietbank/_opnieuw")
    assert fits(again, path, "post")["status"] == 429
    assert api.collections.retried == []


@pytest.mark.threat("T-35")
def test_every_reading_is_written_down_before_it_is_answered(tmp_path: Path) -> None:
    """Which kind, and which app: the citizen sees it."""
    api = make_api_site(tmp_path, answer("belastingen", TOWN))
    collection = made(api)
    mine = f"/schuldenoverzichten/{collection}"
    reads = [mine, f"{mine}/fcid", f"{mine}/fcid/{OIN}?versie=v4.1"]
    for path in reads:
        api.program().get(path)
    assert [row for row in words_of(api.web.book) if row[0] == "overview_read"] == [
        ("overview_read", "app", kind) for kind in ("json", "fcid-list", "fcid-v4.1")
    ]
    assert {row.actor_kind for row in rows_of(api.web.book)} == {"app"}
    refuse_rows(api.web.book)
    for path in reads:
        refused = api.program().get(path)
        assert refused.status_code == 503
        assert "belastingen" not in refused.text
    api.web.site.database.close()


@pytest.mark.threat("T-35")
def test_one_app_does_not_keep_the_others_from_their_streams(api: ApiSite) -> None:
    api.collections.pending = (source("traag", BANK),)
    path = f"/schuldenoverzichten/{made(api)}/voortgang"
    first = api.program().get(path, "text/event-stream")
    second = api.program().get(path, "text/event-stream")
    assert fits(second, f"{ONE}/voortgang")["status"] == 503
    assert second.headers["Retry-After"] == "5"
    api.access.client_id = "andere-app"
    assert api.program().get(path, "text/event-stream").status_code == 200
    first.close()
