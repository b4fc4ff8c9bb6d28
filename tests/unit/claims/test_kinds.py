"""The catalogue of kinds follows the published rules for ids and says plainly that it is a proposal."""

import re

from claims.kinds import all_kinds, find_kind

RULE = re.compile(r"[a-z]{1,5}_[a-z0-9][a-z0-9_]{0,49}")


def test_ids_follow_the_published_rule() -> None:
    assert all(RULE.fullmatch(kind.kind_id) for kind in all_kinds())
    assert len({kind.kind_id for kind in all_kinds()}) == len(all_kinds()) == 30


def test_nothing_is_called_official() -> None:
    assert not any(kind.confirmed for kind in all_kinds())


def test_every_kind_is_explained_in_one_short_sentence() -> None:
    for kind in all_kinds():
        assert kind.explanation.endswith(".")
        assert kind.explanation.count(".") == 1
        assert len(kind.explanation.split()) <= 15, kind.kind_id


def test_case_does_not_matter() -> None:
    kind = find_kind("GM_Leges")
    assert kind is not None
    assert kind.kind_id == "gm_leges"


def test_an_unknown_kind_is_nothing() -> None:
    assert find_kind("cjib_wahv") is None
    assert find_kind(None) is None
