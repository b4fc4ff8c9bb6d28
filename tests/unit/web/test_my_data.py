"""Who did what: complete for the citizen who looks, and nothing of anybody else."""

import pytest

from app.persistence.cipher import new_key_line
from app.ports.data_subject import DataSubject, Representative
from app.services import audit_facts
from app.services.audit import new_trace, part_of
from claims.identity import Bsn
from claims.outcome import SourceAnswer
from tests.support.audit import refuse_rows
from tests.support.web_claims import NOW, TAXES, answer, property_tax
from tests.support.web_site import BSN, WebSite
from tests.unit.web.conftest import MakeSite

ME, OTHER = DataSubject(Bsn(BSN)), DataSubject(Bsn("111111110"))
REPRESENTATIVE = Representative(OTHER.bsn)
REPRESENTED = DataSubject(ME.bsn, REPRESENTATIVE)
NUMBER = "BK-2026-0123456789"


def tax_answer() -> SourceAnswer:
    return answer("belastingen", TAXES, property_tax())


def page(web: WebSite, bsn: str = BSN, query: str = "") -> str:
    visitor = web.browser()
    visitor.log_in(bsn)
    answer = visitor.get(f"/mijn-gegevens{query}")
    assert answer.status_code == 200
    return answer.text


def test_who_is_not_logged_in_sees_nothing(make: MakeSite) -> None:
    assert make().browser().get("/mijn-gegevens").status_code == 401


