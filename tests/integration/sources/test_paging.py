"""An answer in pages: everything is counted over all pages together, and what is cut is never called full."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from claims.outcome import FailureCause, OutcomeKind, PartialReason, SourceOutcome
from simulators.authority import Authority
from simulators.organisations.server import Exchange, TlsServer
from sources.config import SourceConfig
from tests.integration.sources.support import answer_of, ask, cause_of

BSN, OTHER = "999993549", "111111110"
Json = dict[str, Any]


def claims(*numbers: int) -> list[Json]:
    return [{"kenmerk": f"K-{number}", "saldo": 100 + number} for number in numbers]


def page(here: list[Json], following: object = None, **more: object) -> Json:
    answer: Json = {
        "bsn": BSN,
        "peilmoment": "2026-11-22T12:00:00+01:00",
        "grondslag": "rechtstreeks",
        "volledig": True,
        "vorderingen": here,
        "vervolg": following,
    }
    return answer | more


@dataclass
class Book:
    """A source that answers question by question with `give(number)`; it keeps what it was asked."""

    folder: Path
    give: Callable[[int], Json] = lambda _number: page([])
    before: Callable[[int], None] = lambda _number: None
    asked: list[Json] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def respond(self, exchange: Exchange) -> None:
        self.targets.append(exchange.path)
        self.asked.append(json.loads(exchange.rfile.read(int(exchange.headers["Content-Length"]))))
        self.before(len(self.asked))
        exchange.send(200, json.dumps(self.give(len(self.asked))).encode())

    def outcome(self, port: int, **settings: object) -> SourceOutcome:
        config = SourceConfig.model_validate(
            {
                "source_id": "boek",
                "organisation": "Gemeente Voorbeeld",
                "protocol": "municipal_rest",
                "url": f"https://127.0.0.1:{port}/basis/",
                "ca_file": self.folder / "root.pem",
                "behind_gateway": True,
                "total_seconds": 30,
                "stale_after_hours": 1_000_000,
                **settings,
            }
        )
        return ask(config, BSN)


@dataclass(frozen=True)
class Scene:
    book: Book
    port: int

    def ask(self, give: Callable[[int], Json], **settings: object) -> SourceOutcome:
        self.book.give = give
        return self.book.outcome(self.port, **settings)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    authority = Authority.create()
    authority.write_tls_root(tmp_path / "root.pem")
    files = authority.issue_server().write(tmp_path, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate_file, files.key_file)
    book = Book(tmp_path)
    server = TlsServer("book", ("127.0.0.1", 0), context, book.respond)
    server.run_in_background()
    yield Scene(book, server.port)
    server.stop()


def test_pages_are_read_to_the_end_and_are_full(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n), f"blad-{n}" if n < 5 else None)))
    assert [claim.reference for claim in answer.claims] == ["K-1", "K-2", "K-3", "K-4", "K-5"]
    assert answer.is_full
    assert [question.get("vervolg") for question in scene.book.asked] == [
        None,
        "blad-1",
        "blad-2",
        "blad-3",
        "blad-4",
    ]


def test_after_ten_pages_it_ends_and_is_partial(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n), f"blad-{n}")))
    assert len(answer.claims) == len(scene.book.asked) == 10
    assert answer.partial == (PartialReason.MORE_PAGES,)


def test_ten_pages_of_which_the_tenth_is_the_last_are_full(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n), f"blad-{n}" if n < 10 else None)))
    assert len(answer.claims) == 10
    assert answer.is_full


def test_all_pages_together_may_not_be_too_large(scene: Scene) -> None:
    """Four times max_bytes; every single page stays below it."""
    filler = {"toelichting": "x" * 8_000}
    answer = answer_of(scene.ask(lambda n: page(claims(n), f"blad-{n}", **filler), max_bytes=10_000))
    assert len(answer.claims) == 4
    assert len(scene.book.asked) == 5
    assert answer.partial == (PartialReason.MORE_PAGES,)


def test_all_pages_together_may_not_have_too_many_claims(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(*range(n * 4000, n * 4000 + 4000)), f"blad-{n}")))
    assert len(answer.claims) == 12_000
    assert len(scene.book.asked) == 3
    assert answer.partial == (PartialReason.MORE_PAGES,)


def test_a_source_that_goes_round_in_circles_is_left_and_is_partial(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n % 2), f"blad-{n % 2}")))
    assert len(scene.book.asked) == 3
    assert {claim.reference for claim in answer.claims} == {"K-0", "K-1"}
    assert answer.partial == (PartialReason.MORE_PAGES,)


def test_a_mark_that_was_used_before_is_not_followed_whatever_is_on_the_page(scene: Scene) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n), f"blad-{n % 2}")))
    assert len(scene.book.asked) == len(answer.claims) == 3
    assert answer.partial == (PartialReason.MORE_PAGES,)


@pytest.mark.parametrize("last", ["blad-9", None])
def test_the_same_page_twice_is_partial_also_when_it_says_to_be_the_last(
    scene: Scene, last: str | None
) -> None:
    """The page that should have been there was never seen."""
    answer = answer_of(scene.ask(lambda n: page(claims(1, 2), "blad-2" if n == 1 else last)))
    assert len(scene.book.asked) == 2
    assert [claim.reference for claim in answer.claims] == ["K-1", "K-2"]
    assert answer.partial == (PartialReason.MORE_PAGES,)


@pytest.mark.parametrize("elsewhere", ["https://elders.invalid/blad-2", "//elders.invalid", "/../beheer"])
def test_a_mark_that_looks_like_an_address_is_sent_back_and_never_followed(
    scene: Scene, elsewhere: str
) -> None:
    answer = answer_of(scene.ask(lambda n: page(claims(n), elsewhere if n == 1 else None)))
    assert answer.is_full
    assert scene.book.asked[1]["vervolg"] == elsewhere
    assert set(scene.book.targets) == {"/basis/vorderingen/opvragen"}


@pytest.mark.parametrize("mark", [2, True, "", "x" * 501, ["blad-2"], {"url": "https://elders.invalid"}])
def test_a_mark_that_is_no_text_keeps_the_page_but_not_as_a_full_answer(scene: Scene, mark: object) -> None:
    assert answer_of(scene.ask(lambda _n: page(claims(1), mark))).partial == (PartialReason.MORE_PAGES,)
    assert scene.ask(lambda _n: page([], mark)).kind is OutcomeKind.NO_ANSWER


@pytest.mark.parametrize("change", [{"bsn": OTHER}, {"bsn": None}])
@pytest.mark.parametrize("here", [claims(1), claims(2), []])
def test_a_page_half_way_about_somebody_else_or_nobody_costs_everything(
    scene: Scene, change: Json, here: list[Json]
) -> None:
    """Also when its claims are those of the first page."""
    outcome = scene.ask(lambda n: page(claims(1), "blad-2") if n == 1 else page(here, **change))
    assert cause_of(outcome) is FailureCause.WRONG_PERSON


def test_the_time_counts_over_all_pages(scene: Scene) -> None:
    """Each page comes well in time; together they do not."""
    scene.book.before = lambda _number: time.sleep(0.7)
    outcome = scene.ask(lambda n: page(claims(n), f"blad-{n}"), total_seconds=3)
    assert len(scene.book.asked) < 10
    assert not outcome.is_full


def test_an_empty_first_page_with_a_next_one_that_fails_is_no_answer(scene: Scene) -> None:
    outcome = scene.ask(lambda n: page([], "blad-2") if n == 1 else {"storing": True, "bsn": BSN})
    assert outcome.kind is OutcomeKind.NO_ANSWER
