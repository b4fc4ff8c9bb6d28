"""Archived copies (row 10): what the archive command makes at every level, and what others make of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from signing.sealing.pdf import LongTermData
from signing.sealing.timestamps import TimeStampClient
from simulators.time_stamps import StampProfile, TimeStampIssuer
from tests.corpus.case import Build, Case, Group, Register, given
from tests.corpus.registered import ROWS
from tests.corpus.world import World
from tests.support import tampering
from tests.support.pdf_builder import build_pdf
from tests.support.seals import cms_at_any_time, days_ago

COPY, REGISTERED = Group("archived-pdf", 10), Group("archived-register-pdf", 10)
TAMPERED, MAKER = Group("archived-changed", 3), Group("archived-maker", 4)
LAPSED = Group("archived-lapsed", 9)
_END = b"%%EOF\n"


def cases() -> Iterator[Case]:
    for level in ("B-B", "B-T", "B-LT"):
        why = f"an archived copy of a file at level {level}"
        yield COPY.case(f"of-{level.lower()}", why, given(lambda w, name: w.archived(name), level))
    yield COPY.case("renewed", "archived twice", lambda w: w.archived(times=2))
    yield COPY.case("renewed-often", "archived five times", lambda w: w.archived(times=5))
    yield COPY.case(
        "rsa3072", "an archived copy, sealed with rsa3072",
        lambda w: w.place.archived(w.overview("rsa3072", "B-LT")),
    )  # fmt: skip
    yield COPY.case("expired-seal", "the seal's certificate expired after archiving", _expired_seal)
    yield COPY.case("renewed-in-time", "renewed before the first time-stamp's certificate expired", _in_time)
    yield LAPSED.case("too-late", "renewed after the first time-stamp's certificate had expired", _too_late)
    yield LAPSED.case("not-renewed", "seal and time-stamp have expired since", _not_renewed)
    yield from _registered()
    yield from _changed()
    yield from _by_the_wrong_maker()


def _registered() -> Iterator[Case]:
    """A copy is judged by the register too: the rows above 10 go first."""
    for register, (row, why) in ROWS.items():
        name = register.name.lower().replace("_", "-")
        row = 10 if register is Register.KNOWN else row
        case = REGISTERED.case(name, f"archived; {why}", lambda w: w.archived(), row)
        yield replace(case, register=register)


def _sealed_in_the_past(world: World) -> tuple[bytes, datetime]:
    """A file of 20 days ago, of which the certificate expired 10 days ago."""
    old, at = world.town.with_seal(not_before=days_ago(30), not_after=days_ago(10)), days_ago(20)
    return build_pdf(world.plan(sealed_at=at), cms_at_any_time(old.key)), at


def _archived_at(world: World, data: bytes, at: datetime, by: TimeStampIssuer | None = None) -> bytes:
    """With the revocation lists and a time-stamp of that moment."""
    place = world.place
    return place.archived(data, place.client_at(at, by), place.long_term_at(at))


def _expired_seal(world: World) -> bytes:
    data, at = _sealed_in_the_past(world)
    return _archived_at(world, data, at + timedelta(hours=1))


def _not_renewed(world: World) -> bytes:
    data, at = _sealed_in_the_past(world)
    lapsed = world.town.tsa.with_profile(StampProfile(not_after=days_ago(7)))
    return _archived_at(world, data, at + timedelta(hours=1), lapsed)


def _in_time(world: World) -> bytes:
    return _archived_at(world, _not_renewed(world), days_ago(8))


def _too_late(world: World) -> bytes:
    return world.place.archived(_not_renewed(world))


def _changed() -> Iterator[Case]:
    for name, (why, change) in _CHANGES.items():
        yield TAMPERED.case(name, why, given(lambda w, c: c(w.archived()), change))
    for name, (why, build) in _OTHERS.items():
        yield TAMPERED.case(name, why, build)


def _section_of(data: bytes) -> bytes:
    return data[data.index(_END) + len(_END) :]


def _doubled(data: bytes) -> bytes:
    return data + _section_of(data)


def _cut_token(data: bytes) -> bytes:
    """The document time-stamp overwritten with zeros."""
    start = data.index(b"/Contents <", data.index(b"/DocTimeStamp")) + len(b"/Contents <")
    end = data.index(b">", start)
    return data[:start] + b"0" * (end - start) + data[end:]


def _flipped_at(mark: bytes, *, in_section: bool) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        place = data.index(mark, data.index(_END) if in_section else 0)
        return tampering.flip_bit(data, place + len(mark) - 1)

    return change


_CHANGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "white-box": ("a white box over an archived copy", tampering.white_box),
    "title": ("another title on an archived copy", tampering.change_title),
    "saved-anew": ("an archived copy opened and saved", tampering.save_again),
    "newline-behind": ("one empty line behind an archived copy", lambda data: data + b"\n"),
    "object-behind": ("an object behind an archived copy", lambda data: data + b"1 0 obj\n<<>>\nendobj\n"),
    "section-twice": ("the same section once more behind it", _doubled),
    "section-cut": ("an archived copy without its last byte", lambda data: data[:-1]),
    "section-half": ("an archived copy, cut in the middle of the section", lambda data: data[: -len(_section_of(data)) // 2]),
    "stamp-emptied": ("the document time-stamp overwritten with zeros", _cut_token),
    "stamp-field": ("one bit flipped in the field of the document time-stamp", _flipped_at(b"/T (Archief", in_section=True)),
    "stamp-range": ("one bit flipped in what the document time-stamp covers", _flipped_at(b"/ByteRange [0", in_section=True)),
    "stored-list": ("one bit flipped in a revocation list that was put in", _flipped_at(b"stream\n0", in_section=True)),
    "index": ("one bit flipped in the index of the section", _flipped_at(b"/Type /XRef", in_section=True)),
    "original-moment": ("one bit flipped in the moment of sealing, in front", _flipped_at(b"/M (D:20", in_section=False)),
    "in-front": ("one empty line before an archived copy", lambda data: b"\n" + data),
}  # fmt: skip


def _two_chains(world: World) -> bytes:
    """Both sections were made over the bare file, so that the second does not cover the first."""
    original = world.overview("p256", "B-LT")
    return world.archived() + _section_of(world.place.archived(original))


def _turned(world: World) -> bytes:
    """Two sections in the wrong order."""
    once, twice = world.archived(), world.archived(times=2)
    original = once[: once.index(_END) + len(_END)]
    return original + twice[len(once) :] + once[len(original) :]


def _section_of_another(world: World) -> bytes:
    other = _section_of(world.place.archived(world.overview("p256", "B-T")))
    return world.overview("p256", "B-LT") + other


def _hidden(world: World) -> bytes:
    """Something else than certificates and lists in the store."""
    return _with_items(world, LongTermData((b"een geheim bericht",), ()))


def _hidden_behind_certificate(world: World) -> bytes:
    certificate = world.town.key.certificate.public_bytes(Encoding.DER)
    return _with_items(world, LongTermData((certificate + b"en nog iets",), ()))


def _with_items(world: World, items: LongTermData) -> bytes:
    return world.place.archived(world.overview("p256", "B-T"), data=items)


def _stamp_over_something_else(world: World) -> bytes:
    class Other(TimeStampClient):
        def token(self, digest: bytes) -> bytes:
            return world.place.client.token(bytes(32))

    return world.place.archived(world.overview("p256", "B-T"), Other(world.place.client._authority))


def _store_appended(world: World) -> bytes:
    """The same long-term data as in our B-LT, but behind the seal: as most programs do it, and EU DSS wants it."""
    data = world.place.long_term
    return tampering.append_store(world.overview("p256", "B-T"), data.certificates, data.crls)


_OTHERS: dict[str, tuple[str, Build]] = {
    "before": (
        "a white box drawn before archiving",
        lambda w: w.place.archived(tampering.white_box(w.overview("p256", "B-T"))),
    ),
    "content-before": (
        "another moment written in before archiving",
        lambda w: w.place.archived(_flipped_at(b"/M (D:20", in_section=False)(w.overview("p256", "B-T"))),
    ),
    "two-chains": ("two chains: each section covers the bare file only", _two_chains),
    "turned": ("two sections in the wrong order", _turned),
    "section-of-another": ("the section of another file behind it", _section_of_another),
    "hidden": ("a secret message in place of a certificate", _hidden),
    "hidden-behind": ("a secret message behind a certificate", _hidden_behind_certificate),
    "other-digest": ("a genuine time-stamp over something else", _stamp_over_something_else),
    "store-only": ("the long-term data appended after sealing, without a time-stamp", _store_appended),
}


def _by_the_wrong_maker() -> Iterator[Case]:
    for name, (why, build) in _MAKERS.items():
        yield MAKER.case(name, why, build)


def _stamped_by(issuer: Callable[[], TimeStampIssuer]) -> Build:
    return lambda world: world.place.archived(
        world.overview("p256", "B-LT"), world.place.client_at(days_ago(0), issuer())
    )


def _backwards(world: World) -> bytes:
    """The second time-stamp says an earlier moment than the first."""
    return world.place.archived(world.archived(), world.place.client_at(days_ago(1)))


def _revoked_before(world: World) -> bytes:
    town = world.town.with_seal()
    world.town.authority.revoke(town.identity, days_ago(0.1))
    return world.place.archived(world.small(town, sealed_at=days_ago(0.3)))


_MAKERS: dict[str, tuple[str, Build]] = {
    "unknown-stamps": (
        "time-stamp of an authority that nobody knows",
        _stamped_by(functools.partial(TimeStampIssuer.create, name="Vreemd")),
    ),
    "same-name-stamps": ("time-stamp of an authority with the same names", _stamped_by(TimeStampIssuer.create)),
    "backwards": ("a second time-stamp that is older than the first", _backwards),
    "stranger": (
        "an archived copy of a stranger's file", lambda w: w.place.archived(w.small(w.stranger)),
    ),
    "revoked-before": ("archived after the key was revoked: the time-stamp comes too late", _revoked_before),
}  # fmt: skip
