"""The table `index` of a source that is asked over the network: its municipality also delivers whom it knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from sources.file_settings import Delimiter, FileSettings


class IndexSettings(FileSettings):
    """`column`: the heading above the BSNs; None: no headings, one BSN per line. An index that is older than
    `max_age_hours` is not used. `ask_everyone`: the index decides nothing yet, but an answer with claims about somebody
    who is not in it is reported: to try a new supplier."""

    column: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    delimiter: Delimiter = ";"
    max_age_hours: int = Field(default=24, gt=0, le=24 * 31)
    ask_everyone: bool = False
    delete_after_days: int = Field(default=7, gt=0, le=62)
    max_record_bytes: int = Field(default=10_000, gt=0, le=5_000_000)

    @model_validator(mode="after")
    def _is_kept_as_long_as_it_is_used(self) -> IndexSettings:
        if self.delete_after < self.max_age:
            raise ValueError("delete_after_days is shorter than max_age_hours")
        return self

    @property
    def max_age(self) -> timedelta:
        return timedelta(hours=self.max_age_hours)
