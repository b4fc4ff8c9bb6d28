"""The table `batch` of a source that delivers files: how its file is written, and when its data are too old."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

NEEDED_COLUMNS = frozenset({"bsn", "reference", "balance"})
AMOUNT_COLUMNS = frozenset({"balance", "opening", "costs", "interest", "paid", "remitted", "due_amount"})
DATE_COLUMNS = frozenset({"originated_on", "period_from", "period_until", "due_on"})
TEXT_COLUMNS = frozenset({"reference", "title", "kind_id", "legal_ground", "customer_number"})
COLUMNS = {"bsn", "name"} | AMOUNT_COLUMNS | DATE_COLUMNS | TEXT_COLUMNS


class BatchSettings(BaseModel):
    """`columns` (only csv): our name -> the heading in the file. `records` and `as_of` are what a covering letter says
    of the next file; they are needed only when the file has no closing line of its own. Sizes in bytes, unpacked."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    format: Literal["fcid", "csv"]
    columns: dict[str, Annotated[str, Field(min_length=1, max_length=200)]] = {}
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    delimiter: Literal[";", ",", "\t", "|"] = ";"
    amounts: Literal["decimal_comma", "cents"] = "decimal_comma"
    dates: Literal["dutch", "iso"] = "dutch"
    records: int | None = Field(default=None, gt=0)
    as_of: AwareDatetime | None = None
    stale_after_days: int = Field(default=35, gt=0, le=400)
    delete_after_days: int = Field(default=70, gt=0, le=400)
    max_bad_share: float = Field(default=0.01, ge=0, le=0.5)
    max_file_bytes: int = Field(default=2_000_000_000, gt=0, le=50_000_000_000)
    max_record_bytes: int = Field(default=1_000_000, gt=0, le=5_000_000)

    @field_validator("columns")
    @classmethod
    def _columns_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        if not value.keys() <= COLUMNS:
            raise ValueError(f"columns can be: {', '.join(sorted(COLUMNS))}")
        if len(set(value.values())) < len(value):
            raise ValueError("two columns have the same heading")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> BatchSettings:
        if self.format == "csv" and not self.columns.keys() >= NEEDED_COLUMNS:
            raise ValueError(f"csv needs columns for {', '.join(sorted(NEEDED_COLUMNS))}")
        if self.format == "fcid" and (self.columns or self.encoding != "utf-8"):
            raise ValueError("columns and encoding are for csv only")
        if (self.records is None) != (self.as_of is None):
            raise ValueError("records and as_of go together")
        if self.delete_after_days < self.stale_after_days:
            raise ValueError("delete_after_days is shorter than stale_after_days")
        return self

    @property
    def stale_after(self) -> timedelta:
        return timedelta(days=self.stale_after_days)

    @property
    def delete_after(self) -> timedelta:
        return timedelta(days=self.delete_after_days)
