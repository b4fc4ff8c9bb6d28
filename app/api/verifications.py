"""Anybody may have a document verified, without a token. It is looked at and not kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from app.api.answers import JSON, as_json, check_query, instant, refuse, wanted
from app.api.problems import Fault, In, Problem
from app.api.resources import Resources
from app.api.services import ApiServices
from app.http.routes import Pace
from app.services.verdict_text import describe, kind_of_document
from app.services.verify import Verdict
from signing.report import Check

log = logging.getLogger(__name__)

DOCUMENT_TYPES = ("application/pdf", "application/jose+json", JSON, "application/octet-stream")


@dataclass(frozen=True)
class Verifications:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.public("/verificaties", "verify", self.verify, "POST", Pace.UPLOAD)

    def verify(self) -> ResponseReturnValue:
        """Of the content only the verdict and the size are logged."""
        wanted(JSON)
        if request.mimetype not in DOCUMENT_TYPES:
            raise Problem(
                415,
                "Dit soort inhoud kennen wij niet",
                f"Stuur het document als {', '.join(DOCUMENT_TYPES)}.",
            )
        unverified_file = request.get_data(cache=False)
        faults = check_query()
        if not unverified_file:
            faults += (Fault(In.BODY, "", "Het document ontbreekt: de inhoud van het verzoek is leeg."),)
        refuse(*faults)
        verdict = self.services.verify.verify(unverified_file)
        log.info("verified", extra={"reason": verdict.reason.value, "size": len(unverified_file)})
        return as_json(members(verdict))


def members(verdict: Verdict) -> dict[str, object]:
    """The same words as on the page; facts of the content only when the verdict is "echt"."""
    text = describe(verdict)
    return {
        "oordeel": verdict.kind.word,
        "regel": verdict.row,
        "reden": verdict.reason.value,
        "uitleg": text.headline,
        "volgende_stap": text.next_step,
        "waarschuwingen": list(text.warnings),
        "organisatie": verdict.organisation,
        "soort": kind_of_document(verdict),
        "nummer": verdict.content.number if verdict.content else None,
        "verzegeld_op": instant(verdict.sealed_at),
        "bewezen_op": instant(verdict.proven_at),
        "ingetrokken_op": instant(verdict.revoked_at),
        "nieuwer_nummer": verdict.newer_number,
        "controlecode": verdict.control_code,
        "feiten": [{"naam": name, "waarde": value} for name, value in text.facts],
        "register_gevraagd": verdict.register_asked,
        "controles": [_check(check) for check in verdict.checks],
        "sha256": verdict.sha256,
    }


def _check(check: Check) -> dict[str, object]:
    return {"nummer": check.number, "uitkomst": check.outcome.value, "reden": check.reason}
