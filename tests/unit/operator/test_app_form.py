"""Letting apps in on the operator site: who may, what is told when something is wrong, and what is kept of it."""

import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from app.oauth.faults import Problem
from app.operator.app_words import PROBLEMS, consents
from app.persistence.client_store import SqlClientStore
from app.ports.audit import ActorKind
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind
from app.ports.grants import Scope
from tests.support.apps import App, make_bench
from tests.support.audit import refuse_rows, rows_of, words_of
from tests.support.operator_site import APP_ROLE, OperatorBrowser, OperatorSite
from tests.unit.oauth.test_registration import png

ADD, CHANGE, REMOVE = "/apps/toevoegen", "/apps/mijn-app/wijzigen", "/apps/mijn-app/verwijderen"
KEY = ECKey.generate_key("P-256")
JWKS = json.dumps({"keys": [{**KEY.as_dict(private=False), "kid": "een"}]})
GOOD = {
    "kenmerk": "mijn-app",
    "soort": "app",
    "naam": "Mijn Schuldhulp",
    "waarvoor": "De app maakt een plan.",
    "oin": "00000001900000010000",
    "adressen": "https://app.example/terug\r\n\r\nhttps://app.example/ook\r\n",
    "mag": ["schuldenoverzicht"],
    "bewijs": "private_key_jwt",
    "vast": "jkt",
    "sleutels": JWKS,
}


def file(content: bytes, name: str) -> tuple[BytesIO, str]:
    return BytesIO(content), name


@pytest.fixture
def desk(site: OperatorSite) -> OperatorBrowser:
    """Of an employee who may let apps in."""
    site.login.roles = ("beheer", APP_ROLE)
    browser = site.browser()
    browser.log_in("mw-1")
    return browser


def send(desk: OperatorBrowser, path: str, **changes: Any) -> TestResponse:
    """The good form with changes, and what the page itself hides in it."""
    hidden = re.search(r'name="gezien" value="([^"]*)"', desk.get(path).text)
    form = {**GOOD, **({"gezien": unescape(hidden[1]), "sleutels": ""} if hidden else {}), **changes}
    return desk.post(path, path, {name: value for name, value in form.items() if value is not None})


def kept(site: OperatorSite) -> Client:
    found = SqlClientStore(site.database).find("mijn-app")
    assert found is not None
    return found


def told(answer: TestResponse) -> list[str]:
    """The faults in the summary, in order."""
    summary = answer.text.partition("samenvatting")[2].partition("</section>")[0]
    return [unescape(words) for words in re.findall(r'<a href="#\w+">([^<]*)</a>', summary)]


def test_every_problem_has_dutch_words() -> None:
    assert set(PROBLEMS) == set(Problem)
    assert len(set(PROBLEMS.values())) == len(Problem)
    assert "geen burger" in consents(0)
    assert "1 burger deze" in consents(1)
    assert "3 burgers" in consents(3)


