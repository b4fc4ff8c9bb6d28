"""The seals of one organisation, from the best level that can be had now down to the one that needs nobody."""

from collections.abc import Iterator

from signing.report import B_B, B_LT, B_T
from signing.sealing.pdf import PdfSeal
from signing.sealing.revocation import LongTermSource
from signing.sealing.timestamps import TimeStampClient


class PdfSeals:
    """`client` None: no time-stamps at all. `source` None: never long-term data, and revocation is not looked at."""

    def __init__(
        self, seal: PdfSeal, client: TimeStampClient | None = None, source: LongTermSource | None = None
    ) -> None:
        self._seal = seal
        self._client = client
        self._source = source
        self.key_id = seal.key_id

    @property
    def wanted_level(self) -> str:
        """What this installation is set up for."""
        if self._client is None:
            return B_B
        return B_T if self._source is None else B_LT

    def attempts(self) -> Iterator[PdfSeal]:
        """Seals to try in this order; the next one after NoTimeStamp. An authority that just failed is not tried.

        Raises KeyRevoked when our own certificate turns out to be revoked.
        """
        data = None if self._source is None else self._source.current()
        if self._client is not None and data is not None and not self._client.is_paused:
            yield self._seal.with_time_stamp(self._client, data)
        if self._client is not None and not self._client.is_paused:
            yield self._seal.with_time_stamp(self._client)
        yield self._seal
