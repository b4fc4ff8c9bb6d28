"""Files that the service itself could have made: every kind of key, level and content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

from app.documents.json import write_payload
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
from signing.sealing.pdf import PdfSeal
from simulators.authority import Authority
from simulators.certificates import Identity, KeyKind
from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support import snapshots
from tests.support.pdf_builder import build_pdf
from tests.support.seals import cms_at_any_time, days_ago

_LONG = "Een omschrijving van precies vierhonderd tekens met woorden van verschillende lengte. " * 5
_KINDS: tuple[KeyKind, ...] = get_args(KeyKind)
_LEVELS = ("B-T", "B-LT")
PDF, JSON = Group("genuine-pdf", 11), Group("genuine-json", 11, "json")
EXPIRED_PDF, EXPIRED_JSON = Group("expired-since-pdf", 9), Group("expired-since-json", 9, "json")


def _long_texts() -> tuple[SourceOutcome, ...]:
    claim = replace(snapshots.tax_claim(), title=_LONG[:400], events=(snapshots.long_event(400),))
    return (snapshots.answer(Organisation("Đặng Žižković-Ŵynn Ḋ"), "namen", claim),)


CONTENTS: dict[str, tuple[str, Callable[[], tuple[SourceOutcome, ...]]]] = {
    "no-source": ("no source at all", lambda: ()),
    "no-claims": ("no claims", lambda: snapshots.many_outcomes(0)),
    "one-claim": ("one claim", lambda: snapshots.many_outcomes(1)),
    "partial": ("sources that failed, answered in part or are not connected", snapshots.partial_outcomes),
    "long-texts": ("texts of 400 characters and names with rare letters", _long_texts),
    "hundred-claims": ("a hundred claims", lambda: snapshots.many_outcomes(100)),
    "fifty-pages": ("1,325 claims over fifty pages", lambda: snapshots.many_outcomes(1325)),
}


def cases() -> Iterator[Case]:
    for kind in _KINDS:
        yield PDF.case(f"full-{kind}", f"five sources, sealed with {kind}", _overview(kind, "B-B"))
        yield JSON.case(
            f"full-{kind}", f"five sources, sealed with {kind}", given(lambda w, k: w.json(k), kind)
        )
        for level in _LEVELS:
            why = f"five sources at level {level}, sealed with {kind}"
            yield PDF.case(f"full-{kind}-{level.lower()}", why, _overview(kind, level))
    for name, (why, outcomes) in CONTENTS.items():
        yield PDF.case(name, why, given(lambda w, o: w.sealed(w.snapshot(o())), outcomes))
        yield JSON.case(name, why, given(lambda w, o: w.town.json(write_payload(w.snapshot(o()))), outcomes))
    yield PDF.case(
        "partial-b-lt", "a partial overview at level B-LT",
        lambda w: w.sealed(w.snapshot(snapshots.partial_outcomes()), level="B-LT"),
    )  # fmt: skip
    yield from _at_the_edges()
    yield from _expired()


def _overview(kind: KeyKind, level: str) -> Callable[[World], bytes]:
    return lambda world: world.overview(kind, level)


def _at_the_edges() -> Iterator[Case]:
    yield PDF.case("small", "another writer, the same seal", lambda w: w.small())
    yield PDF.case("thousand-pages", "a thousand pages", lambda w: w.small(junk_pages=1000))
    yield PDF.case("five-thousand-pages", "five thousand pages", lambda w: w.small(junk_pages=4999))
    yield PDF.case("capital-digits", "capital digits in the seal's room", _capital_digits)
    yield PDF.case("first-second", "sealed in the certificate's first second", _first_second)
    yield PDF.case(
        "clock-ahead", "a clock five minutes ahead", lambda w: w.small(sealed_at=days_ago(-5 / 1440))
    )
    yield PDF.case("directly-below-root", "no intermediate authority", lambda w: w.forged_pdf(_below_root(w)))
    yield JSON.case(
        "directly-below-root", "no intermediate authority", lambda w: w.forged_json(_below_root(w))
    )
    yield PDF.case(
        "expired-but-stamped", "expired since, but the time-stamp proves the moment", _expired_stamped
    )
    yield JSON.case("yesterday", "sealed yesterday", lambda w: w.town.json(w.record, days_ago(0.9)))


def _capital_digits(world: World) -> bytes:
    seal = PdfSeal(world.town.key)

    class Capitals(bytes):
        def hex(self) -> str:  # type: ignore[override]
            return super().hex().upper()

    return build_pdf(world.plan(), lambda digest: Capitals(seal.cms(digest)))


def _first_second(world: World) -> bytes:
    town = world.town.with_seal(not_before=days_ago(3))
    return world.forged_pdf(town.identity, town.identity.certificate.not_valid_before_utc)


def _below_root(world: World) -> Identity:
    authority = world.town.authority
    direct = Authority(authority.seal_root, authority.seal_root, authority.tls_root)
    return replace(world.town, authority=direct).with_seal().identity


def _expired_stamped(world: World) -> bytes:
    """The time-stamp authority's clock stood at the moment of sealing then."""
    old = world.town.with_seal(not_before=days_ago(30), not_after=days_ago(10))
    client = world.place.client_at(days_ago(20))
    seal = PdfSeal(old.key).with_time_stamp(client)
    plan = world.plan(sealed_at=days_ago(20), level=seal.level, reserved_size=seal.reserved_size)
    return build_pdf(plan, cms_at_any_time(old.key, client))


def _expired() -> Iterator[Case]:
    for kind in _KINDS:
        why = f"the certificate ({kind}) has expired since, no time-stamp"
        yield EXPIRED_PDF.case(kind, why, given(lambda w, k: _sealed_before(w, k, as_json=False), kind))
        yield EXPIRED_JSON.case(kind, why, given(lambda w, k: _sealed_before(w, k, as_json=True), kind))


def _sealed_before(world: World, kind: KeyKind, *, as_json: bool) -> bytes:
    old = world.town.with_seal(key_kind=kind, not_before=days_ago(30), not_after=days_ago(10))
    if as_json:
        return old.json(world.record, days_ago(20))
    return build_pdf(world.plan(sealed_at=days_ago(20)), cms_at_any_time(old.key))
