"""What the desk keeps can be read by this release and by the one before, and holds no words but for the latter."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from app.language import speaking
from app.services.desk_record import FileLine, Kept, read, write
from app.services.verdict_gist import Gist
from app.services.verify import Reason, VerdictKind

LINES = (
    FileLine(
        name="een.pdf",
        gist=Gist(
            reason=Reason.SUPERSEDED,
            made_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            organisation="Gemeente Voorbeeld",
        ),
        number="BK-2026-1111111111",
        is_merged=True,
        result="echt",
        digest="00",
        case="Z-1",
    ),
    FileLine(
        name="scan.pdf",
        gist=Gist(reason=Reason.NOT_SEALED),
        number="",
        is_merged=False,
        result="niet van ons",
    ),
)
KEPT = Kept(LINES, b"{}", ())


def test_what_is_written_is_read_back_and_said_in_the_language_of_then() -> None:
    with speaking("ar"):
        written = write(KEPT)
    lines = read(written).lines
    assert lines == LINES
    assert lines[1].words.startswith("Dit is geen verzegeld overzicht.")
    with speaking("en"):
        assert lines[1].words.startswith("This is not a sealed overview.")


def test_the_release_before_finds_its_members_in_dutch() -> None:
    with speaking("pl"):
        old = json.loads(write(KEPT))["files"]
    assert [sorted(line) for line in old] == [
        ["headline", "is_merged", "kind", "name", "next_step", "number"]
    ] * 2
    assert old[0]["headline"].startswith(
        "Dit overzicht is echt, maar er is een nieuwer overzicht. Het is op 22 "
    )
    assert (old[1]["kind"], old[1]["headline"]) == ("NOT_OURS", "Dit is geen verzegeld overzicht.")


def test_what_the_release_before_kept_is_shown_as_it_wrote_it() -> None:
    members = json.loads(write(KEPT))
    lines = read(json.dumps({name: members[name] for name in ("files", "payload")}).encode()).lines
    assert [line.verdict for line in lines] == [VerdictKind.GENUINE, VerdictKind.NOT_OURS]
    assert [line.words for line in lines] == [line.words for line in LINES]
    assert [line.is_merged for line in lines] == [True, False]
