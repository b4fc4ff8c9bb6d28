"""Every test citizen sees what `simulators/citizens.toml` says, gathered from all sources at once."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import simulators
from claims.financial_claim import ClaimStatus
from claims.identity import Bsn
from claims.outcome import FailureCause, SourceFailure, SourceOutcome
from claims.overview import Overview
from claims.partial_date import PartialDate
from sources.config import load_sources
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.registry import build_sources
from sources.suwi.mapping import last_month_end
from tests.integration.sources.support import PATIENT, PORTS, Town

CITIZENS = tomllib.loads((Path(simulators.__file__).parent / "citizens.toml").read_text("utf-8"))["burger"]


def overview_of(town: Town, bsn: str, settings: str = PATIENT) -> Overview:
    file = town.simulation.write_sources_toml(town.folder / "sources.toml", settings)
    sources = build_sources(load_sources(file), PORTS)
    times = GatherTimes(source_seconds=30, total_seconds=60)
    outcomes: list[SourceOutcome] = list(gather(sources, Bsn(bsn), times, SystemClock()))
    assert len(outcomes) == len(sources)
    return Overview(SystemClock().now(), tuple(outcomes))


def failures(overview: Overview) -> dict[str, FailureCause]:
    return {o.source.source_id: o.cause for o in overview.missing if isinstance(o, SourceFailure)}


def test_the_first_citizen_has_claims_at_nearly_every_source_and_all_answer(town: Town) -> None:
    overview = overview_of(town, "111111110")
    assert overview.all_answered
    assert overview.connected_count == 7
    assert len(overview.claims) == 7
    assert not overview.balance.is_at_least
    assert overview.balance.amount is not None
    assert overview.balance.amount.cents == 42120 + 7660 + 9080 + 169518 + 63417 + 55000 + 31855
    assert [o.source.source_id for o in overview.not_connected] == ["zonnedael-begraafplaatsen"]


def test_the_second_citizen_has_no_claims_and_that_is_certain(town: Town) -> None:
    overview = overview_of(town, "999993549")
    assert overview.all_answered
    assert overview.claims == ()


@pytest.mark.parametrize(
    ("bsn", "missing"),
    [
        ("999990482", {"zonnedael-parkeren": FailureCause.UNREACHABLE}),
        ("999992077", {"zonnedael-handhaving": FailureCause.MALFORMED}),
        ("999992740", {"waterschap-zonnedelta": FailureCause.WRONG_PERSON}),
    ],
)
def test_a_source_that_fails_makes_the_total_at_least(
    town: Town, bsn: str, missing: dict[str, FailureCause]
) -> None:
    overview = overview_of(town, bsn)
    assert failures(overview) == missing
    assert overview.balance.is_at_least
    assert overview.claims


def test_a_slow_source_is_too_slow_for_the_time_of_the_house(town: Town) -> None:
    overview = overview_of(town, "999991553", "total_seconds = 10\nconnect_seconds = 10")
    assert failures(overview) == {"zonnedael-werk-en-inkomen": FailureCause.TOO_SLOW}


def _partial(overview: Overview) -> bool:
    return {o.source.source_id for o in overview.partial} == {
        "zonnedael-belastingen",
        "kredietbank-rivierenstreek",
    }


def _huge(overview: Overview) -> bool:
    return len(overview.claims) == 2000 and overview.all_answered


def _joint(overview: Overview) -> bool:
    return [claim.joint for claim in overview.claims] == [True]


def _social_service(overview: Overview) -> bool:
    """Read over SuwiML: joint, dates as far as they are known, the end of a month, and an amount that is not known."""
    joint, lent, odd = sorted(overview.claims, key=lambda claim: claim.reference, reverse=True)
    titles = [claim.title for claim in (joint, lent, odd)]  # from the lists in the settings, or "onbekend"
    assert titles == ["Terugvordering bijstand", "Leenbijstand", "Vordering (reden onbekend, code 98)"]
    assert [c.status for c in (joint, lent, odd)] == [ClaimStatus.OPEN, ClaimStatus.OPEN, ClaimStatus.UNKNOWN]
    assert [joint.joint, lent.joint, odd.joint] == [True, None, None]
    assert [str(claim.originated_on) for claim in (joint, lent, odd)] == ["2024-09-12", "2022-06", "2019"]
    today = overview.gathered_at.astimezone(ZoneInfo("Europe/Amsterdam")).date()
    assert {claim.amounts.as_of for claim in overview.claims} == {PartialDate.of(last_month_end(today))}
    assert (overview.balance.unknown_count, overview.balance.is_at_least) == (1, True)
    return [name for _, name in overview.stated_names] == ["S. Haddad"] and overview.all_answered


def _settled(overview: Overview) -> bool:
    statuses = {claim.status for claim in overview.claims}
    return statuses == {ClaimStatus.PAID, ClaimStatus.REMITTED} and overview.overpaid.cents == 7560


def _without_claims(overview: Overview) -> bool:
    return overview.claims == () and overview.all_answered


def _names_differ(overview: Overview) -> bool:
    return len({name for _, name in overview.stated_names}) == 2 and overview.balance.unknown_count == 1


@pytest.mark.parametrize(
    ("bsn", "shows"),
    [
        ("999991772", _partial),
        ("999992806", _huge),
        ("999992995", _joint),
        ("999993367", _joint),
        ("999991103", _social_service),
        ("999994712", _settled),
        ("999995789", _names_differ),
        ("999996356", _without_claims),
    ],
)
def test_the_other_citizens_show_what_the_list_says(
    town: Town, bsn: str, shows: Callable[[Overview], bool]
) -> None:
    assert shows(overview_of(town, bsn))


def test_every_listed_citizen_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(citizen["bsn"] in text for citizen in CITIZENS)
