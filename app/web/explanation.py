"""What kind of claim this is and on which law it rests, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from app.language import gettext as _
from app.language.stated import Stated, put_together
from claims.financial_claim import FinancialClaim
from claims.kinds import find_kind


def explanation(claim: FinancialClaim) -> tuple[str, ...]:
    """Sentences; empty when neither the source nor our catalogue says anything."""
    return tuple(_sentences(claim))


def _sentences(claim: FinancialClaim) -> Iterator[str]:
    kind = find_kind(claim.kind_id)
    if kind is not None:
        yield put_together((Stated(kind.name), ": ", _(kind.explanation)))
    ground = claim.legal_ground or (kind.legal_ground if kind else None)
    if ground:
        yield _("De wet waarop deze rekening rust: %(ground)s.", ground=Stated(ground))