def test_an_app_is_let_in_under_the_name_of_the_employee(site: OperatorSite, desk: OperatorBrowser) -> None:
    answer = send(desk, ADD, logo=file(png(), "logo.png"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/apps")
    client = kept(site)
    assert (client.name, client.oin, client.kind) == (
        "Mijn Schuldhulp",
        "00000001900000010000",
        ClientKind.APP,
    )
    assert client.redirect_uris == ("https://app.example/terug", "https://app.example/ook")
    assert (client.scopes, client.binding) == (frozenset({Scope.OVERVIEW}), Binding.DPOP)
    assert SqlClientStore(site.database).logo("mijn-app") == png()
    assert words_of(site.book)[-1] == ("client_registered", "mijn-app", "")
    row = rows_of(site.book)[-1]
    assert (row.actor_kind, row.actor) == (ActorKind.EMPLOYEE, site.book.pseudonyms.of_account("mw-1").value)
    first, second = desk.get("/apps").text, desk.get("/apps").text
    assert "Mijn Schuldhulp is toegevoegd." in first
    assert "is toegevoegd" not in second
    assert desk.get("/apps/mijn-app/logo").data == png()
    assert desk.get("/apps/een-ander/logo").status_code == 404


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_comes_back(
    site: OperatorSite, desk: OperatorBrowser
) -> None:
    answer = send(
        desk,
        ADD,
        kenmerk="Mijn App",
        naam="",
        oin="12",
        adressen="https://app.example/\r\nhttp://app.example/",
        mag=[],
        waarvoor='<script>"hoi"</script>',
        sleutels='{"keys": "geen"}',
        logo=file(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.png"),
        bewijs="self_signed_tls_client_auth",
    )
    assert answer.status_code == 400
    assert told(answer) == [
        PROBLEMS[Problem.ID],
        PROBLEMS[Problem.NAME],
        PROBLEMS[Problem.OIN],
        PROBLEMS[Problem.LOGO_FORM],
        f"Adres 2: {PROBLEMS[Problem.NOT_HTTPS]}",
        PROBLEMS[Problem.NO_SCOPE],
        PROBLEMS[Problem.KEY_FORM],
    ]
    assert "<title>Fout: App toevoegen" in answer.text
    for shown in (
        'value="Mijn App"',
        'value="12"',
        "http://app.example/</textarea>",
        "&lt;script&gt;",
        "{&#34;keys&#34;: &#34;geen&#34;}",
        'value="self_signed_tls_client_auth" checked',
        "Kies ook uw bestand opnieuw",
    ):
        assert shown in answer.text, shown
    assert "<svg xmlns" not in answer.text
    assert SqlClientStore(site.database).all() == ()
    assert [event for event, _, _ in words_of(site.book)] == ["staff_logged_in"]


def test_every_link_to_a_fault_leads_to_its_field(desk: OperatorBrowser) -> None:
    page = send(desk, ADD, kenmerk="", naam="", waarvoor="", oin="1", adressen="", mag=[], sleutels="x").text
    links = re.findall(r'<a href="#(\w+)">', page.partition("samenvatting")[2].partition("</section>")[0])
    assert set(links) == {"id", "name", "purpose", "oin", "redirect", "scope", "keys"}
    for link in links:
        element = re.search(rf'<[a-z]+ [^>]*id="{link}"[^>]*>', page)
        assert element, link
        assert 'aria-invalid="true"' in element[0]
        for word in re.findall(r'aria-describedby="([^"]*)"', element[0])[0].split():
            assert f'id="{word}"' in page


@pytest.mark.parametrize("field", ["sleutels", "sleutelbestand"])
def test_a_private_key_is_refused_and_not_shown_again(
    site: OperatorSite, desk: OperatorBrowser, field: str
) -> None:
    secret = KEY.as_pem(private=True)
    given: dict[str, Any] = (
        {"sleutels": secret.decode()} if field == "sleutels" else {field: file(secret, "sleutel.pem")}
    )
    answer = send(desk, ADD, **{"sleutels": "", **given})
    assert told(answer) == [PROBLEMS[Problem.PRIVATE_KEY]]
    assert "PRIVATE KEY" not in answer.text
    secret_member = str(KEY.as_dict(private=True)["d"])
    assert secret_member not in send(desk, ADD, sleutels=json.dumps(KEY.as_dict(True))).text
    assert SqlClientStore(site.database).all() == ()


def test_keys_come_as_a_file_too_and_a_file_with_a_fault_comes_back_as_text(
    site: OperatorSite, desk: OperatorBrowser
) -> None:
    wrong = send(desk, ADD, naam="", sleutels="", sleutelbestand=file(JWKS.encode(), "sleutels.json"))
    assert JWKS in unescape(wrong.text)
    assert "Kies ook uw bestand opnieuw" not in wrong.text
    pem = load_der_x509_certificate(App(site.clock).certificate).public_bytes(Encoding.PEM)
    by_certificate = {"bewijs": "self_signed_tls_client_auth", "vast": "x5t#S256"}
    done = send(desk, ADD, sleutels="", sleutelbestand=file(pem, "app.pem"), **by_certificate)
    assert done.status_code == 303
    assert kept(site).authentication is ClientAuthentication.CERTIFICATE
    assert "certificaat geldig tot" in desk.get(CHANGE).text


def test_an_id_is_given_once(desk: OperatorBrowser) -> None:
    send(desk, ADD)
    assert told(send(desk, ADD)) == [PROBLEMS[Problem.ID_TAKEN]]
    assert told(send(desk, ADD, naam="")) == [PROBLEMS[Problem.ID_TAKEN], PROBLEMS[Problem.NAME]]


def test_a_new_key_stands_beside_the_old_one_until_that_is_taken_out(
    site: OperatorSite, desk: OperatorBrowser
) -> None:
    send(desk, ADD, logo=file(png(), "logo.png"))
    new = ECKey.generate_key("P-256")
    second = json.dumps({**new.as_dict(private=False), "kid": "twee"})
    site.clock.advance(60)
    assert send(desk, CHANGE, sleutels=second).status_code == 303
    assert [key["kid"] for key in kept(site).jwks["keys"]] == ["een", "twee"]
    assert words_of(site.book)[-1] == ("client_changed", "mijn-app", "keys")
    assert told(send(desk, CHANGE, sleutels=second)) == [PROBLEMS[Problem.KEY_NAMES]]
    site.clock.advance(60)
    assert send(desk, CHANGE, weg=[KEY.thumbprint()]).status_code == 303
    assert [key["kid"] for key in kept(site).jwks["keys"]] == ["twee"]
    none_left = send(desk, CHANGE, weg=[new.thumbprint()])
    assert told(none_left) == [PROBLEMS[Problem.KEY_COUNT]]
    assert re.search(rf'value="{new.thumbprint()}" checked', none_left.text)
    assert SqlClientStore(site.database).logo("mijn-app") == png()


def test_other_words_addresses_and_another_logo(site: OperatorSite, desk: OperatorBrowser) -> None:
    send(desk, ADD)
    page = desk.get(CHANGE).text
    assert "https://app.example/ook</textarea>" in page
    assert 'name="kenmerk"' not in page
    site.clock.advance(60)
    changes = {"naam": "Ander", "adressen": "https://app.example/nieuw", "oin": "", "mag": list(Scope)}
    assert send(desk, CHANGE, kenmerk="een-ander", soort="gateway", **changes).status_code == 303
    client = kept(site)
    assert (client.name, client.oin, client.kind) == ("Ander", None, ClientKind.APP)
    assert (client.redirect_uris, client.scopes) == (("https://app.example/nieuw",), frozenset(Scope))
    assert words_of(site.book)[-1] == ("client_changed", "mijn-app", "name/oin/redirects/scopes")
    site.clock.advance(60)
    send(desk, CHANGE, logo=file(png(48), "logo.png"))
    assert SqlClientStore(site.database).logo("mijn-app") == png(48)
    site.clock.advance(60)
    send(desk, CHANGE, geenlogo="1")
    assert SqlClientStore(site.database).logo("mijn-app") is None


def test_nobody_overwrites_what_they_did_not_see(site: OperatorSite, desk: OperatorBrowser) -> None:
    send(desk, ADD)
    before = kept(site).registered_at.isoformat()
    site.clock.advance(60)
    send(desk, CHANGE, naam="Van een collega")
    site.clock.advance(60)
    late = send(desk, CHANGE, naam="Te laat", gezien=before)
    assert late.status_code == 409
    assert "Iemand anders heeft deze app intussen gewijzigd" in late.text
    assert 'value="Te laat"' in late.text
    assert f'name="gezien" value="{before}"' in late.text.replace("&#43;", "+")
    assert kept(site).name == "Van een collega"
    assert send(desk, CHANGE, gezien="gisteren").status_code == 400


def test_removing_is_asked_first_and_ends_every_consent(site: OperatorSite, desk: OperatorBrowser) -> None:
    bench = make_bench(site.database, site.book.audit, site.clock)
    bench.token(bench.new_app("mijn-app"))
    page = desk.get(REMOVE).text
    assert "Wilt u Mijn Schuldhulp verwijderen?" in page
    assert "1 burger deze app toestemming" in page
    assert desk.get("/apps").text.count("Mijn Schuldhulp") > 0
    assert desk.post(REMOVE, REMOVE).status_code == 303
    store = SqlClientStore(site.database)
    assert (store.all(), store.allowed_now("mijn-app", site.clock.now())) == ((), 0)
    assert words_of(site.book)[-1] == ("client_removed", "mijn-app", "")
    assert rows_of(site.book)[-1].actor_kind is ActorKind.EMPLOYEE
    assert desk.get(REMOVE).status_code == 404


def test_who_may_look_may_not_change(site: OperatorSite, desk: OperatorBrowser) -> None:
    send(desk, ADD)
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(ADD).text)
    assert token
    site.login.roles = ("beheer",)
    desk.log_in("mw-2")  # in the same browser
    assert "Mijn Schuldhulp" in desk.get("/apps").text
    assert "/apps/toevoegen" not in desk.get("/apps").text
    for path in (ADD, CHANGE, REMOVE):
        assert desk.get(path).status_code == 403, path
        own = desk.post(path, "/uitloggen", GOOD)
        assert own.status_code == 403, path
    assert kept(site).name == "Mijn Schuldhulp"


def test_a_stranger_and_a_form_of_another_site_change_nothing(
    site: OperatorSite, desk: OperatorBrowser
) -> None:
    send(desk, ADD)
    for path in (ADD, CHANGE, REMOVE):
        assert site.browser().get(path).status_code == 401
        assert desk.post(path, form=GOOD).status_code == 400
        foreign = desk.client.post(
            path, base_url="https://beheer.example", data=GOOD, headers={"Referer": "https://elders.example/"}
        )
        assert foreign.status_code == 400
    assert kept(site).name == "Mijn Schuldhulp"


def test_what_cannot_be_written_down_is_not_done(site: OperatorSite, desk: OperatorBrowser) -> None:
    desk.get(ADD)
    refuse_rows(site.book)
    assert send(desk, ADD).status_code == 503
    assert SqlClientStore(site.database).all() == ()


def test_addresses_and_choices_that_the_page_does_not_offer(desk: OperatorBrowser) -> None:
    for path in ("/apps/is-er-niet/wijzigen", "/apps/is-er-niet/verwijderen", "/apps/%00/wijzigen"):
        assert desk.get(path).status_code == 404, path
    for changes in ({"soort": "alles"}, {"bewijs": "niets"}, {"bewijs": None}, {"vast": "x"}):
        assert send(desk, ADD, **changes).status_code == 400, changes


def test_a_gateway_has_keys_and_nothing_else(site: OperatorSite, desk: OperatorBrowser) -> None:
    refused = send(desk, ADD, soort="gateway")
    assert told(refused) == [PROBLEMS[Problem.GATEWAY_REDIRECT], PROBLEMS[Problem.GATEWAY_SCOPE]]
    assert send(desk, ADD, soort="gateway", adressen="", mag=[], waarvoor="").status_code == 303
    assert kept(site).kind is ClientKind.GATEWAY


def test_the_largest_form_fits(site: OperatorSite, desk: OperatorBrowser, tmp_path: Path) -> None:
    many = [{**ECKey.generate_key("P-256").as_dict(private=False), "kid": f"k{n}"} for n in range(10)]
    send(desk, ADD, sleutels=json.dumps({"keys": many}))
    thumbprints = [ECKey.import_key(jwk).thumbprint() for jwk in many[1:]]
    site.clock.advance(60)
    done = send(
        desk,
        CHANGE,
        weg=thumbprints,
        mag=list(Scope),
        geenlogo="1",
        sleutelbestand=file(JWKS.encode(), "s.json"),
        logo=file(png(), "logo.png"),
    )
    assert done.status_code == 303, told(done)
    assert [key["kid"] for key in kept(site).jwks["keys"]] == ["k0", "een"]
