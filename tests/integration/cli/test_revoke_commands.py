"""`documents revoke` and `keys revoke` with real settings and a real database; what verifying then says."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from app.cli.main import WRONG_USE, main
from app.services.issue import SealingFailed
from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict, Verify
from app.web.verdict_page import verdict_page
from signing.keys.backend import key_id
from simulators.authority import DEMO_IDENTIFIER
from tests.integration.services.conftest import TownHall, new_town_hall
from tests.support.audit import rows_of, words_of
from tests.support.pdf_builder import PdfPlan
from tests.support.snapshots import full_outcomes
from tests.support.tampering import respelled
from tests.unit.settings.conftest import Instance

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hall(tmp_path: Path) -> TownHall:
    hall = new_town_hall(tmp_path)
    hall.gathered(full_outcomes())
    return hall


@pytest.fixture
def run(
    hall: TownHall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command on the database of this town hall."""
    assert hall.town
    folder = tmp_path / "instance"
    folder.mkdir()
    instance = Instance(folder)
    text = instance.file.read_text()
    before, _, rest = text.partition("[database]\n")
    _, _, after = rest.partition("\n[")
    instance.file.write_text(f'{before}[database]\nurl = "sqlite:///{tmp_path / "hall.sqlite3"}"\n\n[{after}')
    certificate = hall.town.identity.certificate.public_bytes(Encoding.PEM)
    (folder / "seal.pem").write_bytes(certificate)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        return main(arguments), *capsys.readouterr()

    return run


def key_of(hall: TownHall) -> str:
    return key_id(hall.town.identity.certificate)


def judged(hall: TownHall, file: bytes) -> Verdict:
    return hall.verify().verify(file)


def number_of(hall: TownHall) -> str:
    document = judged(hall, hall.file("json")).document
    assert document is not None
    return document.number


def test_a_revoked_document_is_told_with_its_reason(hall: TownHall, run: Run) -> None:
    file, number = hall.file("pdf"), number_of(hall)
    typed = number.lower()
    code, out, _ = run("documents", "revoke", typed, "--reason", "verkeerde persoon.")
    assert (code, out) == (0, f"{number} is ingetrokken.\n")
    verdict = judged(hall, file)
    page = verdict_page(verdict)
    assert verdict.reason is Reason.REVOKED
    assert page.heading == "Dit overzicht is ingetrokken"
    assert page.warnings[0].endswith("Reden: verkeerde persoon.")
    assert number in run("documents", "revoked")[1]


def test_the_first_revocation_of_a_document_stays(hall: TownHall, run: Run) -> None:
    number = number_of(hall)
    run("documents", "revoke", number, "--reason", "eerste")
    run("documents", "revoke", number, "--reason", "tweede")
    assert "eerste" in run("documents", "revoked")[1]
    assert "tweede" not in run("documents", "revoked")[1]


def test_one_unknown_number_among_others(hall: TownHall, run: Run) -> None:
    number = number_of(hall)
    code, out, err = run("documents", "revoke", "BK-2026-0000000000", number)
    assert code == 1
    assert "BK-2026-0000000000 is not in the register" in err
    assert f"{number} is ingetrokken" in out


def test_look_alikes_in_a_number_that_was_read_aloud(run: Run) -> None:
    assert "BK-2026-0110000000" in run("documents", "revoke", "bk-2026-oil0000000")[2]


def test_a_key_revoked_from_before_the_sealing(hall: TownHall, run: Run) -> None:
    file = hall.file("pdf")
    code, out, _ = run("keys", "revoke", key_of(hall), "--from", "2026-01-01", "--reason", "sleutel gestolen")
    assert code == 0
    assert "met deze sleutel verzegelt deze dienst nu" in out
    verdict = judged(hall, file)
    page = verdict_page(verdict)
    assert (verdict.row, verdict.reason) == (5, Reason.REVOKED)
    assert page.heading == "Het zegel van dit overzicht is ingetrokken"
    assert "vanaf 1 januari 2026" in page.warnings[0]
    assert "sleutel gestolen" in page.warnings[0]
    assert not page.is_genuine
    assert key_of(hall) in run("keys", "revoked")[1]


def test_a_stated_moment_proves_nothing_nor_does_the_register(hall: TownHall, run: Run) -> None:
    files = [hall.file(name) for name in ("json", "pdf")]
    revoke_now(hall, run)
    assert [judged(hall, file).row for file in files] == [5, 5]


def test_a_revoked_key_cannot_seal_on_under_another_spelling_of_its_certificate(
    hall: TownHall, run: Run
) -> None:
    """Its fingerprint is another one. Around a record that the register knows the thief draws pages of his own."""
    record = hall.town.examine(hall.file("json")).payload
    assert record is not None
    revoke_now(hall, run)
    thief = replace(hall.town, identity=respelled(hall.town.identity))
    for file in (thief.pdf(PdfPlan(payload=record)), thief.json(record)):
        verdict = judged(hall, file)
        assert verdict.key_revocation is not None
        assert verdict.row in {4, 5}  # by what the thief states: before the revocation or after it


def test_a_time_stamp_from_before_that_moment_keeps_a_pdf_genuine(hall: TownHall, run: Run) -> None:
    pages = hall.file("pdf")
    since = revoke_now(hall, run)

    def with_proof(moment: datetime) -> Verdict:
        report = replace(hall.town.examine(pages), proven_at=moment)
        return Verify(lambda _: report, hall.register, DEMO_IDENTIFIER).verify(pages)

    kept = with_proof(since - timedelta(seconds=1))
    assert (kept.row, kept.reason) == (11, Reason.GENUINE)
    assert "aantoonbaar van daarvoor" in describe(kept).warnings[0]
    assert with_proof(since).row == 5


