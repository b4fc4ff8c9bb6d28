"""The real adapters, with the wire replaced: what "the source" sends is the input of the fuzzer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.dkd.adapter import DkdSource
from sources.dkd.client import DkdClient
from sources.errors import SourceUnavailable
from sources.fcid.adapter import FcidSource
from sources.municipal_rest.adapter import MunicipalRestSource
from sources.ports import SourcePorts
from sources.transport.http import HttpTransport, Question, Reply, settings_of

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
OIN, OTHER_OIN = "00000001900000021000", "00000001900000010000"
URL = "https://127.0.0.1:1"


class FixedClock:
    def now(self) -> datetime:
        return NOW


PORTS = SourcePorts(FixedClock())


class CannedTransport(HttpTransport):
    """Answers with the given bodies, one after the other, and then not at all."""

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(settings_of(config))
        self._bodies: Sequence[bytes] = ()
        self.given = 0

    def will_send(self, *bodies: bytes) -> None:
        self._bodies, self.given = bodies, 0

    def post(self, path: str, question: Question, deadline: Deadline) -> Reply:
        if self.given == len(self._bodies):
            raise SourceUnavailable("no connection")
        self.given += 1
        return Reply(200, self._bodies[self.given - 1])


def config_of(protocol: str, **settings: Any) -> SourceConfig:
    stanza = {"source_id": "bron", "organisation": "Gemeente Zonnedael", "protocol": protocol, "oin": OIN}
    files = ("ca_file", "client_certificate_file", "client_key_file")
    wire = {"url": URL, **dict.fromkeys(files, Path("absent"))} if protocol != "batch" else {}
    return SourceConfig.model_validate({**stanza, **wire, **settings})


class CannedRest(MunicipalRestSource):
    def __init__(self) -> None:
        config = config_of("municipal_rest", stale_after_hours=50)
        super().__init__(config, PORTS)
        self._transport = self.wire = CannedTransport(config)


class CannedFcid(FcidSource):
    def __init__(self) -> None:
        config = config_of("fcid", stale_after_hours=50)
        super().__init__(config, PORTS)
        self._transport = self.wire = CannedTransport(config)


class CannedDkd(DkdSource):
    """With addresses and behind a gateway: whatever stands in the header, the data are looked at."""

    def __init__(self) -> None:
        addresses = {"from_address": URL, "from_oin": OTHER_OIN, "to_oin": OIN}
        dkd = {"header_profile": "wsa", "gateway": True, **addresses, "reasons": {"11": "Terugvordering"}}
        config = config_of("dkd", dkd=dkd)
        super().__init__(config, PORTS)
        assert config.dkd is not None
        self.wire = CannedTransport(config)
        self._client = DkdClient(self.wire, config.dkd, URL)
