"""What our API hands out as FCID is asked by our own adapter, over mutual TLS, as a national overview would ask us."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.outcome import SourceAnswer, SourceOutcome
from simulators.organisations.server import Exchange, TlsServer
from sources.config import SourceConfig
from tests.integration.sources.gateways import server_context
from tests.integration.sources.support import Town, answer_of, ask
from tests.support.api_site import ApiSite, make_api_site, members

CITIZEN = "111111110"


@pytest.mark.parametrize(
    ("source_id", "version"), [("kredietbank-rivierenstreek", "v3"), ("waterschap-zonnedelta", "v4.1")]
)
def test_claims_come_back_the_same(town: Town, tmp_path: Path, source_id: str, version: str) -> None:
    said = answer_of(town.ask(source_id, CITIZEN))
    assert said.claims
    api = make_api_site(tmp_path)
    api.access.bsn, api.collections.outcomes[CITIZEN] = CITIZEN, (said,)
    document = handed_out(api, said, version)
    api.web.site.database.close()
    again = answer_of(asked_of(town, source_id, document))
    assert [one.events for one in again.claims] == [one.events for one in said.claims]
    assert [(one.reference, one.amounts.balance) for one in again.claims] == [
        (one.reference, one.amounts.balance) for one in said.claims
    ]


def handed_out(api: ApiSite, said: SourceAnswer, version: str) -> bytes:
    oin = said.source.organisation.oin
    assert oin is not None
    collection = members(api.program().post("/schuldenoverzichten"))["id"]
    answer = api.program().get(f"/schuldenoverzichten/{collection}/fcid/{oin.digits}?versie={version}")
    assert answer.status_code == 200, answer.text
    return answer.get_data()


def asked_of(town: Town, source_id: str, document: bytes) -> SourceOutcome:
    """The same source, at an address where this document lies."""

    def respond(exchange: Exchange) -> None:
        exchange.rfile.read(int(exchange.headers.get("Content-Length", "0")))
        exchange.send(200, document)

    folder = town.simulation.credentials.ca_file.parent
    server = TlsServer(
        "fcid out", ("127.0.0.1", 0), server_context(town.simulation.credentials, folder), respond
    )
    server.run_in_background()
    try:
        url = f"https://127.0.0.1:{server.port}"
        config = SourceConfig.model_validate(town.config(source_id).model_dump() | {"url": url})
        return ask(config, CITIZEN)
    finally:
        server.stop()
