"""What the templates of every site share: where they are, and text that cannot change how a page reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from flask.sansio.blueprints import BlueprintSetupState
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from app import language
from app.language import DUTCH
from app.language.stated import Stated, parts_of
from claims.visible import without_hidden

TEMPLATES = Path(__file__).parents[2] / "templates"
_AMOUNT = re.compile(r"(?<!\u2066)€[ \u00a0]-?[\d.]*\d(?:,\d\d)?")


def clean_texts(state: BlueprintSetupState) -> None:
    """Clean every value that a template of this application shows. For `Blueprint.record_once`."""
    state.app.jinja_env.finalize = without_controls
    state.app.jinja_env.filters["marked"] = marked
    state.app.jinja_env.filters["shown"] = without_controls


def marked(text: object) -> object:
    """Words of somebody else in a text of ours marked as Dutch, on a page that is not. For what stands between tags; never for an
    attribute."""
    if not isinstance(text, str) or isinstance(text, Markup) or language.current() == DUTCH:
        return text
    return Markup("").join(map(_marked_part, parts_of(text)))


def _marked_part(part: str) -> Markup:
    clean = without_controls(part)
    return Markup('<bdi lang="nl">%s</bdi>') % clean if isinstance(part, Stated) else escape(clean)


def without_controls(value: object) -> object:
    """Text for a page, without anything hidden in it (see `without_hidden`). Markup of ours stays as it is, but for amounts."""
    if not isinstance(value, str):
        return value
    return _in_order(value if isinstance(value, Markup) else without_hidden(value))


def _in_order(text: str) -> str:
    """Among letters that run from right to left the euro sign would end on the other side: marks keep an amount together
    (Unicode Standard Annex 9, section 2.4: isolates)."""
    if language.direction() == "ltr":
        return text
    marked = _AMOUNT.sub("\u2066\\g<0>\u2069", text)
    if not isinstance(text, Markup):
        return marked
    # It was mark-up before; marks of direction make nothing of it that it was not.
    return Markup(marked)  # noqa: S704  # nosec B704  # nosemgrep: no-unescaped-html


@pass_eval_context
def gettext(context: EvalContext, dutch: str, **values: object) -> str:
    """For templates, in place of jinja2.ext.i18n's own: what is filled in is cleaned as everything that a page shows. The
    text itself is ours and may hold mark-up; a percent sign in it is doubled."""
    return _filled(context, language.gettext(dutch), values)


@pass_eval_context
def ngettext(context: EvalContext, one: str, many: str, number: int, **values: object) -> str:
    """As `gettext`, for the form that belongs to `number`, which stands in it as `%(num)s` or `%(number)s`."""
    return _filled(context, language.form_for(one, many, number), {"num": number, "number": number, **values})


def _filled(context: EvalContext, text: str, values: Mapping[str, object]) -> str:
    clean = {name: without_controls(value) for name, value in values.items()}
    if not context.autoescape:
        return text % clean
    # A text of our own, or its translation, whose mark-up tests compare with it; `%` escapes what is filled in.
    return Markup(text) % clean  # noqa: S704  # nosec B704  # nosemgrep: no-unescaped-html
