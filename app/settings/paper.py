"""The table [paper]: a printed overview can be looked up by its control code. Without it nothing is stored for that."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.settings.kinds import Part, SecretFile
from app.settings.secret_bytes import secret_bytes


class PaperSettings(Part):
    """`secret_file`: base64 of 32 random bytes or more (`openssl rand -base64 32`), kept outside the database and its backups;
    not that of [sharing]. `keep_days`: how long after it was made an overview can be looked up; the PDF says until when."""

    secret_file: SecretFile
    keep_days: Annotated[int, Field(ge=1, le=30)] = 30

    def secret(self) -> bytes:
        """Raises ValueError or OSError when the file holds no such secret."""
        return secret_bytes(self.secret_file, "paper.secret_file")
