"""A citizen does not notice which process answers, and a process that dies never hides a debt."""

from __future__ import annotations

import contextlib
import io
import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any

import pikepdf

from app.persistence.audit_log import SqlAuditLog
from app.persistence.engine import open_database
from app.ports.audit import AuditEntry
from app.services.audit_check import check
from signing.policy import load_trust
from signing.verifying.examination import examine_here
from simulators.digid.citizens import read_citizens
from tests.integration.app.two_services import TwoServices, follow
from tests.support.visitor import Answer, Visitor
from tests.support.waiting import wait_until

NAMES = [citizen.name for citizen in read_citizens()]
ANNA, INEKE = NAMES.index("Anna Bakker"), NAMES.index("Ineke Visser")
EVERY_SOURCE = (
    "zonnedael_belastingen",
    "zonnedael_handhaving",
    "zonnedael_parkeren",
    "zonnedael_werk_en_inkomen",
    "waterschap_zonnedelta",
    "kredietbank_rivierenstreek",
)


def elsewhere(two: TwoServices, url: str) -> str:
    """The same page at the other process."""
    return url.replace(two.a, two.b) if url.startswith(two.a) else url.replace(two.b, two.a)


def test_a_journey_goes_on_at_the_other_process_at_every_step(two: TwoServices) -> None:
    before = len(audit_rows(two))  # other tests use the same two processes
    visitor = Visitor()
    progress = visitor.log_in(two.a, INEKE)
    overview = follow(visitor.get, elsewhere(two, progress))
    assert overview.url.startswith(two.b)
    assert "Geen antwoord" in overview.text
    assert visitor.get(f"{two.a}/overzicht").text.count("eindigt op") == 1

    two.switch(zonnedael_parkeren="normal")
    token = overview.hidden("csrf_token")
    retried = visitor.post(f"{elsewhere(two, progress)}/zonnedael-parkeren", {"csrf_token": token})
    assert retried.status == 303
    whole = follow(visitor.get, elsewhere(two, retried.location))
    assert whole.url.startswith(two.a)
    assert "Alle 7 aangesloten bronnen hebben geantwoord." in whole.text

    pdf, sealed = visitor.get(f"{two.a}/overzicht/pdf"), visitor.get(f"{two.b}/overzicht/json")
    assert file_stem(pdf) == file_stem(sealed)
    assert attached_payload(pdf) == payload(sealed)

    own = visitor.get(f"{two.a}/mijn-gegevens").text
    assert f"U hebt overzicht {file_stem(pdf).removeprefix('schuldenoverzicht-')} gedownload (pdf)." in own
    log_out(visitor, two.b)
    assert visitor.get(f"{two.a}/overzicht").status == 401
    assert_both_wrote_one_chain(audit_rows(two)[before:])


def audit_rows(two: TwoServices) -> list[AuditEntry]:
    """The whole audit log, which is intact."""
    with (
        contextlib.closing(open_database(two.database_url)) as database,
        SqlAuditLog(database).view() as view,
    ):
        assert check(view, lambda _token: None, datetime.now(UTC)).is_intact
        return [row.entry for row in view.rows() if row.entry is not None]


def assert_both_wrote_one_chain(entries: list[AuditEntry]) -> None:
    """What either process did for one citizen stands in one audit log."""
    assert {"logged_in", "source_answered", "document_made", "logged_out"} <= {one.event for one in entries}
    downloads = [one.detail for one in entries if one.event == "document_downloaded"]
    assert sorted(downloads) == ["json", "pdf"]
    assert len({one.subject for one in entries}) == 1


def test_after_a_rotation_both_processes_seal_with_the_new_key_and_vouch_for_the_old(
    two: TwoServices,
) -> None:
    visitor = Visitor()
    follow(visitor.get, visitor.log_in(two.a, ANNA))
    wanted = (f"{two.a}/overzicht/pdf", f"{two.b}/overzicht/json")
    before = {url: visitor.get(url).body for url in wanted}
    two.rotate("tweede")
    after = {url: visitor.get(url).body for url in wanted}
    policy = load_trust(two.instance.folder / "trust")
    keys = [
        {examine_here(content, policy, datetime.now(UTC)).key_id for content in files.values()}
        for files in (before, after)
    ]
    assert [len(one) for one in keys] == [1, 1]
    assert keys[0] != keys[1]
    for files in (before, after):
        for url, content in files.items():
            page = Visitor().upload(
                elsewhere(two, url).partition("/overzicht")[0] + "/controleren", "bestand", content
            )
            assert "Dit overzicht is echt" in page.text, url


def test_logging_out_at_one_ends_a_cookie_that_somebody_kept(two: TwoServices) -> None:
    visitor = Visitor()
    follow(visitor.get, visitor.log_in(two.a, ANNA))
    thief = Visitor(dict(visitor.cookies))
    assert thief.get(f"{two.b}/overzicht").status == 200, "or this test shows nothing"
    log_out(visitor, two.b)
    for url in (two.a, two.b):
        assert thief.get(f"{url}/overzicht").status == 401
        assert thief.get(f"{url}/overzicht/pdf").status == 401


def test_a_process_that_dies_while_it_asks_leaves_no_answers_and_never_no_claims(
    dying_two: TwoServices,
) -> None:
    two = dying_two
    two.switch(**dict.fromkeys(EVERY_SOURCE[:4], "slow"))
    visitor = Visitor()
    progress = visitor.log_in(two.a, ANNA)
    wait_for_answers(two, visitor, 2)
    wait_until(lambda: two.still_asking() <= 4, "others than the slow ones are silent too")
    two.kill_first()
    early = visitor.get(f"{two.b}/overzicht")
    two.end_of_asking()
    late = visitor.get(f"{two.b}/overzicht")
    for page in (early, late):
        assert "Alle 7" not in page.text
        assert page.text.count("Geen rekeningen") <= 1, "of the one source that has none and says so"
        assert "minstens" in page.text
    assert late.text.count("Geen antwoord") >= 4
    assert "Wij halen de gegevens op" not in late.text

    two.switch()
    token = late.hidden("csrf_token")
    collection = progress.removeprefix(two.a)
    for source in EVERY_SOURCE[:4]:
        url = f"{two.b}{collection}/{source.replace('_', '-')}"
        assert visitor.post(url, {"csrf_token": token}).status == 303
    wait_for_answers(two, visitor, 6)
    assert "Alle 7 aangesloten bronnen" in visitor.get(f"{two.b}/overzicht").text


def wait_for_answers(two: TwoServices, visitor: Visitor, count: int) -> None:
    """Until the second process shows so many sources with an answer."""

    def are_there() -> bool:
        page = visitor.get(f"{two.b}/overzicht")
        return page.status == 200 and page.text.count("Opgehaald (") >= count

    wait_until(are_there, f"never {count} answers")


def log_out(visitor: Visitor, url: str) -> None:
    token = visitor.get(f"{url}/uitloggen").hidden("csrf_token")
    assert visitor.post(f"{url}/uitloggen", {"csrf_token": token}).status == 200


def file_stem(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    return answer.headers.get_filename("").rpartition(".")[0]


def payload(sealed: Answer) -> dict[str, Any]:
    encoded = json.loads(sealed.body)["payload"]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded


def attached_payload(pdf: Answer) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf.body)) as document:
        attached = document.attachments["schuldenoverzicht.json"].get_file().read_bytes()
    decoded: dict[str, Any] = json.loads(attached)
    return decoded
