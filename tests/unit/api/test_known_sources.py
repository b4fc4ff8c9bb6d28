from __future__ import annotations

from tests.support.api_site import ApiSite
from tests.support.monitor_figures import period, source_figures
from tests.unit.api.contract import fits


def test_sources_and_their_state_are_for_everybody(api: ApiSite) -> None:
    api.monitor.sources = (
        source_figures("belastingen", newest=(period(claims=3),)),
        source_figures("kredietbank", newest=(period(too_slow=1),)),
    )
    found = fits(api.program(token=None).get("/bronnen"), "/bronnen")
    stated = {one["id"]: (one["aangesloten"], one["toestand"]) for one in found["bronnen"]}
    assert stated["belastingen"] == (True, "werkt")
    assert stated["kredietbank"] == (True, "geen_antwoord")
    assert stated["water"][0] is False
