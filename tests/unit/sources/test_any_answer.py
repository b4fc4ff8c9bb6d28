"""Whatever a source sends, reading it ends in an answer or in an error that we foresaw; and an answer that looks like
"no claims" can come only from an empty list."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.organisation import Organisation
from sources.errors import SourceError
from sources.fcid.mapping import read_answer
from sources.municipal_rest.mapping import read_page
from tests.unit.sources.fakes import CITIZEN
from tests.unit.sources.test_fcid_mapping import case, document
from tests.unit.sources.test_municipal_rest_mapping import CLAIM, page

TOWN = Organisation("Gemeente Voorbeeld")
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

EVENT = {"soort": "verplichting_opgelegd", "kenmerk": "E-1", "bedrag": 100, "opgelegd_op": "2026-03"}
FCID_EVENT = {
    "gebeurtenis_type": "FinancieleVerplichtingOpgelegd",
    "gebeurtenis_kenmerk": "E-1",
    "datumtijd_gebeurtenis": "2026-03-02T09:00:00Z",
    "bedrag": 1000,
}
RICH_CLAIM = CLAIM | {
    "gebeurtenissen": [EVENT],
    "achterstand": {"bedrag": 1},
    "betaalgegevens": {"iban": "x"},
}
MUNICIPAL = page(vorderingen=[RICH_CLAIM, CLAIM | {"kenmerk": "A-2"}])
FCID = document(case(gebeurtenissen=[FCID_EVENT], achterstanden=["E-1"]), case(zaakkenmerk="Z-2"))

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "2026-02-30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [found for key, part in inside for found in places(part, (*path, key))]


def changed(answer: dict[str, Any], path: tuple[Any, ...], new: Any) -> Any:
    """The answer with the value at one place replaced."""
    if not path:
        return new
    result: Any = copy.deepcopy(answer)
    at = result
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return result


def check(answer: Any, read: Callable[[Any], Any], cases: Callable[[Any], Any]) -> None:
    if not isinstance(answer, dict):
        return  # the client refuses it before it is read
    with suppress(SourceError):
        result = read(answer)
        assert result.claims or result.partial or cases(answer) == []


@relaxed
@given(st.sampled_from(places(MUNICIPAL)), anything)
def test_any_change_to_a_municipal_answer(path: tuple[Any, ...], new: Any) -> None:
    check(changed(MUNICIPAL, path, new), lambda a: read_page(a, CITIZEN, TOWN), lambda a: a["vorderingen"])


@relaxed
@given(st.sampled_from(places(FCID)), anything)
def test_any_change_to_a_document(path: tuple[Any, ...], new: Any) -> None:
    check(
        changed(FCID, path, new),
        lambda a: read_answer(a, CITIZEN, TOWN),
        lambda a: a["body"]["financiele_zaken"],
    )
