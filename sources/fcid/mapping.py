"""From an unverified document to one about the right person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from claims.checks import with_findings
from claims.fcid.reader import FcidDocument, FcidError, WrongPersonError, read_document
from claims.financial_claim import Finding
from claims.identity import Bsn
from claims.organisation import Organisation
from sources.answers import require_person
from sources.errors import SourceMalformed, WrongPerson


def read_answer(document: Mapping[str, object], bsn: Bsn, creditor: Organisation) -> FcidDocument:
    """Raises WrongPerson when document, case or event is about another person or the document says about nobody,
    and SourceMalformed when it cannot be read as a whole."""
    body = document.get("body")
    if not isinstance(body, dict):
        raise SourceMalformed("the answer is not a document with a body")
    require_person(body.get("bsn"), bsn)
    try:
        read = read_document(document, creditor)
    except WrongPersonError:
        raise WrongPerson("part of the document is about another person") from None
    except FcidError:
        raise SourceMalformed("the document cannot be read") from None
    return replace(read, claims=tuple(with_findings(claim) for claim in read.claims))


def supplier_findings(document: FcidDocument, organisation: Organisation) -> tuple[Finding, ...]:
    """Worth an administrator's look: somebody else than the organisation that we asked supplied the document."""
    known = organisation.oin is not None and document.supplied_by is not None
    return (Finding("supplied_by_other"),) if known and document.supplied_by != organisation.oin else ()
