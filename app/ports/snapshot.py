"""The frozen moment from which every file of one download is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.ports.case_reference import CaseReference
from claims.identity import Bsn
from claims.organisation import ContactOption, Organisation
from claims.overview import Overview


@dataclass(frozen=True, slots=True)
class Issuer:
    """The organisation that seals, and where its documents are verified. `verify_address` is the fixed public page.
    `paper_days`: how long a printed document can be looked up there by its control code; None: it cannot."""

    organisation: Organisation
    organization_identifier: str
    verify_address: str
    contact: tuple[ContactOption, ...] = ()
    paper_days: int | None = None

    @property
    def seal_address(self) -> str:
        """The fixed page with the certificates of the seal and their fingerprints, beside that for verifying."""
        return f"{self.verify_address.rpartition('/')[0]}/zegel"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`number` is BK-YYYY-XXXXXXXXXX; `nonce` is 128 random bits in hexadecimal, so that nobody can guess amounts
    from the control code. `bsn`: whose claims these are. `requested_by`: the last three digits of the number of who asked
    for them on behalf of that person (DigiD Machtigen); None: that person did. The rest of it is nobody's business who gets
    the document. `case_reference`: what the site from which that person came said it is about."""

    number: str
    nonce: str
    made_at: datetime
    bsn: Bsn
    overview: Overview
    issuer: Issuer
    requested_by: str | None = None
    case_reference: CaseReference | None = None
