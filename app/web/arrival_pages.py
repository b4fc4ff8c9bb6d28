"""`/start`: the address for links and buttons on other sites. It keeps what a link brings and leads to the start page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.http import chosen_language
from app.language import LANGUAGES
from app.web import arrival
from app.web.access import Pages
from app.web.arrival_words import LANGUAGE
from app.web.citizen import Citizen, current_citizen
from app.web.services import WebServices

_SEE_OTHER = 303
_DOUBLED = "\n"  # which of the two was meant nobody knows, and this is never right


@dataclass(frozen=True)
class ArrivalPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/start", "arrive", self.arrive)
        pages.public("/start/zonder-zaak", "drop_case", self.drop_case, "POST")
        pages.logged_in("/start/met-zaak", "take_case", self.take_case, "POST")
        pages.logged_in("/start/zonder-deze-zaak", "leave_case", self.leave_case, "POST")

    def arrive(self) -> ResponseReturnValue:
        """Nothing of the link stays in the address bar, the history of a shared computer, or what the next page is told."""
        asked = _asked()
        brought, told = arrival.judge(asked, self.services.arrivals)
        language = asked.get(chosen_language.PARAMETER)
        if language is not None and language not in LANGUAGES:
            language, told = None, (LANGUAGE, *told)
        arrival.keep(brought, told)
        return redirect(url_for("web.start", taal=language), _SEE_OTHER)

    def drop_case(self) -> ResponseReturnValue:
        arrival.drop_case()
        return redirect(url_for("web.start" if current_citizen() is None else "web.overview"), _SEE_OTHER)

    def take_case(self, _citizen: Citizen) -> ResponseReturnValue:
        arrival.take_offered_case()
        return redirect(url_for("web.overview"), _SEE_OTHER)

    def leave_case(self, _citizen: Citizen) -> ResponseReturnValue:
        arrival.leave_offered_case()
        return redirect(url_for("web.overview"), _SEE_OTHER)


def _asked() -> dict[str, str]:
    """What the link says; a parameter without a value, as forms make them, says nothing."""
    said = ((name, values if any(values) else []) for name, values in request.args.lists())
    return {name: values[0] if len(values) == 1 else _DOUBLED for name, values in said if values}
