"""A list that says anything doubtful is refused whole."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OctKey

from sources.errors import SourceUntrusted
from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.reader import MOST_ORGANISATIONS, SchemeList, read_list
from tests.unit.sources.scheme.support import CLAIMS, KEY, OINS, START, content, entry, sign


def read(payload: dict[str, Any]) -> SchemeList:
    return read_list(sign(payload), (KEY,))


def test_a_good_list_is_read() -> None:
    listed = read(
        content([entry(0), entry(1, withdrawn=True), entry(2, document_types=["OTHER"])], version=7)
    )
    assert listed.version == 7
    assert listed.signer == KEY.thumbprint()
    assert [one.oin for one in listed.organisations] == list(OINS[:3])
    assert [one.can_be_asked for one in listed.organisations] == [True, False, False]
    assert listed.is_valid_at(START)


def test_members_that_we_do_not_know_change_nothing() -> None:
    assert (
        read(content([entry(0, logo="x")], environment="test", app_managers=[])).organisations[0].can_be_asked
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"version": ...},
        {"version": 0},
        {"version": -1},
        {"version": True},
        {"version": "1"},
        {"version": 2**60},
        {"iat": ...},
        {"exp": ...},
        {"exp": "morgen"},
        {"exp": 2**52},
        {"exp": 1},
        {"iss": ...},
        {"iss": "123"},
        {"organizations": ...},
        {"organizations": {}},
        {"organizations": []},
        {"organizations": ["x"]},
    ],
)
def test_a_doubtful_list_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ListRefused):
        read(content([entry(0)], **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"oin": ...},
        {"oin": 1},
        {"oin": "123"},
        {"name": ...},
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "\u202egro"},
        {"name": "x" * 300},
        {"discovery_url": ...},
        {"discovery_url": "http://organisatie.invalid/ontdekken"},
        {"discovery_url": "https://naam:wachtwoord@organisatie.invalid"},
        {"discovery_url": "https://organisatie.invalid/?bsn=1"},
        {"discovery_url": "https://organisatie.invalid:poort/"},
        {"discovery_url": "file:///etc/passwd"},
        {"discovery_url": "https://" + "x" * 600},
        {"public_key": ...},
        {"public_key": "x"},
        {"public_key": KEY.as_dict(private=True)},
        {"public_key": OctKey.generate_key(256).as_dict(private=True)},
        {"document_types": ...},
        {"document_types": CLAIMS},
        {"document_types": [1]},
        {"withdrawn": "yes"},
        {"withdrawn": 1},
        {"oin": OINS[0]},
    ],
)
def test_one_doubtful_organisation_costs_the_whole_list(changes: dict[str, Any]) -> None:
    with pytest.raises(ListRefused):
        read(content([entry(0), entry(1, **changes)]))


def test_a_list_without_anybody_who_supplies_claims_is_refused() -> None:
    with pytest.raises(ListRefused):
        read(content([entry(0, withdrawn=True), entry(1, document_types=[])]))


def test_too_many_organisations_are_refused() -> None:
    entries = [entry(0, oin=f"{number:020}") for number in range(MOST_ORGANISATIONS + 1)]
    assert len(read(content(entries[:-1])).organisations) == MOST_ORGANISATIONS
    with pytest.raises(ListRefused):
        read(content(entries))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_MEMBERS = ["version", "iss", "iat", "exp", "organizations"]
_ENTRY = ["oin", "name", "discovery_url", "public_key", "document_types", "withdrawn"]


@given(_JSON, st.sampled_from(_MEMBERS), st.sampled_from(_ENTRY))
def test_any_json_in_the_place_of_any_member_is_read_or_refused(
    value: Any, member: str, of_entry: str
) -> None:
    entries = [entry(0), entry(1, **{of_entry: value})]
    for payload in (content([entry(0)], **{member: value}), content(entries), value):
        with suppress(ListRefused, SourceUntrusted):
            assert any(one.can_be_asked for one in read_list(sign(payload), (KEY,)).organisations)
