"""A newer list changes who is asked; a bad one changes nothing; and nobody disappears."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from claims.outcome import FailureCause
from sources.directory import SourceDirectory
from sources.fcid.scheme import members
from tests.unit.sources.scheme.support import (
    OTHER_KEY,
    Keeper,
    content,
    entry,
    sign,
    source_id,
    unsigned,
)


def test_the_organisations_of_a_list_are_sources_named_after_their_oin(keeper: Keeper) -> None:
    assert keeper.offer_list([entry(0), entry(1)], 1) is None
    assert keeper.shown() == {source_id(0): True, source_id(1): True}


def test_without_any_list_the_list_itself_is_a_source_without_an_answer(keeper: Keeper) -> None:
    assert keeper.causes() == {"lijst": FailureCause.MISCONFIGURED}
    keeper.store.is_down = True
    assert keeper.causes() == {"lijst": FailureCause.UNREACHABLE}


@pytest.mark.parametrize(
    "bad",
    [
        None,
        b"",
        sign(content([entry(1)], 2), OTHER_KEY),
        unsigned(content([entry(1)], 2)),
        sign(content([entry(1)], 2))[:-9],
        sign(content([entry(1)], 1)),
        sign(content([entry(1), entry(1)], 2)),
        sign(content([entry(1, discovery_url="http://x.invalid")], 2)),
        sign(content([entry(1)], 2, exp=1)),
        sign(content([entry(1)], 2) | {"iat": 1, "exp": 2}),
        sign(content([entry(1)], 2) | {"iat": 4_000_000_000, "exp": 4_000_086_400}),
    ],
    ids=["gone", "empty", "key", "none", "cut", "version", "twice", "http", "exp", "expired", "future"],
)
def test_a_bad_list_leaves_the_good_one_in_force_and_is_logged(keeper: Keeper, bad: bytes | None) -> None:
    keeper.offer_list([entry(0)], 1)
    with capture_logs() as logs:
        assert keeper.offer(bad) is not None
    assert [line["event"] for line in logs] == ["scheme_list_refused"]
    assert keeper.shown() == {source_id(0): True}
    assert keeper.store.held["lijst"].version == 1


def test_an_older_list_is_never_taken_again(keeper: Keeper) -> None:
    first = sign(content([entry(0)], 1))
    keeper.offer(first)
    keeper.clock.pass_by(hours=1)
    keeper.offer_list([entry(0), entry(1)], 2)
    assert "lower" in (keeper.offer(first) or "")
    assert keeper.shown() == {source_id(0): True, source_id(1): True}


def test_a_renewed_list_keeps_its_version_and_lasts_longer(keeper: Keeper) -> None:
    first = sign(content([entry(0)], 1))
    keeper.offer(first)
    keeper.clock.pass_by(hours=20)
    assert keeper.offer_list([entry(0)], 1) is None
    assert "before" in (keeper.offer(first) or "")
    keeper.clock.pass_by(hours=20)
    assert keeper.asked() == {source_id(0)}


def test_after_its_end_all_organisations_are_without_an_answer(keeper: Keeper) -> None:
    keeper.offer_list([entry(0), entry(1)], 1)
    keeper.offer_list([entry(0)], 2)
    assert keeper.asked() == {source_id(0)}
    keeper.clock.pass_by(hours=25)
    assert not keeper.asked()
    assert keeper.causes() == {source_id(0): FailureCause.MISCONFIGURED, source_id(1): None}
    assert keeper.shown() == {source_id(0): True, source_id(1): False}


@pytest.mark.parametrize(
    "how", [[entry(0)], [entry(0), entry(1, withdrawn=True)], [entry(0), entry(1, document_types=[])]]
)
def test_who_leaves_the_list_is_shown_as_not_connected_for_a_year(
    keeper: Keeper, how: list[dict[str, Any]]
) -> None:
    keeper.offer_list([entry(0), entry(1)], 1)
    with capture_logs() as logs:
        keeper.offer_list(how, 2)
    assert ("scheme_organisation_left", "warning") in {(line["event"], line["log_level"]) for line in logs}
    assert keeper.shown() == {source_id(0): True, source_id(1): False}
    keeper.clock.pass_by(days=364)
    keeper.offer_list([entry(0)], 3)
    assert source_id(1) in keeper.shown()
    keeper.clock.pass_by(days=2)
    with capture_logs() as logs:
        keeper.offer_list([entry(0)], 4)
    assert [line["event"] for line in logs] == ["scheme_organisation_no_longer_shown", "scheme_list_taken"]
    assert source_id(1) not in keeper.shown()


def test_who_is_called_withdrawn_is_shown_for_as_long_as_the_list_says_so(keeper: Keeper) -> None:
    for version in (1, 2):
        keeper.offer_list([entry(0), entry(1, withdrawn=True)], version)
        assert keeper.shown() == {source_id(0): True, source_id(1): False}
        keeper.clock.pass_by(days=400)


def test_who_comes_back_is_asked_again(keeper: Keeper) -> None:
    for version, entries in enumerate(([entry(0), entry(1)], [entry(0)], [entry(0), entry(1)]), 1):
        assert keeper.offer_list(entries, version) is None
    assert keeper.shown() == {source_id(0): True, source_id(1): True}


def test_a_new_installation_shows_who_was_withdrawn_before(keeper: Keeper) -> None:
    keeper.offer_list([entry(0), entry(1, withdrawn=True), entry(2, document_types=["OTHER"])], 1)
    assert keeper.shown() == {source_id(0): True, source_id(1): False}


def test_a_list_is_verified_again_under_the_keys_of_today(keeper: Keeper) -> None:
    """Neither a changed database nor a key that is no longer trusted can send questions anywhere."""
    keeper.offer_list([entry(0), entry(1)], 1)
    keeper.key_file.write_text(json.dumps(OTHER_KEY.as_dict(private=False)))
    assert not keeper.asked()
    assert keeper.causes() == dict.fromkeys([source_id(0), source_id(1)], FailureCause.MISCONFIGURED)
    assert keeper.offer(sign(content([entry(0), entry(1)], 2), OTHER_KEY)) is None
    assert keeper.asked() == {source_id(0), source_id(1)}


def test_a_process_sees_a_newer_list_without_a_restart(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.offer_list([entry(0)], 1)
    monkeypatch.setattr(members, "LOOK_EVERY_SECONDS", 0.0)
    process = keeper.members()
    [before] = process.current()
    keeper.offer_list([entry(0), entry(1)], 2)
    after = process.current()
    assert [one.source.source_id for one in after] == [source_id(0), source_id(1)]
    assert after[0] is before  # with its circuit breaker
    keeper.store.is_down = True
    assert process.current() == after


def test_a_process_does_not_read_the_store_at_every_page(keeper: Keeper) -> None:
    keeper.offer_list([entry(0)], 1)
    process = keeper.members()
    process.current()
    keeper.offer_list([entry(0), entry(1)], 2)
    assert len(process.current()) == 1


def test_a_directory_holds_stanzas_and_lists_in_the_order_of_the_settings(keeper: Keeper) -> None:
    keeper.offer_list([entry(0), entry(1, name="Ander")], 1)
    plain = keeper.config.model_copy(update={"source_id": "los", "connected": False, "scheme": None})
    shown = SourceDirectory([plain, keeper.config], keeper.ports).current()
    assert [one.source.source_id for one in shown] == ["los", source_id(0), source_id(1)]
    assert [one.connected for one in shown] == [False, True, True]
    assert str(shown[2].source.organisation.oin) == entry(1)["oin"]
    assert shown[2].source.organisation.name == "Ander"
