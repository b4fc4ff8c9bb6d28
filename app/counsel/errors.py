"""The look of error pages, and words that fit a counsellor instead of a citizen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import render_template
from werkzeug.exceptions import Forbidden, NotFound

from app.http.error_table import Explanation
from app.http.errors import ErrorPage

EXPLANATIONS: Mapping[type[Exception], Explanation] = MappingProxyType(
    {
        NotFound: Explanation(
            404, "Deze pagina bestaat niet", "Controleer het adres, of ga naar wat er met u is gedeeld."
        ),
        Forbidden: Explanation(403, "U mag deze pagina niet zien", "Ga terug naar wat er met u is gedeeld."),
    }
)


def render_error(page: ErrorPage) -> str:
    """HTML for an error."""
    return render_template("counsel/error.html", page=page)
