"""`blauwe-knop doctor` compares our clock with that of the database, by the limits of jobs and of sealing; and what is
gathered goes by that of the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from app.bootstrap import build_site
from app.bootstrap_doctor import clock_of
from app.persistence.engine import Database, open_database
from app.persistence.tables import collections
from app.settings import load_settings
from simulators.demo.instance import prepare
from simulators.organisations.stanzas import UNCONNECTED
from sources.checking.steps import Mark
from tests.support.clock import FrozenClock
from tests.support.demo import free_port_range
from tests.support.snapshots import PERSON

AN_HOUR_AHEAD = """CREATE SCHEMA ahead;
CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$;
ALTER DATABASE "{name}" SET search_path = ahead, pg_catalog, public"""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, []),
        (3, ["voor op die van de database", "geen taak"]),
        (-3, ["achter op die van de database", "geen taak"]),
        (120, ["voor op die van de database", "geen taak", "geen zegel"]),
        (-120, ["achter op die van de database", "geen taak", "geen zegel"]),
    ],
)
def test_the_doctor_says_how_far_our_clock_is_from_that_of_the_database_and_what_stops(
    database: Database, minutes: int, words: list[str]
) -> None:
    found = clock_of(database, FrozenClock(datetime.now(UTC) + timedelta(minutes=minutes)))
    has_clock_of_its_own = database.engine.dialect.name == "postgresql"
    assert (found.mark is Mark.FAILS) == (has_clock_of_its_own and bool(words))
    if has_clock_of_its_own:
        assert all(word in found.text for word in words), found.text
        assert ("geen zegel" in found.text) == ("geen zegel" in words)


def test_the_site_gathers_by_the_clock_of_the_database(url: str, dialect: str, tmp_path: Path) -> None:
    database = open_database(url)
    if dialect == "postgresql":
        with database.write() as connection:
            connection.execute(text(AN_HOUR_AHEAD.format(name=database.engine.url.database)))
    database.close()
    instance = prepare(tmp_path / "instance", free_port_range())
    instance.sources_file.write_text(UNCONNECTED, "utf-8")
    stated = instance.settings_file.read_text("utf-8")
    own = f'url = "sqlite:///{instance.database_file.name}"'
    assert own in stated
    without_password = make_url(url)._replace(password=None).render_as_string()
    instance.settings_file.write_text(stated.replace(own, f'url = "{without_password}"'), "utf-8")
    settings = load_settings(instance.settings_file, allow_loopback_http=True)
    _, services, _, _ = build_site(settings, allow_loopback_http=True)
    services.collections.start("me", PERSON)
    with database.read() as connection:
        started_at = connection.execute(select(collections.c.started_at)).scalar_one()
    database.close()
    assert (started_at - datetime.now(UTC) > timedelta(minutes=30)) == (dialect == "postgresql")
