"""Upgrading with people logged in: the release before and this version, side by side on one database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from scripts.record_release import ROOT, level_of, tables_of
from simulators.digid.citizens import read_citizens
from tests.conformance.old_and_new import OldAndNew, Version, run_old_and_new
from tests.integration.app.two_services import follow
from tests.support.releases import facts
from tests.support.visitor import Answer, Visitor
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

NAMES = [citizen.name for citizen in read_citizens()]
ANNA, INEKE = NAMES.index("Anna Bakker"), NAMES.index("Ineke Visser")
WHOLE = "Alle 7 aangesloten bronnen hebben geantwoord."
# What the first half of a change may do, as the owner of the tables.
A_NEXT_STEP = (
    "ALTER TABLE sessions ADD COLUMN next_one VARCHAR(8)",
    "CREATE INDEX ix_sessions_next_one ON sessions (next_one)",
    "ALTER TABLE audit_log ADD COLUMN next_one VARCHAR(8)",
    "ALTER TABLE documents ADD COLUMN next_one INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE next_table (id INTEGER PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '0999'",
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldAndNew]:
    with run_old_and_new(tmp_path_factory.mktemp("versions")) as running:
        yield running


@pytest.fixture(scope="module")
def upgraded(both: OldAndNew) -> Visitor:
    """Somebody who logged in at the old version, and looked at everything, before the new one came."""
    visitor = Visitor()
    progress = visitor.log_in(both.old.url, ANNA)
    follow(visitor.get, progress)
    wait_until(lambda: WHOLE in shown(visitor, both.old).text, "never the whole overview")
    both.new.run("db", "upgrade", "--as", both.roles.owner)
    assert shown(visitor, both.old).status == 200, (
        "the old one goes on after the new one prepared the database"
    )
    assert is_ready(both.old)
    both.start(both.new)
    return visitor


def shown(visitor: Visitor, version: Version) -> Answer:
    return visitor.get(f"{version.url}/overzicht")


def is_ready(version: Version) -> bool:
    return Visitor().get(f"{version.url}/_health/ready").status == 200


def other(both: OldAndNew, version: Version) -> Version:
    return both.new if version is both.old else both.old


def test_the_recorded_release_is_what_its_facts_say(both: OldAndNew) -> None:
    assert facts()["level"] == level_of(both.old.tree)
    assert facts()["tables"] == tables_of(both.old.tree)


def test_each_runs_its_own_programs(both: OldAndNew, upgraded: Visitor) -> None:
    """A path too many in one of them, and the new version would stand beside itself."""
    assert both.old.tree != both.new.tree == ROOT
    for version in (both.old, both.new):
        for module in ("simulators/demo/wsgi", "app/factory", "app/persistence/tables"):
            assert version.has_run(module), (version.name, module)


def test_who_is_logged_in_goes_on_at_either_version(both: OldAndNew, upgraded: Visitor) -> None:
    assert WHOLE in shown(upgraded, both.new).text
    files = [
        upgraded.get(f"{version.url}/overzicht/{kind}")
        for kind in ("pdf", "json")
        for version in (both.new, both.old)
    ]
    assert [one.status for one in files] == [200] * 4
    assert len({Path(one.headers.get_filename("")).stem for one in files}) == 1
    for version in (both.old, both.new):
        for one in files:
            page = Visitor().upload(f"{version.url}/controleren", "bestand", one.body)
            assert "Dit overzicht is echt" in page.text, version.name


@pytest.mark.parametrize("begins", ["old", "new"])
def test_a_log_in_may_begin_at_one_and_end_at_the_other(
    both: OldAndNew, upgraded: Visitor, begins: str
) -> None:
    first = both.old if begins == "old" else both.new
    second, visitor = other(both, first), Visitor()
    back = visitor.decide(first.url, INEKE)
    progress = visitor.get(back.replace(both.old.url, second.url)).location.partition("/ophalen/")[2]
    overview = follow(visitor.get, f"{first.url}/ophalen/{progress}")
    assert "Geen antwoord" in overview.text, "of the source that is silent for her"
    again = visitor.post(
        f"{second.url}/ophalen/{progress}/zonnedael-parkeren", {"csrf_token": overview.hidden("csrf_token")}
    )
    assert again.status == 303, "a form of the one is taken by the other"
    token = visitor.get(f"{first.url}/uitloggen").hidden("csrf_token")
    assert visitor.post(f"{second.url}/uitloggen", {"csrf_token": token}).status == 200
    assert [shown(visitor, version).status for version in (both.old, both.new)] == [401, 401]


def test_workers_of_both_do_every_job_and_keep_one_audit_log(both: OldAndNew, upgraded: Visitor) -> None:
    for version in (both.old, both.new):
        version.run("work", "--once")
    for version in (both.old, both.new):
        version.run("audit", "verify")


def test_a_next_step_stops_nobody_and_the_last_half_stops_only_what_is_too_old(
    both: OldAndNew, upgraded: Visitor
) -> None:
    versions = (both.old, both.new)
    as_owner(both, A_NEXT_STEP)
    assert [is_ready(version) for version in versions] == [True, True]
    assert [shown(upgraded, version).status for version in versions] == [200, 200]
    visitor = Visitor()
    overview = follow(visitor.get, visitor.log_in(both.new.url, ANNA))
    assert overview.status == 200
    assert visitor.get(f"{both.old.url}/overzicht/pdf").status == 200
    as_owner(both, ("UPDATE program_levels SET oldest_level = '0999'",))
    assert [is_ready(version) for version in versions] == [False, False]


def as_owner(both: OldAndNew, statements: Sequence[str]) -> None:
    engine = create_engine(make_url(both.roles.owner_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
