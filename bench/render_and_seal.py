"""Making a sealed file, against the least that a seal costs: hashing the finished bytes and one bare signature.

"A constant seal" takes no work but is put in the same place; the bytes are still hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf

from app.documents import json as record
from app.ports.seals import Seal
from bench.measure import Operation, Ratio, compare, measure
from bench.overviews import Material, material
from bench.sizes import Paper, Sizes
from signing.keys.backend import signature_for_cms, signature_for_jws
from signing.policy import TrustPolicy
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.verifying.examination import examine_here
from tests.support.sealing import ConstantSeal
from tests.support.seals import Town

SEALED, UNSEALED, STEP = "render and seal", "render with a constant seal", "sealing step alone (hash and CMS)"
FLOOR, JSON_FLOOR = "hash and bare signature", "hash and bare signature of the JSON"
DOWNLOAD, JSON = "whole download (record, PDF, own seal verified)", "seal the JSON record"
_OFTEN = 20


def run(sizes: Sizes) -> list[Ratio]:
    """Every size with every kind of key."""
    towns = [(kind, Town.create(kind)) for kind in sizes.key_kinds]
    return [
        ratio
        for paper in sizes.documents
        for kind, town in towns
        for ratio in _one_size(f"render and seal, {kind}", town, paper)
    ]


def _one_size(subject: str, town: Town, paper: Paper) -> list[Ratio]:
    plan = paper.plan
    materials = [material(paper, number) for number in range(plan.warm_ups + plan.rounds)]
    finished = materials[0].write(PdfSeal(town.key))
    seconds = measure(_operations(town, materials, finished), plan)
    named = f"{subject}, {paper.claims} claims on {pages_of(finished)} pages"
    compared = (
        (SEALED, FLOOR),
        (SEALED, UNSEALED),
        (STEP, FLOOR),
        (DOWNLOAD, FLOOR),
        (DOWNLOAD, SEALED),
        (JSON, JSON_FLOOR),
    )
    return [compare(named, seconds, what, against) for what, against in compared]


def _operations(town: Town, materials: Sequence[Material], finished: bytes) -> dict[str, Operation]:
    key, seal, policy = town.key, PdfSeal(town.key), town.policy
    json_seal = JsonSeal(key)
    constant = ConstantSeal(seal.cms(bytes(32)))
    return {
        SEALED: Operation(lambda number: materials[number].write(seal)),
        UNSEALED: Operation(lambda number: materials[number].write(constant)),
        DOWNLOAD: Operation(lambda number: _download(policy, seal, materials[number])),
        STEP: Operation(lambda _: seal.cms(_hash(finished)), _OFTEN),
        FLOOR: Operation(lambda _: signature_for_cms(key, _hash(finished)), _OFTEN),
        JSON: Operation(lambda number: _seal_json(json_seal, materials[number]), _OFTEN),
        JSON_FLOOR: Operation(
            lambda number: signature_for_jws(key, _hash(materials[number].payload)), _OFTEN
        ),
    }


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    return len(pikepdf.open(BytesIO(data)).pages)


def _seal_json(seal: JsonSeal, source: Material) -> bytes:
    return seal.seal(source.payload, source.snapshot.made_at)


def _download(policy: TrustPolicy, seal: Seal, source: Material) -> None:
    """What one click costs after gathering, without the database: as app.services.issue does it."""
    payload = record.write_payload(source.snapshot)
    again = record.read_payload(payload).snapshot(source.snapshot.issuer)
    written = replace(source, snapshot=again, payload=payload).write(seal)
    if examine_here(written, policy, datetime.now(UTC)).finding is not Finding.GENUINE:
        raise RuntimeError("our own seal does not verify")


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
