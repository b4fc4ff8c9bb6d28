"""The pages of the monitor."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from app.operator.source_rows import STATES, moment, source_row
from app.ports.monitor import Certificate, Circuit, SourceFigures
from app.services.source_state import SourceState
from sources.events import AskResult, CertificateRole
from tests.support.log_lines import Lines
from tests.support.monitor_figures import period, source_figures
from tests.support.operator_site import OperatorSite
from tests.support.web_claims import NOW

HOUR = timedelta(hours=1)


def page(site: OperatorSite, path: str, *figures: SourceFigures) -> str:
    """The words of a page, without markup."""
    site.monitor.sources = figures
    browser = site.browser()
    browser.log_in()
    answer = browser.get(path)
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.partition(">")[2])).split())


def test_every_state_has_words() -> None:
    assert set(STATES) == set(SourceState)
    assert len({words for words, _tone in STATES.values()}) == len(STATES)


def test_a_row_tells_every_figure(site: OperatorSite) -> None:
    figures = source_figures(
        newest=(
            period(0.5, {"amount_missing": 2}, claims=38, too_slow=2),
            period(2.0, {"amount_missing": 1}, no_claims=10),
        ),
        last={AskResult.CLAIMS: NOW - 2 * HOUR, AskResult.TOO_SLOW: NOW - HOUR},
        certificates=(Certificate(CertificateRole.SERVER, NOW + timedelta(days=10), NOW),),
        circuit=Circuit(1, 2, NOW + timedelta(minutes=1)),
        batch_as_of=NOW - timedelta(days=3),
        index_as_of=NOW - timedelta(days=1),
    )
    text = page(site, "/", figures)
    assert "1 van 1 bronnen vraagt aandacht" in text
    for words in (
        "Gemeente Voorbeeldstad, Belastingen",
        "Wordt nu niet gevraagd",
        "laatste uitkomst: te langzaam",
        "38 van 40 (95%)",
        "48 van 50 (96%)",
        "38 vorderingen",
        "10 geen vorderingen",
        "2 te langzaam",
        "3 amount_missing",
        "Stroomonderbreker open in 1 van 2 processen",
        "Certificaat van de bron: geldig tot",
        "(3 dagen oud)",
        "Verwijsindex: stand van",
        "Processen die bronnen vragen: 2",
    ):
        assert words in text, words
    assert re.search(r"p50 0,\d\d s p95 1,\d\d s p99 1,\d\d s", text), text


def test_what_is_not_known_is_not_zero(site: OperatorSite) -> None:
    text = page(site, "/", source_figures())
    for words in ("Nog nooit gevraagd", "nog nooit", "geen vragen", "geen metingen"):
        assert words in text, words
    assert "0%" not in text
    assert "0,00" not in text
    assert "Geen bron vraagt nu aandacht" in text


def test_what_needs_attention_stands_first(site: OperatorSite) -> None:
    well = source_figures("a-goed", newest=(period(claims=1),))
    broken = source_figures("b-stuk", newest=(period(unreachable=1),))
    text = page(site, "/", well, broken)
    assert text.index("B-stuk") < text.index("A-goed")
    assert "1 van 2 bronnen vraagt aandacht" in text


def test_a_source_that_is_not_connected_has_no_figures(site: OperatorSite) -> None:
    figures = source_figures()
    text = page(site, "/", replace(figures, source=replace(figures.source, connected=False)))
    assert "Niet aangesloten" in text
    assert "nog nooit" not in text


def test_without_sources_it_says_so(site: OperatorSite) -> None:
    assert "Er zijn nog geen bronnen ingesteld" in page(site, "/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"certificates": (Certificate(CertificateRole.CLIENT, NOW - HOUR, NOW),)}, "verlopen op"),
        ({"circuit": Circuit(2, 2, NOW - HOUR)}, "de volgende vraag is een proef"),
    ],
)
def test_a_source_that_answers_can_still_need_attention(changes: dict[str, Any], words: str) -> None:
    row = source_row(source_figures(newest=(period(claims=1),), **changes), NOW)
    assert row.needs_attention
    assert any(words in remark.words for remark in row.remarks)


def test_a_batch_source_without_delivery_needs_attention() -> None:
    figures = source_figures(newest=(period(claims=1),))
    row = source_row(replace(figures, source=replace(figures.source, batch_name="dorp")), NOW)
    assert [(remark.words, remark.tone) for remark in row.remarks] == [("Er is geen levering", "danger")]
    assert row.needs_attention


def test_a_delivery_that_is_too_old_says_so_beside_its_age() -> None:
    figures = source_figures(newest=(period(claims=1),), batch_as_of=NOW - timedelta(days=40))
    source = replace(figures.source, batch_name="dorp", stale_after=timedelta(days=35))
    row = source_row(replace(figures, source=source), NOW)
    assert row.remarks[0].words == "Levering te oud: antwoorden zijn onvolledig"
    assert "(40 dagen oud)" in row.remarks[1].words


def test_a_rule_is_told_in_words_with_its_name_behind_and_an_unknown_one_by_its_name(
    site: OperatorSite,
) -> None:
    broken = period(findings={"iban_check_digits": 2, "brand_new_rule": 1}, claims=3)
    text = page(site, "/", source_figures(newest=(broken,)))
    assert "2 rekeningnummer klopt niet iban_check_digits" in text
    assert "1 brand_new_rule" in text


def test_a_source_has_a_page_with_its_days(site: OperatorSite) -> None:
    figures = source_figures(newest=(period(0.5, claims=4), period(too_slow=1)))
    text = page(site, "/bronnen/belastingen", figures, source_figures("ander"))
    for words in ("4 van 4 (100%)", "0 van 1 (0%)", "blauwe-knop sources check belastingen", "te langzaam"):
        assert words in text, words
    assert text.count("geen vragen") >= 29
    assert "Ander" not in text


def test_an_unknown_source_has_no_page(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    assert browser.get("/bronnen/bestaat-niet").status_code == 404


def test_a_name_from_the_settings_is_text_on_the_page(site: OperatorSite) -> None:
    figures = source_figures()
    hostile = replace(figures, source=replace(figures.source, organisation="<script>alert(1)</script>"))
    site.monitor.sources = (hostile,)
    browser = site.browser()
    browser.log_in()
    for path in ("/", "/bronnen/belastingen"):
        assert "<script>" not in browser.get(path).text


def test_moments_of_today_and_yesterday_are_told_as_such() -> None:
    assert moment(NOW, NOW).startswith("vandaag ")
    assert moment(NOW - timedelta(days=1), NOW).startswith("gisteren ")
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d\.\d\d", moment(NOW - timedelta(days=5), NOW))
    assert moment(None, NOW) == "nog nooit"


def test_the_log_tells_whose_page_was_opened_but_repeats_no_unknown_name(
    site: OperatorSite, log: Lines
) -> None:
    browser = site.browser()
    browser.log_in()
    browser.get("/bronnen/belastingen")
    browser.get("/bronnen/jansen")
    lines = log()
    opened = [
        line for line in lines if line["event"] == "answered" and line["rule"] == "/bronnen/<source_id>"
    ]
    assert [(line["operator"], line.get("source_id")) for line in opened] == [
        ("mw-1", "belastingen"),
        ("mw-1", None),
    ]
    assert "jansen" not in repr(lines)


def test_the_metrics_are_those_of_the_same_figures(site: OperatorSite) -> None:
    total = period(claims=7)
    site.monitor.sources = (replace(source_figures(newest=(total,)), total=total),)
    text = site.browser().get("/metrics", Authorization="Bearer een-token-van-genoeg-tekens").text
    assert 'blauwe_knop_source_questions_total{result="claims",source="belastingen"} 7.0' in text
