"""The table [audit]: the log of who did what, and how long it is kept."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.persistence.audit_pseudonyms import FilePseudonyms
from app.settings.kinds import Part, SecretFile, WebAddress


class AuditSettings(Part):
    """`pseudonym_keys_file`: lines of `key-id base64(32 bytes)`, oldest first, as the storage keys but other ones; see
    docs/keys.md. `keep_days`: how long a row is kept, and with it the keys that it needs. `processing_activity`: address of
    this service in your register of processing activities (AVG article 30), for `audit export --format logboek`.
    """

    pseudonym_keys_file: SecretFile
    keep_days: Annotated[int, Field(ge=31, le=3660)] = 365
    processing_activity: WebAddress | None = None

    def pseudonyms(self) -> FilePseudonyms:
        """Raises ValueError or OSError when the file is no key ring."""
        return FilePseudonyms(self.pseudonym_keys_file)
