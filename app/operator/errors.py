"""The look of error pages, and words that fit an employee instead of a citizen."""

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
            404, "Deze pagina bestaat niet", "Controleer het adres, of ga naar de monitor."
        ),
        Forbidden: Explanation(403, "U mag deze pagina niet zien", "Ga terug naar de monitor."),
    }
)


def render_error(page: ErrorPage) -> str:
    """HTML for an error."""
    return render_template("operator/error.html", page=page)
