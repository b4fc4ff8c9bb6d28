"""The programs as they are built from settings: what the site puts in the outbox, the worker delivers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.bootstrap import build_worker, open_storage
from app.bootstrap_reports import report_store, reports_flow
from app.ports.audit import Pseudonym
from app.ports.error_reports import Matter, NewReport, Reason, ReportState
from app.services.background import run_now
from app.settings import load_settings
from claims.identity import Bsn
from sources.config import SourcesFileError, load_sources
from sources.error_reports.report import ErrorReport
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

SOURCES = """
[dorp]
protocol = "batch"
organisation = "Gemeente Dorp"
[dorp.batch]
format = "fcid"
[dorp.reports]
way = "folder"
outbox_folder = "uit"
receiver_file = "dorp.pem"
"""
ANNA = Pseudonym("p1", "a" * 64)


def waiting(source_id: str, now: datetime) -> NewReport:
    report_id = "0" * 32
    message = ErrorReport(
        report_id=report_id,
        reference="M-7K3M-Q2ZD",
        reported_at=now,
        bsn=Bsn("111111110"),
        claim_reference="Z-1",
        balance_cents=1250,
        as_of=now,
        reason=Reason.NOT_MINE,
    )
    matter = Matter(
        organisation="Dorp", title="Leges", claim_reference="Z-1", reason=Reason.NOT_MINE, call="Dorp"
    )
    return NewReport(
        report_id=report_id,
        reference=message.reference,
        subject=ANNA,
        source_id=source_id,
        matter=matter,
        content=message.as_json(),
        reported_at=now,
        give_up_at=now + timedelta(days=7),
    )


def test_the_worker_of_an_installation_delivers_what_waits(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    instance.on_sqlite()
    migrated_sqlite(tmp_path / "bk.sqlite3")
    (tmp_path / "sources.toml").write_text(SOURCES)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "dorp.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    settings, now = load_settings(instance.file), datetime.now(UTC)
    storage = open_storage(settings)
    store = report_store(settings, storage)
    store.add(waiting("dorp", now - timedelta(hours=5)))
    jobs, ledger, clock = build_worker(settings)
    mine = [job for job in jobs if job.name in {"deliver_reports", "purge_reports"}]
    assert len(mine) == 2
    assert run_now(mine, ledger, clock)
    assert store.figures()[0].problem == "misconfigured"  # there is no such folder yet
    assert not reports_flow(store, now)
    (tmp_path / "uit").mkdir()
    due = store.take(now + timedelta(days=1), now, ())
    assert due is not None
    store.postpone(due, now, "misconfigured")
    assert run_now(mine, ledger, clock)
    assert [file.suffix for file in (tmp_path / "uit").iterdir()] == [".jwe"]
    assert reports_flow(store, now)
    assert store.of_person([ANNA])[0].state is ReportState.DELIVERED
    storage.database.close()


REST = 'protocol = "{protocol}"\nca_file = "ca.pem"\nclient_certificate_file = "c"\nclient_key_file = "k"\n{more}'


@pytest.mark.parametrize(
    ("stanza", "problem"),
    [
        ('way = "folder"\noutbox_folder = "uit"', "needs outbox_folder and receiver_file"),
        ('way = "rest"\nreceiver_file = "k.pem"', "are for way folder"),
        ('way = "rest"\nurl = "http://dorp.invalid"', "starts with https://"),
        ('way = "rest"', "reports by way rest need a url"),
        ('way = "post"', "'rest' or 'folder'"),
    ],
)
def test_a_table_that_cannot_work_is_told_at_the_start(tmp_path: Path, stanza: str, problem: str) -> None:
    source = REST.format(protocol="fcid", more='url = "https://dorp.invalid"')
    (tmp_path / "sources.toml").write_text(
        f'[dorp]\norganisation = "Dorp"\n{source}\n[dorp.reports]\n{stanza}\n'
    )
    with pytest.raises(SourcesFileError, match=problem):
        load_sources(tmp_path / "sources.toml")


def test_files_and_lists_need_what_belongs_to_one_organisation(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        SOURCES.split("[dorp.reports]")[0] + '[dorp.reports]\nway = "rest"\nurl = "https://d.invalid"\n'
    )
    with pytest.raises(SourcesFileError, match="reports by way rest need ca_file"):
        load_sources(file)
    source = REST.format(protocol="fcid", more="")
    scheme = '[lijst.scheme]\nlist_file = "l"\nsigner_file = "s"\n'
    file.write_text(
        f'[lijst]\norganisation = "L"\n{source}{scheme}[lijst.reports]\nway = "rest"\nurl = "https://d.invalid"\n'
    )
    with pytest.raises(SourcesFileError, match="reports does not go together with a table scheme"):
        load_sources(file)
