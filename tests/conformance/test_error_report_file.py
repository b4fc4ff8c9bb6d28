"""A receiver without any of our code opens a report: npm `jose`, with the private key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from claims.identity import Bsn
from sources.error_reports.folder import FolderWay
from sources.error_reports.names import Reason
from sources.error_reports.report import ErrorReport
from tests.conformance.judges import run

PROGRAM = Path(__file__).parent / "node" / "open_report.mjs"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REPORT = ErrorReport(
    report_id="5d1c0f6e9b7a48c2a3e4f5061728394a",
    reference="M-7K3M-Q2ZD",
    reported_at=NOW,
    bsn=Bsn("999993549"),
    claim_reference="PRK-88120",
    balance_cents=14732,
    as_of=NOW,
    reason=Reason.ALREADY_PAID,
    text="Ik betaalde € 147,32.\nKijk het na.",
)


def new_key(kind: str) -> ECKey | RSAKey:
    return RSAKey.generate_key(2048) if kind == "RSA" else ECKey.generate_key(kind)


@pytest.mark.conformance
@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA"])
def test_npm_jose_opens_the_file_with_the_key_of_the_receiver_and_no_other(kind: str, tmp_path: Path) -> None:
    key, algorithm = new_key(kind), "RSA-OAEP-256" if kind == "RSA" else "ECDH-ES+A256KW"
    public, secret, folder = tmp_path / "open.pem", tmp_path / "geheim.pem", tmp_path / "uit"
    folder.mkdir()
    public.write_bytes(key.as_pem(private=False))
    secret.write_bytes(key.as_pem(private=True))
    FolderWay(folder, public).deliver(REPORT)
    [file] = folder.iterdir()
    said = run("node", PROGRAM, secret, algorithm, file)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == json.loads(REPORT.as_json())
    secret.write_bytes(new_key(kind).as_pem(private=True))
    assert run("node", PROGRAM, secret, algorithm, file).returncode != 0
