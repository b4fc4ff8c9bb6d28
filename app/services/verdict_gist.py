"""The first sentences of a verdict, and as much of the verdict as they need.

The counsellor's desk keeps only that much of a file, and says it in the language of whoever reads it then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import formatting
from app.language import N_, _
from app.language.stated import Stated, in_a_row
from app.services.verify import Reason, Verdict, VerdictKind

_HEADLINE = {
    Reason.EXAMINER_FAILED: N_("Wij kunnen dit bestand nu niet controleren."),
    Reason.REGISTER_UNAVAILABLE: N_("Wij kunnen dit bestand nu niet controleren."),
    Reason.AHEAD_OF_CLOCK: N_("Wij kunnen dit bestand nu niet controleren. De klok loopt misschien achter."),
    Reason.NOT_SEALED: N_("Dit is geen verzegeld overzicht."),
    Reason.ALTERED: N_("Dit bestand is veranderd nadat het is gemaakt."),
    Reason.UNTRUSTED: N_("Dit zegel is niet van een organisatie die wij vertrouwen."),
    Reason.REVOKED: N_("Dit overzicht is ingetrokken."),
    Reason.NOT_IN_REGISTER: N_("Wij kunnen dit overzicht niet controleren: het staat niet in ons register."),
    Reason.SUPERSEDED: N_("Dit overzicht is echt, maar er is een nieuwer overzicht."),
    Reason.OTHER_ORGANISATION: N_("Dit overzicht is echt."),
    Reason.MOMENT_UNPROVEN: N_("Dit overzicht is echt, met een opmerking."),
    Reason.ARCHIVED: N_("Dit overzicht is echt. Het is een gearchiveerde kopie."),
    Reason.GENUINE: N_("Dit overzicht is echt."),
}

EXPIRED = N_(
    "Het certificaat van het zegel is daarna verlopen. Het moment van verzegelen is daardoor niet bewezen."
)
_NEXT_STEP = {
    Reason.EXAMINER_FAILED: N_("Probeer het later nog een keer. Vertrouw tot die tijd niet op dit bestand."),
    Reason.REGISTER_UNAVAILABLE: N_(
        "Probeer het later nog een keer. Het ligt aan ons. Vertrouw tot die tijd niet op dit bestand."
    ),
    Reason.AHEAD_OF_CLOCK: N_(
        "Controleert u op uw eigen computer? Zet datum en tijd goed en probeer het nog een keer. "
        "Anders: probeer het later. Vertrouw tot die tijd niet op dit bestand."
    ),
    Reason.NOT_SEALED: N_(
        "Een scan, een foto, een afdruk of een ander bestand kunnen wij niet controleren. "
        "Vraag om het bestand dat is gedownload (pdf of json)."
    ),
    Reason.ALTERED: N_("Gebruik het niet. Vraag om het bestand zoals het is gedownload."),
    Reason.UNTRUSTED: N_("Gebruik het niet. Vraag om een overzicht van een organisatie die u kent."),
    Reason.REVOKED: N_("Gebruik het niet. Vraag om een nieuw overzicht."),
    Reason.NOT_IN_REGISTER: N_(
        "Het zegel klopt, maar wij kennen het nummer niet. Neem contact op met de organisatie."
    ),
    Reason.SUPERSEDED: N_("Vraag om het nieuwe overzicht."),
    Reason.MOMENT_UNPROVEN: EXPIRED,
}


_MADE = N_("Het is op %(moment)s gemaakt door %(organisation)s en daarna niet veranderd.")
_SUMMARY_MADE = N_("Zij is op %(moment)s gemaakt door %(organisation)s en daarna niet veranderd.")
KEY_REVOKED = N_("Het zegel van dit overzicht is ingetrokken.")
KEY_REVOKED_BEFORE = N_("Het zegel was al ingetrokken toen dit bestand werd gemaakt.")
KEY_NEXT_STEP = N_("Gebruik het niet. Vraag om een nieuw overzicht.")
# A summary is never called an overview: what `say` makes of the sentences above and below, for the catalogues.
_OF_A_SUMMARY = (
    N_("Deze samenvatting is ingetrokken."),
    N_("Wij kunnen deze samenvatting niet controleren: het staat niet in ons register."),
    N_("Deze samenvatting is echt, maar er is een nieuwer overzicht."),
    N_("Deze samenvatting is echt."),
    N_("Deze samenvatting is echt, met een opmerking."),
    N_("Deze samenvatting is echt. Het is een gearchiveerde kopie."),
    N_("Het zegel van deze samenvatting is ingetrokken."),
    N_("Gebruik het niet. Vraag om een nieuwe samenvatting."),
    N_("Deze samenvatting is aantoonbaar van daarvoor."),
    N_("Het register is niet gevraagd: of deze samenvatting is ingetrokken of vervangen, weten wij niet."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """`is_summary`: the file is a summary, which is never called an overview. `has_bad_key`: the key of its seal was revoked (not
    the document alone), and that counts for this file. `made_at`: only of what may be believed. `organisation`: empty when nobody
    is known to have sealed it."""

    reason: Reason
    is_summary: bool = False
    has_bad_key: bool = False
    made_at: datetime | None = None
    organisation: str = ""

    @property
    def headline(self) -> str:
        """In the language of this moment, as all words here."""
        if self.has_bad_key:
            return self._say(KEY_REVOKED_BEFORE if self.reason is Reason.UNTRUSTED else KEY_REVOKED)
        first = self._say(_HEADLINE[self.reason])
        if self.made_at is None:
            return first
        made = _(
            _SUMMARY_MADE if self.is_summary else _MADE,
            moment=formatting.moment(self.made_at),
            organisation=Stated(self.organisation),
        )
        return in_a_row((first, made))

    @property
    def next_step(self) -> str | None:
        dutch = KEY_NEXT_STEP if self.has_bad_key else _NEXT_STEP.get(self.reason)
        return None if dutch is None else self._say(dutch)

    def _say(self, dutch: str) -> str:
        return say(dutch, is_summary=self.is_summary)


def gist_of(verdict: Verdict) -> Gist:
    is_believed = verdict.content is not None and verdict.kind is VerdictKind.GENUINE
    return Gist(
        reason=verdict.reason,
        is_summary=verdict.summary is not None,
        has_bad_key=_has_bad_key(verdict),
        made_at=verdict.content.made_at if verdict.content is not None and is_believed else None,
        organisation=verdict.organisation or "",
    )


def say(dutch: str, *, is_summary: bool) -> str:
    """A sentence about an overview, in the language of this moment; of a summary, when the file is one."""
    return _(of_a_summary(dutch) if is_summary else dutch)


def of_a_summary(dutch: str) -> str:
    """A sentence about an overview, as it is said of a summary; each stands in `_OF_A_SUMMARY` for the catalogues."""
    said = dutch.replace("Dit overzicht", "Deze samenvatting").replace("dit overzicht", "deze samenvatting")
    return said.replace("een nieuw overzicht", "een nieuwe samenvatting")


def _has_bad_key(verdict: Verdict) -> bool:
    """The key was revoked (not the document alone), and that counts for this file."""
    if verdict.kind is VerdictKind.GENUINE or verdict.revoked_at is None:
        return False
    return verdict.key_revocation is not None or verdict.content is None
