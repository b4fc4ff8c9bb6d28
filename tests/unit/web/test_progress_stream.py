"""The stream that fills in the progress page: the same words as the page, a limited number, and an end."""

import json
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from app import language
from app.http.stream_places import StreamPlaces
from claims.outcome import FailureCause, SourceFailure
from tests.support import web_claims as given
from tests.support.web_site import BSN, Browser, WebSite
from tests.unit.web.conftest import MakeSite

FAILURE = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)
TAXES = given.source("belastingen", given.TAXES)
Told = tuple[str, object]


def gathering(make: MakeSite) -> tuple[WebSite, Browser, str]:
    """A citizen on the progress page, with one source that is still being asked."""
    web = make(given.answer("w", given.WATER), FAILURE)
    web.collections.pending, web.collections.may_show = (TAXES,), False
    browser = web.browser()
    return web, browser, browser.log_in().headers["Location"]


def events(answer: TestResponse) -> Iterator[Told]:
    """(name, data) of each event, as they come; comments are left out."""
    for chunk in answer.iter_encoded():
        fields = dict(
            line.split(": ", 1) for line in chunk.decode().splitlines() if not line.startswith(":") and line
        )
        if fields:
            yield fields["event"], json.loads(fields["data"])


def test_it_tells_every_source_at_once_then_what_changes_and_then_ends(make: MakeSite) -> None:
    web, browser, address = gathering(make)
    stream = events(browser.get(f"{address}/stroom"))
    first = [next(stream) for _ in range(4)]
    assert first[:3] == [
        ("bron", {"bron": "w", "staat": "Geen rekeningen", "toon": "success", "detail": ""}),
        (
            "bron",
            {
                "bron": "parkeren",
                "staat": "Geen antwoord",
                "toon": "warning",
                "detail": "Deze bron antwoordde niet op tijd.",
            },
        ),
        ("bron", {"bron": "belastingen", "staat": "Wij halen de gegevens op", "toon": "busy", "detail": ""}),
    ]
    assert first[3] == ("stand", "1 van 3 bronnen hebben geantwoord. 1 bron gaf geen antwoord.")
    web.collections.pending, web.collections.may_show = (), True
    web.collections.outcomes[BSN] += (given.answer("belastingen", given.TAXES),)
    told = list(stream)
    assert [name for name, _ in told] == ["bron", "stand", "klaar"]
    assert told[1] == ("stand", "2 van 3 bronnen hebben geantwoord. 1 bron gaf geen antwoord.")


def test_the_page_and_the_stream_say_the_same(make: MakeSite) -> None:
    _, browser, address = gathering(make)
    page = browser.get(address).text
    stream = events(browser.get(f"{address}/stroom"))
    for name, data in (next(stream) for _ in range(4)):
        words = [data] if name == "stand" else [data["staat"], data["bron"]]  # type: ignore[index]
        assert all(str(word) in page for word in words)


def test_its_language_stays_with_nobody(make: MakeSite) -> None:
    """The thread serves others after it, and may have to say that something went wrong before it knows who asks."""
    web, browser, address = gathering(make)
    web.collections.pending, web.collections.may_show = (), True
    told = list(events(browser.get(f"{address}/stroom?taal=en")))
    assert told[1][1]["detail"] == "This source did not answer in time."  # type: ignore[index]
    assert language.current() == language.DUTCH


def test_proxies_must_not_keep_it_and_its_ids_are_a_count(make: MakeSite) -> None:
    _, browser, address = gathering(make)
    answer = browser.get(f"{address}/stroom")
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    chunks = answer.iter_encoded()
    text = b"".join(next(chunks) for _ in range(4)).decode()
    assert [line for line in text.splitlines() if line.startswith("id: ")] == [
        f"id: {n}" for n in range(1, 5)
    ]
    assert BSN not in text


def test_logging_out_ends_it(make: MakeSite) -> None:
    web, browser, address = gathering(make)
    stream = events(browser.get(f"{address}/stroom"))
    next(stream)
    web.collections.views.clear()
    assert list(stream)[-1][0] == "klaar"


@pytest.mark.threat("T-01")
def test_somebody_else_hears_nothing_about_it(make: MakeSite) -> None:
    web, _, address = gathering(make)
    other = web.browser()
    other.log_in("999993549")
    assert list(events(other.get(f"{address}/stroom"))) == [("klaar", "")]
    assert web.browser().get(f"{address}/stroom").status_code == 401


def test_without_a_place_the_browser_is_told_not_to_try_again(make: MakeSite) -> None:
    _, browser, address = gathering(make)
    open_streams = [browser.get(f"{address}/stroom") for _ in range(3)]
    assert [answer.status_code for answer in open_streams] == [200] * 3
    refused = browser.get(f"{address}/stroom")
    assert (refused.status_code, refused.data) == (204, b"")
    open_streams[0].close()
    assert browser.get(f"{address}/stroom").status_code == 200


def test_a_place_that_is_never_given_back_is_free_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    places = StreamPlaces(1)
    lost = places.take()
    assert lost is not None
    assert places.take() is None
    monkeypatch.setattr("app.web.progress_stream.time.monotonic", lambda: 10.0**9)
    assert places.take() is not None
    places.give_back(lost)
    assert places.take() is None


def test_an_open_stream_says_that_somebody_waits_and_at_its_end_that_no_sign_follows(make: MakeSite) -> None:
    web, browser, address = gathering(make)
    stream = events(browser.get(f"{address}/stroom"))
    next(stream)
    assert web.collections.signs == [9.0]
    web.collections.may_show = True
    assert list(stream)[-1][0] == "klaar"
    assert web.collections.signs == [9.0, None]


def test_a_page_without_a_place_has_longer_because_it_looks_again_later(make: MakeSite) -> None:
    web, browser, address = gathering(make)
    places = [browser.get(f"{address}/stroom") for _ in range(3)]
    web.collections.signs.clear()
    assert browser.get(f"{address}/stroom").status_code == 204
    assert web.collections.signs == [21.0]
    assert len(places) == 3


def test_the_page_itself_asks_for_no_sign_so_that_a_browser_without_scripts_is_waited_for(
    make: MakeSite,
) -> None:
    web, browser, address = gathering(make)
    browser.get(address)
    web.collections.may_show = True
    browser.get("/overzicht")
    assert set(web.collections.signs) == {None}
