"""What a municipality may write in its own way in SuwiML, whether it answers over the web service or delivers a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from claims.financial_claim import ClaimStatus
from claims.organisation import ContactOption, Organisation
from sources.suwi.codes import CodeLists
from sources.suwi.mapping import ReadingRules
from sources.suwi.values import AmountRule

Text = Annotated[str, Field(min_length=1, max_length=200)]
_Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")]


class SuwiSettings(BaseModel):
    """`reasons` and `statuses`: the official code lists are not public; what is not listed is "onbekend"."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    amount_decimals: int = Field(default=2, ge=0, le=6)
    reasons: dict[_Code, Text] = {}
    statuses: dict[_Code, ClaimStatus] = {}

    def reading_rules(
        self, source_id: str, creditor: Organisation, contact: tuple[ContactOption, ...] = ()
    ) -> ReadingRules:
        codes = CodeLists(self.reasons, self.statuses)
        return ReadingRules(source_id, creditor, contact, codes, AmountRule(self.amount_decimals))
