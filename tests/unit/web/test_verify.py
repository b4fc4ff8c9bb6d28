"""The public page for verifying a file."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from app.documents.json import Recorded
from app.http.session_interface import COOKIE
from app.services.verify import Reason, Verdict
from claims.identity import Bsn
from claims.outcome import FailureCause, SourceFailure
from claims.overview import Overview
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

SILENT = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)
GENUINE = (
    Reason.GENUINE,
    Reason.SUPERSEDED,
    Reason.OTHER_ORGANISATION,
    Reason.MOMENT_UNPROVEN,
    Reason.ARCHIVED,
)
WITHOUT_CONTENT = (
    Reason.EXAMINER_FAILED,
    Reason.REGISTER_UNAVAILABLE,
    Reason.AHEAD_OF_CLOCK,
    Reason.NOT_SEALED,
    Reason.ALTERED,
    Reason.UNTRUSTED,
)


def document() -> Recorded:
    overview = Overview(given.NOW, (given.answer("b", given.TAXES, given.property_tax()), SILENT))
    return Recorded("BK-2026-0123456789", "0" * 32, given.NOW, Bsn("999993549"), overview)


def verdict(reason: Reason) -> Verdict:
    return Verdict(
        reason,
        organisation="Gemeente Voorbeeldstad",
        sealed_at=given.NOW,
        document=None if reason in WITHOUT_CONTENT else document(),
        control_code="ABCD-EFGH-JKMN-PQRS",
        newer_number="BK-2026-9999999999" if reason is Reason.SUPERSEDED else None,
        revoked_at=given.NOW + timedelta(days=1) if reason is Reason.REVOKED else None,
        register_asked=True,
    )


def shown(make: MakeSite, reason: Reason) -> str:
    web = make()
    web.verifier.verdict = verdict(reason)
    answer = web.browser().post("/controleren", bestand=(BytesIO(b"%PDF-1.7"), "overzicht.pdf"))
    assert answer.status_code == 200
    assert web.verifier.seen == [b"%PDF-1.7"]
    return answer.text


@pytest.mark.parametrize("reason", list(Reason))
def test_every_verdict_has_a_page_with_a_next_step(make: MakeSite, reason: Reason) -> None:
    page = shown(make, reason)
    assert "Wat u nu kunt doen" in page
    assert "14 0123" in page


@pytest.mark.parametrize(
    ("cut_off", "words"),
    [
        ((True, True), "geen verbinding maken met internet, en geen andere bestanden lezen"),
        (
            (False, True),
            "niet afdwingen dat het bestand tijdens de controle geen verbinding met internet maakt.",
        ),
        ((True, False), "niet afdwingen dat het bestand tijdens de controle geen andere bestanden leest."),
        ((None, None), None),
    ],
)
def test_the_page_says_whether_the_file_could_reach_the_internet(
    make: MakeSite, cut_off: tuple[bool | None, bool | None], words: str | None
) -> None:
    web = make()
    network, files = cut_off
    web.verifier.verdict = replace(verdict(Reason.GENUINE), network_cut_off=network, files_cut_off=files)
    page = web.browser().post("/controleren", bestand=(BytesIO(b"%PDF-1.7"), "overzicht.pdf")).text
    assert ("Hoe wij het bestand bekeken" in page) == (words is not None)
    assert words is None or words in " ".join(page.split())


@pytest.mark.parametrize("reason", GENUINE)
def test_genuine_says_who_when_and_what_it_does_not_mean(make: MakeSite, reason: Reason) -> None:
    page = shown(make, reason)
    for words in (
        "Dit overzicht is echt",
        "22 november 2026 om 10.00 uur gemaakt door Gemeente Voorbeeldstad",
        "minstens € 459,50",
        "Gemeente Voorbeeldstad, Parkeren",
        "ABCD-EFGH-JKMN-PQRS",
        "Dit was de stand op dat moment.",
        "Er kunnen meer schulden zijn.",
    ):
        assert words in page
    assert "999993549" not in page


@pytest.mark.parametrize("reason", [*WITHOUT_CONTENT, Reason.REVOKED, Reason.NOT_IN_REGISTER])
def test_what_is_not_genuine_never_says_that_it_is(make: MakeSite, reason: Reason) -> None:
    page = shown(make, reason)
    assert "overzicht is echt" not in page
    assert "Het totaal kan hoger zijn" not in page
    assert "verdict--success" not in page


@pytest.mark.parametrize("reason", [Reason.REVOKED, Reason.NOT_IN_REGISTER])
def test_what_must_not_be_relied_on_is_named_but_not_repeated(make: MakeSite, reason: Reason) -> None:
    """Amounts and person on our page would lend weight to a file that nobody should use."""
    page = shown(make, reason)
    assert "BK-2026-0123456789" in page
    assert "Gemeente Voorbeeldstad, Parkeren" in page
    for words in ("459,50", "549", "ABCD-EFGH-JKMN-PQRS", "Echt betekent"):
        assert words not in page


@pytest.mark.parametrize("reason", [Reason.EXAMINER_FAILED, Reason.REGISTER_UNAVAILABLE])
def test_what_we_cannot_check_is_not_to_be_trusted_meanwhile(make: MakeSite, reason: Reason) -> None:
    """A forger may have made a file that we cannot examine: our words must not help it along."""
    assert "Vertrouw tot die tijd niet op dit bestand" in shown(make, reason)
    assert "niet aan het bestand" not in shown(make, reason)


def test_without_a_file_the_page_asks_for_one(make: MakeSite) -> None:
    web = make()
    answer = web.browser().post("/controleren")
    assert answer.status_code == 400
    assert "U hebt geen bestand gekozen" in answer.text
    assert web.verifier.seen == []


def test_a_file_that_is_too_large_is_refused_with_a_page(make: MakeSite) -> None:
    web = make()
    answer = web.browser().post("/controleren", bestand=(BytesIO(b"x" * 1_200_000), "groot.pdf"))
    assert answer.status_code == 413
    assert "Het bestand is te groot" in answer.text
    assert web.verifier.seen == []


def test_an_upload_is_never_written_to_a_temporary_file(
    make: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = make()
    content = b"x" * 900_000
    head = b'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="a.pdf"\r\n\r\n'
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    answer = web.site.app.test_client().post(
        "/controleren",
        base_url=web.site.base_url,
        data=head + content + b"\r\n--grens--\r\n",
        content_type="multipart/form-data; boundary=grens",
    )
    assert answer.status_code == 200
    assert web.verifier.seen == [content]


def test_a_visitor_who_verifies_gets_no_cookie(make: MakeSite) -> None:
    browser = make().browser()
    browser.get("/controleren")
    browser.post("/controleren", bestand=(BytesIO(b"x"), "a.pdf"))
    assert browser.client.get_cookie(COOKIE, domain="schulden.example") is None
