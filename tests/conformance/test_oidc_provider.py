"""The log-in judged by the independent, certified npm oidc-provider: our pages, real HTTP, its rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.oidc import levels
from app.oidc.config import ClientAuthentication
from simulators.authority import create_authority
from simulators.certificates import IdentityFiles
from tests.conformance.judging_provider import CertificateProof, Town, TownVisitor, TwoKeysProof, town

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

STRICT = {"par": True, "encrypt_id_token": True, "sid_in_logout": True}
PLAIN = {"par": False, "encrypt_id_token": False, "sid_in_logout": False}


@pytest.fixture(
    scope="module", params=[STRICT, PLAIN], ids=["par-and-encrypted-id-token", "without-par-signed-id-token"]
)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("judge"), **request.param) as made:
        yield made


def logged_in(visitor: TownVisitor) -> bool:
    return visitor.get("/overzicht").status != 401


def complaints(place: Town) -> str:
    return place.judge.errors.read_text()


def test_a_citizen_logs_in_with_what_the_judge_demands(place: Town) -> None:
    """PKCE, a PS256 assertion, PAR where it is required, `iss`, nested JWE userinfo and ID token."""
    visitor = place.visitor()
    start = visitor.get("/inloggen")
    query = parse_qs(urlsplit(start.location).query)
    assert ("request_uri" in query) is place.judge.options["par"]
    assert ("code_challenge" in query) is not place.judge.options["par"]
    answer = visitor.log_in()
    assert answer.status == 302, complaints(place)
    assert "/ophalen/" in answer.location
    assert logged_in(visitor)
    assert "999993549" in place.web.collections.views.values()


def test_a_higher_level_is_welcome_and_a_lower_one_that_the_judge_lets_pass_is_not(place: Town) -> None:
    assert place.visitor().log_in(niveau=levels.HIGH).status == 302
    visitor = place.visitor()
    answer = visitor.log_in(niveau=levels.LOW)
    assert (answer.status, logged_in(visitor)) == (403, False)
    assert "U moet op een andere manier inloggen" in answer.text


def test_a_level_that_was_too_low_can_be_raised_in_the_same_browser(place: Town) -> None:
    """The judge knows this browser already: it asks again because we say so."""
    visitor = place.visitor()
    visitor.log_in(niveau=levels.LOW)
    assert visitor.log_in(niveau=levels.SUBSTANTIAL, begin="/inloggen/opnieuw").status == 302
    assert logged_in(visitor)


def test_cancelling_is_told_apart(place: Town) -> None:
    visitor = place.visitor()
    answer = visitor.browser.get(visitor.cancel())
    assert "U hebt het inloggen gestopt" in answer.text


def test_a_number_that_is_no_bsn_logs_nobody_in(place: Town) -> None:
    assert place.visitor().log_in("fout").status == 403


def test_the_issuer_in_the_callback_must_be_there_and_right(place: Town) -> None:
    for change in (("iss=http", "iss=https"), ("&iss=", "&was=")):
        visitor = place.visitor()
        callback = visitor.choose()
        assert change[0] in callback
        assert visitor.browser.get(callback.replace(*change)).status == 403
        assert not logged_in(visitor)


def test_a_callback_works_once_and_in_its_own_browser(place: Town) -> None:
    visitor, thief = place.visitor(), place.visitor()
    callback = visitor.choose()
    assert thief.browser.get(callback).status == 400
    assert visitor.browser.get(callback).status == 302
    assert visitor.browser.get(callback).status == 400
    assert logged_in(visitor)
    assert not logged_in(thief)


def test_logging_out_here_ends_the_session_there(place: Town) -> None:
    visitor = place.visitor()
    visitor.log_in()
    page = visitor.get("/uitloggen")
    out = visitor.browser.post(f"{place.address}/uitloggen", {"csrf_token": page.hidden("csrf_token")})
    assert not logged_in(visitor)
    address = out.text.split(f'href="{place.judge.issuer}')[1].split('"')[0]
    query = parse_qs(urlsplit(address).query)
    assert set(query) == {"client_id", "post_logout_redirect_uri"}
    back = end_at_judge(visitor, place.judge.issuer + address)
    assert back == f"{place.address}/"
    assert "_session" not in visitor.browser.cookies


def test_logging_out_there_ends_the_session_here(place: Town) -> None:
    """The back channel: no request of this browser reaches us between being logged in and not any more."""
    visitor, other = place.visitor(), place.visitor()
    visitor.log_in("anna")
    other.log_in("bram")
    assert logged_in(visitor)
    end_at_judge(visitor, f"{place.judge.issuer}/session/end")
    assert not logged_in(visitor)
    assert logged_in(other)
    assert "backchannel.error" not in complaints(place)


def test_with_two_keys_of_each_kind_registered_a_citizen_logs_in(tmp_path: Path) -> None:
    """As during a rotation (docs/keys.md): the judge may encrypt to either, and finds the key that signed by its name."""
    with town(tmp_path, proof=TwoKeysProof()) as place:
        visitor = place.visitor()
        assert visitor.log_in().status == 302, complaints(place)
        assert logged_in(visitor)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, IdentityFiles]]:
    """The authority that the judge trusts, with certificates of it and one of another."""
    folder = tmp_path_factory.mktemp("papers")
    authority, other = create_authority(folder / "authority"), create_authority(folder / "other")
    root = authority.write_tls_root(folder / "root.pem")
    return root, {
        "server": authority.issue_server().write(folder, "server"),
        "ours": authority.issue_client("Gemeente Voorbeeld").write(folder, "ours"),
        "neighbour": authority.issue_client("Gemeente Buur").write(folder, "neighbour"),
        "stranger": other.issue_client("Gemeente Voorbeeld").write(folder, "stranger"),
    }


@pytest.mark.parametrize("method", [ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS])
def test_the_certificate_of_the_connection_proves_who_we_are(
    papers: tuple[Path, dict[str, IdentityFiles]], tmp_path: Path, method: ClientAuthentication
) -> None:
    """RFC 8705, sections 2 and 3: also the access token is bound to it, so the judge gives userinfo to nobody else."""
    root, files = papers
    for shown, passes in (("ours", True), ("neighbour", False), ("stranger", False)):
        proof = CertificateProof(method, files[shown], files["ours"], files["server"], root)
        (tmp_path / shown).mkdir()
        with town(tmp_path / shown, proof=proof) as place:
            visitor = place.visitor()
            if passes:
                assert visitor.log_in().status == 302, complaints(place)
                assert "999993549" in place.web.collections.views.values()
            else:
                assert visitor.get("/inloggen").status in (403, 503), "the pushed request was refused"
                assert "invalid_client" in complaints(place) or shown == "stranger"
            assert logged_in(visitor) is passes


def end_at_judge(visitor: TownVisitor, address: str) -> str:
    """Log out at the provider; where that leads."""
    form = visitor.browser.get(address)
    assert form.status == 200, form.text
    confirm = f"{visitor.town.judge.issuer}/session/end/confirm"
    ended = visitor.browser.post(confirm, {"xsrf": form.hidden("xsrf"), "logout": "yes"})
    assert ended.status == 303, ended.text
    return ended.location
