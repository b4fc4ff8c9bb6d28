"""No list whatsoever makes an organisation disappear."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sources.scheme.support import OTHER_KEY, Keeper, content, entry, sign

_ENTRIES = st.lists(
    st.builds(
        entry,
        st.integers(0, 4),
        withdrawn=st.sampled_from([..., True, False]),
        document_types=st.sampled_from([["FINANCIAL_CLAIMS_INFORMATION_REQUEST"], []]),
        name=st.sampled_from(["Gemeente", "Gemeente Anders", ""]),
    ),
    max_size=5,
)
_STEP = st.tuples(
    _ENTRIES,
    st.integers(0, 6),  # version
    st.sampled_from(["good", "good", "good", "other key", "garbage", "gone", "expired"]),
    st.integers(0, 40),  # hours that pass
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_STEP, min_size=1, max_size=8))
def test_who_was_ever_shown_stays_shown_and_is_never_a_full_answer_by_itself(
    steps: list[tuple[list[dict[str, object]], int, str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        keeper = Keeper(Path(folder))
        ever: set[str] = set()
        for entries, version, kind, hours in steps:
            keeper.clock.pass_by(hours=hours)
            before = keeper.shown()
            problem = keeper.offer(_token(keeper, entries, version, kind))
            shown = keeper.shown()
            assert shown
            assert ever <= shown.keys()
            assert problem is None or shown == before
            ever |= shown.keys() - {"lijst"}
            if problem is None:
                assert kind == "good"
                in_list = {
                    str(one["oin"]) for one in entries if one["document_types"] and not one.get("withdrawn")
                }
                assert {name for name, connected in shown.items() if connected} == {
                    f"lijst-{oin}" for oin in in_list
                }


def _token(keeper: Keeper, entries: list[dict[str, object]], version: int, kind: str) -> bytes | None:
    good = content(entries, version, keeper.clock.now())
    if kind == "gone":
        return None
    if kind == "garbage":
        return sign(good)[:-20]
    if kind == "expired":
        return sign(good | {"iat": 1000, "exp": 2000})
    return sign(good, OTHER_KEY) if kind == "other key" else sign(good)
