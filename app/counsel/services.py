"""What the pages for counsellors need from the rest, handed over once by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.ports.shares import RegisteredOrganisation
from app.ports.staff_login import StaffLoginProvider
from app.services.audit import WritesAudit
from app.services.counsel import Counsel
from app.services.overviews import VerifiesFiles
from app.web.services import WebTexts

COUNSEL_PATH = "/voor-hulpverleners"


@dataclass(frozen=True, slots=True)
class Party:
    """A registered organisation, and where its employees log in."""

    organisation: RegisteredOrganisation
    login: StaffLoginProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselServices:
    """`parties` by the id of the organisation; who is not in it can do nothing. `address`: of these pages, without a slash at the
    end."""

    parties: Mapping[str, Party]
    counsel: Counsel
    verify: VerifiesFiles
    audit: WritesAudit
    texts: WebTexts
    address: str
