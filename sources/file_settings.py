"""What every file that a municipality delivers has in its settings, whether it holds claims or only an index."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Delimiter = Literal[";", ",", "\t", "|"]


class FileSettings(BaseModel):
    """`records` and `as_of` are what a covering letter says of the next file; they are needed only when the file does
    not say it itself. A file with less than `least_share_of_last` of the records of the one before is refused unless
    confirmed; 0 takes any. Sizes in bytes, unpacked."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    records: int | None = Field(default=None, gt=0)
    as_of: AwareDatetime | None = None
    delete_after_days: int = Field(default=70, gt=0, le=400)
    max_bad_share: float = Field(default=0.01, ge=0, le=0.5)
    least_share_of_last: float = Field(default=0.5, ge=0, le=1)
    max_file_bytes: int = Field(default=2_000_000_000, gt=0, le=50_000_000_000)
    max_record_bytes: int = Field(default=1_000_000, gt=0, le=5_000_000)

    @model_validator(mode="after")
    def _letter_is_whole(self) -> FileSettings:
        if (self.records is None) != (self.as_of is None):
            raise ValueError("records and as_of go together")
        return self

    @property
    def delete_after(self) -> timedelta:
        return timedelta(days=self.delete_after_days)