def test_what_was_done_stands_there_in_plain_words_newest_first(make: MakeSite) -> None:
    web = make()
    trace = new_trace()
    write = web.book.audit.write
    write(audit_facts.document_made(ME, NUMBER, trace))
    write(audit_facts.document_downloaded(ME, NUMBER, "pdf", part_of(trace)))
    write(audit_facts.document_verified(ME.bsn, NUMBER, "genuine"))
    write(audit_facts.document_revoked("local:beheer", NUMBER))
    write(audit_facts.logged_out(ME))
    text = page(web)
    sentences = [
        "U bent ingelogd met DigiD.",
        "U bent uitgelogd.",
        f"Gemeente Voorbeeldstad heeft overzicht {NUMBER} ingetrokken.",
        f"Iemand heeft overzicht {NUMBER} gecontroleerd. Wij weten niet wie dat was.",
        f"U hebt overzicht {NUMBER} gedownload (pdf).",
        f"Wij hebben overzicht {NUMBER} gemaakt.",
    ]
    places = [text.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "misschien niet volledig" not in text
    assert "365 dagen" in text


def test_of_somebody_else_nothing_stands_there(make: MakeSite) -> None:
    web = make()
    web.book.audit.write(audit_facts.document_downloaded(OTHER, NUMBER, "pdf", new_trace()))
    web.book.audit.write(audit_facts.document_made(OTHER, NUMBER, new_trace()))
    web.book.audit.write(audit_facts.document_revoked("local:beheer", NUMBER))
    text = page(web)
    assert NUMBER not in text
    assert text.count("timeline__item") == 1
    assert NUMBER in page(web, OTHER.bsn.digits)


def test_who_was_asked_and_how_that_ended(make: MakeSite) -> None:
    known = tax_answer()
    web = make(known)
    trace = new_trace()
    known_id = known.source.source_id
    asked = [audit_facts.source_asked(ME, one, trace) for one in (known_id, "weg", "stil")]
    web.book.audit.write(audit_facts.collection_started(ME, trace, again=False), *asked)
    web.book.audit.write(audit_facts.source_answered(ME.bsn, known, (NOW, NOW), trace))
    text = page(web)
    assert "Wij hebben uw gegevens opgevraagd bij 3 afdelingen en organisaties." in text
    assert ": gaf antwoord" in text
    assert "een organisatie die niet meer meedoet (weg): wij weten niet of er antwoord kwam" in text


def test_after_a_rotation_of_keys_the_page_is_still_complete(make: MakeSite) -> None:
    web = make()
    web.book.audit.write(audit_facts.document_downloaded(ME, NUMBER, "pdf", new_trace()))
    with web.book.ring_file.open("a") as ring:
        ring.write(new_key_line("second"))
    text = page(web)
    assert NUMBER in text
    assert "misschien niet volledig" not in text


def test_when_a_key_is_lost_the_page_says_that_it_may_not_be_complete(make: MakeSite) -> None:
    web = make()
    web.book.audit.write(audit_facts.document_downloaded(ME, NUMBER, "pdf", new_trace()))
    web.book.ring_file.write_text(new_key_line("second"))
    text = page(web)
    assert NUMBER not in text
    assert "misschien niet volledig" in text


def test_a_long_list_has_pages(make: MakeSite) -> None:
    web = make()
    for number in range(60):
        web.book.audit.write(audit_facts.document_downloaded(ME, f"BK-{number}", "pdf", new_trace()))
    first, second = page(web), page(web, query="?bladzijde=2")
    assert first.count("timeline__item") == 50
    assert "bladzijde=2" in first
    assert "Nieuwer" not in first
    assert second.count("timeline__item") == 12  # two log-ins are among them
    assert "Nieuwer" in second
    for wrong in ("0", "-1", "x", "1e3", "99999999", "²"):
        assert page(web, query=f"?bladzijde={wrong}").count("timeline__item") == 50
    assert "Er staat hier niets meer." in page(web, query="?bladzijde=9")


def test_days_and_times_are_dutch(make: MakeSite) -> None:
    web = make()
    web.book.clock.advance(14.5 * 3600)
    text = page(web)
    assert "23 november 2026" in text
    assert "0.30 uur" in text


def write_what_a_representative_does(web: WebSite) -> None:
    trace = new_trace()
    known = tax_answer()
    web.book.audit.write(
        audit_facts.logged_in(REPRESENTED, "substantial"),
        audit_facts.collection_started(REPRESENTED, trace, again=False),
        audit_facts.source_asked(REPRESENTED, known.source.source_id, trace),
        audit_facts.source_answered(REPRESENTED.bsn, known, (NOW, NOW), trace),
        audit_facts.document_downloaded(REPRESENTED, NUMBER, "pdf", new_trace()),
        audit_facts.logged_out(REPRESENTED),
    )


@pytest.mark.threat("T-37")
def test_the_represented_person_sees_that_somebody_else_looked(make: MakeSite) -> None:
    web = make()
    write_what_a_representative_does(web)
    text = page(web)
    assert "Een gemachtigde is namens u ingelogd, met DigiD Machtigen." in text
    assert "Een gemachtigde heeft uw gegevens laten opvragen bij 1 afdeling of organisatie." in text
    assert ": gaf antwoord" in text
    assert f"Een gemachtigde heeft namens u overzicht {NUMBER} gedownload (pdf)." in text
    assert "Een gemachtigde die namens u was ingelogd, is uitgelogd." in text
    assert "Trek de machtiging dan in bij DigiD Machtigen." in text


@pytest.mark.threat("T-37")
def test_the_end_of_the_session_of_a_representative_is_not_told_as_ones_own(make: MakeSite) -> None:
    web = make()
    web.book.audit.write(audit_facts.session_ended(REPRESENTED, "idle"))
    assert "Een gemachtigde die namens u was ingelogd, is uitgelogd." in page(web)
    assert "omdat u een tijd niets deed" not in page(web)
    assert "U bent uitgelogd. U was ingelogd namens iemand anders." in page(web, OTHER.bsn.digits)


def test_a_representative_sees_at_home_what_they_did_and_nothing_of_whom(make: MakeSite) -> None:
    web = make()
    write_what_a_representative_does(web)
    web.book.audit.write(audit_facts.logged_in(ME, "substantial"))
    text = page(web, OTHER.bsn.digits)
    assert "U bent namens iemand anders ingelogd, met DigiD Machtigen." in text
    assert "U hebt namens iemand anders gegevens laten opvragen." in text
    assert f"U hebt namens iemand anders overzicht {NUMBER} gedownload (pdf)." in text
    assert "gaf antwoord" not in text
    assert BSN[-3:] not in text
    assert text.count("timeline__item") == 5  # their own log-in at home is among them


@pytest.mark.threat("T-36")
def test_in_the_role_of_representative_only_their_own_deeds_for_this_person_are_shown(make: MakeSite) -> None:
    web = make()
    third = DataSubject(ME.bsn, Representative(Bsn("999998493")))
    web.book.audit.write(
        audit_facts.logged_in(ME, "substantial"),
        audit_facts.document_downloaded(ME, "BK-2026-EIGEN00000", "pdf", new_trace()),
        audit_facts.document_downloaded(third, "BK-2026-ANDER00000", "pdf", new_trace()),
        audit_facts.document_downloaded(OTHER, "BK-2026-THVIS00000", "pdf", new_trace()),
    )
    write_what_a_representative_does(web)
    web.login.representative = REPRESENTATIVE
    text = page(web)
    assert "wat u zelf namens de vertegenwoordigde hebt gedaan" in text
    assert NUMBER in text
    for hidden in ("EIGEN", "ANDER", "THVIS", "Een gemachtigde"):
        assert hidden not in text
    assert text.count("timeline__item") == 5  # this log-in is among them


def test_without_the_log_the_page_says_so_instead_of_showing_nothing(make: MakeSite) -> None:
    web = make()
    visitor = web.browser()
    visitor.log_in()
    refuse_rows(web.book)
    assert visitor.get("/mijn-gegevens").status_code == 503


def test_the_page_is_linked_from_the_overview_and_from_every_page_after_logging_in(make: MakeSite) -> None:
    web = make(tax_answer())
    visitor = web.browser()
    assert "/mijn-gegevens" not in visitor.get("/hulp").text
    visitor.log_in()
    assert visitor.get("/overzicht").text.count("/mijn-gegevens") == 2
    assert "/mijn-gegevens" in visitor.get("/hulp").text


def test_what_an_app_did_is_not_told_as_ones_own(make: MakeSite) -> None:
    web = make()
    person, trace = DataSubject(Bsn(BSN), app="weg"), new_trace()
    web.book.audit.write(
        audit_facts.collection_started(person, trace, again=False),
        audit_facts.document_downloaded(person, "BK-2026-0123456789", "pdf", trace),
        audit_facts.overview_read(person, "json"),
        audit_facts.overview_read(person, "fcid-v3"),
        audit_facts.consent_withdrawn(person.bsn, "ander", ["schuldenoverzicht"], "weg"),
    )
    browser = web.browser()
    browser.log_in()
    said = browser.get("/mijn-gegevens").text
    assert "heeft uw gegevens opgevraagd bij" in said
    assert "Wij hebben uw gegevens opgevraagd" not in said
    app = "Weg"  # without the table [api] nobody knows its name
    assert f"{app} heeft overzicht BK-2026-0123456789 opgehaald (pdf), met uw toestemming." in said
    assert f"{app} heeft uw overzicht gelezen, met uw toestemming." in said
    assert f"{app} heeft gelezen wat één organisatie over uw schulden zei, met uw toestemming." in said
    assert f"{app} heeft de toestemming van ander ingetrokken." in said
    assert "U hebt de toestemming" not in said
    assert "U hebt overzicht BK-2026-0123456789 gedownload" not in said
