"""What a hostile program sends; see docs/attacks.md. Never an error of ours, never the content of another."""

from __future__ import annotations

import pytest

from tests.support.api_site import ApiSite, members

ODD_ACCEPTS = (
    "",
    "*/*;q=0",
    "application/json;q=0, */*",
    "application/*",
    ";;;,,,===",
    "application/json;q=nan",
    "application/json;q=1e400",
    "a/b," * 2000 + "application/json",
    "application/pdf\t;\tq=0.5, text/csv;level=1",
    'application/json;profile="\\"',
    "application/json; charset=utf-7",
)
ODD_IDS = (
    "%00",
    "..%2f..%2fbronnen",
    "%F0%9F%92%A9",
    "a" * 4000,
    "%0d%0aLocation:x",
    "*",
    "'or'1'='1",
    "%ff",
)


def made(api: ApiSite, token: str = "a") -> str:
    return str(members(api.program(token).post("/schuldenoverzichten"))["id"])


@pytest.mark.threat("T-35")
@pytest.mark.parametrize("accept", ODD_ACCEPTS)
def test_an_odd_accept_is_answered_or_refused(api: ApiSite, accept: str) -> None:
    mine = f"/schuldenoverzichten/{made(api)}"
    for path in (mine, f"{mine}/voortgang", f"{mine}/fcid", "/bronnen"):
        answer = api.program().ask("GET", path, headers={"Accept": accept})
        assert answer.status_code in {200, 400, 406, 409}, path
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.threat("T-35")
@pytest.mark.parametrize("name", ODD_IDS)
def test_an_odd_name_is_not_there(api: ApiSite, name: str) -> None:
    mine = made(api)
    for path in (
        f"/schuldenoverzichten/{name}",
        f"/schuldenoverzichten/{name}/voortgang",
        f"/schuldenoverzichten/{mine}/fcid/{name}",
    ):
        assert api.program().get(path).status_code == 404, path
    assert api.program().post(f"/schuldenoverzichten/{mine}/bronnen/{name}/_opnieuw").status_code == 404
    assert api.program().ask("DELETE", f"/toestemmingen/{name}").status_code == 404
    assert api.collections.retried == []


@pytest.mark.threat("T-35")
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\xff\xfe" * 50_000, b'{"bsn":"999993549"}', b"0" * 900_000]
)
def test_no_body_gets_an_overview(api: ApiSite, body: bytes) -> None:
    for kind in (
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
    ):
        answer = api.program().post("/schuldenoverzichten", data=body, content_type=kind)
        assert answer.status_code in {400, 413}, kind
        assert "999993549" not in answer.text
    assert api.collections.started == 0


@pytest.mark.threat("T-35")
def test_no_other_way_to_say_what_to_do_is_listened_to(api: ApiSite) -> None:
    """Another method in a header, the token in the address or the body, the key of another consent."""
    mine = made(api)
    tricks = {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": f"/api/v1/schuldenoverzichten/{mine}"}
    assert api.program().ask("GET", "/toestemmingen/a", headers=tricks).status_code == 405
    assert api.program(None).get(f"/schuldenoverzichten/{mine}?access_token=a").status_code == 401
    in_body = api.program(None).post("/schuldenoverzichten", data={"access_token": "a"})
    assert in_body.status_code == 401
    for path in (f"/schuldenoverzichten/{mine}", f"/schuldenoverzichten/{mine}/voortgang"):
        stream = api.program("b").get(path, "text/event-stream" if path.endswith("voortgang") else None)
        assert stream.status_code == 404
        assert stream.mimetype == "application/problem+json"
