"""Rendering and sealing at every level, with the key in software and in SoftHSM2, against the floor and against the
default way of pyHanko at the same level.

The floor is hashing the finished bytes and one bare signature, for a key in a token one in that token. A time-stamp is
asked over a kept connection on loopback, of an authority in another process; only our own processor time counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bench.default_path import DefaultPath, without_seal
from bench.measure import Operation, Ratio, compare, measure
from bench.overviews import Material, material
from bench.places import LEVELS, Office, offices
from bench.render_and_seal import pages_of
from bench.sizes import Paper, Sizes
from bench.token import key_in, token
from signing.keys.backend import KeyBackend, signature_for_cms
from signing.sealing.pdf import PdfSeal
from tests.support.sealing import ConstantSeal

_OFTEN = 20


def run(sizes: Sizes) -> list[Ratio]:
    """Every size with every kind of key."""
    with offices(sizes.key_kinds) as known, token() as hsm:
        places = [
            _Place(kind, office, key_in(hsm, office.town.identity, kind)) for kind, office in known.items()
        ]
        return [ratio for paper in sizes.levels for place in places for ratio in _one_size(place, paper)]


@dataclass(frozen=True)
class _Place:
    """One kind of key, in software and in a token."""

    kind: str
    office: Office
    token_key: KeyBackend

    @property
    def keys(self) -> dict[str, KeyBackend]:
        return {"software": self.office.town.key, "SoftHSM2": self.token_key}


def _one_size(place: _Place, paper: Paper) -> list[Ratio]:
    materials = [material(paper, number) for number in range(paper.plan.warm_ups + paper.plan.rounds)]
    finished = materials[0].write(PdfSeal(place.office.town.key))
    operations = {
        **_ours(materials, place),
        **_default_path(materials, place.office),
        **{_floor(name): _bare(key, finished) for name, key in place.keys.items()},
    }
    seconds = measure(operations, paper.plan)
    subject = f"render and seal at every level, {place.kind}, {pages_of(finished)} pages"
    return [
        compare(subject, seconds, f"{name}, {level}", against)
        for level in LEVELS
        for name in place.keys
        for against in (_floor(name), _pyhanko(level))
    ]


def _floor(place: str) -> str:
    return f"hash and bare signature, {place}"


def _pyhanko(level: str) -> str:
    return f"rendered, then pyHanko's default path, {level}"


def _ours(materials: Sequence[Material], place: _Place) -> dict[str, Operation]:
    seals = {
        f"{name}, {level}": place.office.seal(key, level)
        for name, key in place.keys.items()
        for level in LEVELS
    }
    return {name: Operation(partial(_write, materials, seal)) for name, seal in seals.items()}


def _write(materials: Sequence[Material], seal: PdfSeal, number: int) -> bytes:
    return materials[number].write(seal)


def _bare(key: KeyBackend, finished: bytes) -> Operation:
    return Operation(lambda _: signature_for_cms(key, hashlib.sha256(finished).digest()), _OFTEN)


def _default_path(materials: Sequence[Material], office: Office) -> dict[str, Operation]:
    """Rendering with our own renderer, and pyHanko's part on a file that was prepared before."""
    path, constant = DefaultPath.of(office), ConstantSeal()
    bare = [without_seal(one.write(constant)) for one in materials]

    def sign(level: str, number: int) -> None:
        materials[number].write(constant)
        path.sign(bare[number], level)

    return {_pyhanko(level): Operation(partial(sign, level)) for level in LEVELS}