def test_authority_and_operator_weigh_the_same(hall: TownHall, run: Run) -> None:
    """A file that one of the two withdraws is withdrawn, whatever the other says."""
    pages = hall.file("pdf")
    since = revoke_now(hall, run)
    sealed_at, proven_at = since - timedelta(minutes=2), since - timedelta(seconds=1)
    genuine = replace(hall.town.examine(pages), sealed_at=sealed_at, proven_at=proven_at)
    for revoked_at, row in ((since, 11), (since - timedelta(seconds=2), 5)):
        report = replace(genuine, revoked_at=revoked_at, revocation_reason="superseded")
        assert Verify(lambda _, r=report: r, hall.register, DEMO_IDENTIFIER).verify(pages).row == row  # type: ignore[misc]


def test_what_states_to_be_sealed_after_the_revocation_was_never_to_be_trusted(
    hall: TownHall, run: Run
) -> None:
    file = hall.file("json")
    revoke_now(hall, run)
    late = replace(hall.town.examine(file), sealed_at=datetime.now(UTC) + timedelta(minutes=1))
    state = hall.register
    state.revoke_key(replace(state.revoked_keys()[0], since=datetime(2026, 1, 1, tzinfo=UTC)))
    verdict = Verify(lambda _: late, state, DEMO_IDENTIFIER).verify(file)
    assert (verdict.row, verdict.kind.exit_code) == (4, 2)
    assert describe(verdict).headline == "Het zegel was al ingetrokken toen dit bestand werd gemaakt."
    assert verdict.document is None


def test_nothing_is_sealed_with_a_revoked_key(hall: TownHall, run: Run) -> None:
    revoke_now(hall, run)
    for name in ("pdf", "json"):
        with pytest.raises(SealingFailed):
            hall.file(name)
    assert hall.file("csv")


def test_a_revocation_reaches_further_back_but_never_less_far(hall: TownHall, run: Run) -> None:
    key = key_of(hall)
    for since, why in (("2026-05-01", "een"), ("2026-03-01", "twee"), ("2026-06-01", "drie")):
        assert run("keys", "revoke", key, "--from", since, "--reason", why)[0] == 0
    listed = run("keys", "revoked")[1]
    assert "1 maart 2026" in listed
    assert "twee" in listed


def test_a_key_by_the_file_of_its_certificate(hall: TownHall, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "instance" / "seal.pem"
    assert run("keys", "revoke", str(file), "--from", "2026-01-01", "--reason", "x")[0] == 0
    assert hall.register.key_revocation(key_of(hall)) is not None


def test_revocations_stand_in_the_audit_log_under_the_account_of_the_operator(
    hall: TownHall, run: Run
) -> None:
    number = number_of(hall)
    run("documents", "revoke", number, "BK-2026-XXXXXXXXXX")
    run("keys", "revoke", key_of(hall), "--from", "2026-01-01T00:00", "--reason", "gestolen")
    assert words_of(hall.book)[-2:] == [("document_revoked", number, ""), ("key_revoked", key_of(hall), "")]
    assert {(row.actor_kind, row.subject) for row in rows_of(hall.book)[-2:]} == {("operator", None)}
    assert all(row.actor for row in rows_of(hall.book)[-2:])


def test_a_slip_of_the_pen_revokes_nothing(hall: TownHall, run: Run) -> None:
    hall.file("pdf")
    code, _, err = run("keys", "revoke", "0" * 64, "--from", "2026-01-01", "--reason", "x")
    assert code == 1
    assert "no document was issued with this key" in err
    assert run("keys", "revoked")[1] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        ("keys", "revoke", "abc", "--from", "2026-01-01", "--reason", "x"),
        ("keys", "revoke", "0" * 64, "--from", "morgen", "--reason", "x"),
        ("keys", "revoke", "0" * 64, "--from", "2199-01-01", "--reason", "x"),
        ("keys", "revoke", "0" * 64, "--from", "2026-01-01", "--reason", " "),
        ("keys", "revoke", "0" * 64, "--from", "2026-01-01"),
        ("documents", "revoke", "BK-2026-0000000000", "--reason", "y" * 201),
    ],
)
def test_wrong_use(run: Run, wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*wrong)
    assert ended.value.code == WRONG_USE


def test_offline_a_revocation_list_in_the_trust_folder_tells(
    hall: TownHall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 5 without a register: by the authority's own list."""
    file = tmp_path / "overzicht.pdf"
    file.write_bytes(hall.file("pdf"))
    trust = tmp_path / "trust"
    hall.town.authority.revoke(hall.town.identity, datetime.now(UTC) + timedelta(seconds=1))
    shutil.rmtree(trust, ignore_errors=True)
    hall.town.authority.write_trust(trust, "Gemeente Voorbeeld", DEMO_IDENTIFIER)
    assert main(["verify", "--trust", str(trust), str(file)]) == 2
    out = capsys.readouterr().out
    assert "Het zegel van dit overzicht is ingetrokken." in out
    assert "iemand anders kan de sleutel van het zegel hebben" in out
    assert "keyCompromise" not in out


def revoke_now(hall: TownHall, run: Run) -> datetime:
    """The moment from which the key is revoked: one that comes after what was issued before."""
    since = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    while (left := (since - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left)
    assert run("keys", "revoke", key_of(hall), "--from", since.isoformat(), "--reason", "kwijt")[0] == 0
    return since
