"""The table `batch` of a source that delivers files: how its file is written, and when its data are too old."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from sources.file_settings import Delimiter, FileSettings
from sources.suwi_settings import SuwiSettings

NEEDED_COLUMNS = frozenset({"bsn", "reference", "balance"})
AMOUNT_COLUMNS = frozenset({"balance", "opening", "costs", "interest", "paid", "remitted", "due_amount"})
DATE_COLUMNS = frozenset({"originated_on", "period_from", "period_until", "due_on"})
TEXT_COLUMNS = frozenset({"reference", "title", "kind_id", "legal_ground", "customer_number"})
COLUMNS = {"bsn", "name"} | AMOUNT_COLUMNS | DATE_COLUMNS | TEXT_COLUMNS


class SuwimlSettings(SuwiSettings):
    """The table `suwiml` below `batch`. With `municipality_code` the file must say that it is of that municipality."""

    municipality_code: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None


class BatchSettings(FileSettings):
    """`columns` (only csv): our name -> the heading in the file. `suwiml`: only for that format."""

    format: Literal["fcid", "csv", "suwiml"]
    columns: dict[str, Annotated[str, Field(min_length=1, max_length=200)]] = Field(default={})
    delimiter: Delimiter = ";"
    amounts: Literal["decimal_comma", "cents"] = "decimal_comma"
    dates: Literal["dutch", "iso"] = "dutch"
    suwiml: SuwimlSettings | None = None
    stale_after_days: int = Field(default=35, gt=0, le=400)

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
        if self.format != "csv" and self.columns:
            raise ValueError("columns are for csv only")
        if self.format == "fcid" and self.encoding != "utf-8":
            raise ValueError("a file of fcid documents is always utf-8")
        if self.format != "suwiml" and self.suwiml is not None:
            raise ValueError("the table suwiml is for the format suwiml only")
        if self.delete_after_days < self.stale_after_days:
            raise ValueError("delete_after_days is shorter than stale_after_days")
        return self

    @property
    def stale_after(self) -> timedelta:
        return timedelta(days=self.stale_after_days)
