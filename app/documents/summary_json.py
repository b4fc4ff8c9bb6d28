"""The JSON record `schuldensamenvatting` version 1: what several verified overviews say together.

A kind of document of its own. It never passes for an overview: another word in `soort`, another form of number, another name of
the attachment; whoever reads overviews refuses it, and it is never merged again. The bytes are canonical.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents import formatting, labels, sentences
from app.documents.case_member import CASE, CaseCodec
from app.documents.json import LARGEST_PAYLOAD, NotOurPayload
from app.language import DUTCH, N_, _, ngettext, speaking
from app.ports.snapshot import Issuer
from claims.identity import Bsn
from claims.instant import format_instant, parse_instant
from claims.merged import EarlierClaim, GivenOverview, Merged, MergedFile
from claims.record import names
from claims.record.claim_codec import ClaimCodec
from claims.record.codec import INSTANT, TEXT, ListOf, Place
from claims.record.reader import read_overview
from claims.record.shape import Shape, members
from claims.record.shapes import ORGANISATION, SOURCE
from claims.record.writer import write_overview
from claims.strict_json import canonical_json, loads_strict
from claims.totals import Total

DOCUMENT_TYPE = "schuldensamenvatting"
DOCUMENT_VERSION = 1
NUMBER = re.compile("BS-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{10}")
NOT_AN_OVERVIEW = N_(
    "Dit is een samenvatting van gecontroleerde bestanden. Het is geen overzicht van de bronnen zelf. "
    "De bestanden zelf blijven het bewijs."
)
_DEPTH = 64


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A file that somebody brought and that was not merged. `name`: as their computer calls it; `result`: in a few Dutch words;
    `digest`: SHA-256 (hexadecimal)."""

    name: str
    result: str
    digest: str | None = None


_FILE = Shape(
    "bestand",
    MergedFile,
    members(
        {
            "number": "documentnummer",
            "issuer": "verzegeld_door",
            "code": "controlecode",
            "made_at": "gemaakt_op",
            "digests": "sha256",
            "requested_by": "bsn_gemachtigde_eindigt_op",
            "remarks": "opmerkingen",
            "case": CASE,
        },
        {
            "number": TEXT,
            "issuer": TEXT,
            "code": TEXT,
            "made_at": INSTANT,
            "digests": ListOf(TEXT),
            "requested_by": TEXT,
            "remarks": ListOf(TEXT),
            "case": CaseCodec(),
        },
        ["number", "issuer", "code", "made_at", "digests"],
    ),
)
_LEFT_OUT = Shape(
    "niet_samengevoegd",
    LeftOutFile,
    members(
        {"name": "bestandsnaam", "result": "uitslag", "digest": "sha256"},
        {"name": TEXT, "result": TEXT, "digest": TEXT},
        ["name", "result"],
    ),
)
_EARLIER = Shape(
    "eerdere_stand",
    EarlierClaim,
    members(
        {"source": "bron", "claim": "vordering", "said_at": "gezegd_op"},
        {"source": SOURCE, "claim": ClaimCodec(), "said_at": INSTANT},
        ["source", "claim", "said_at"],
    ),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """`number` is BS-YYYY-XXXXXXXXXX; `nonce` is 128 random bits in hexadecimal, as in an overview."""

    number: str
    nonce: str
    made_at: datetime
    merged: Merged
    left_out: tuple[LeftOutFile, ...] = ()

    @property
    def bsn(self) -> Bsn:
        return self.merged.bsn


def title(summary: Summary) -> str:
    count = len(summary.merged.files)
    return ngettext(
        "Samenvatting van %(number)s gecontroleerd bestand",
        "Samenvatting van %(number)s gecontroleerde bestanden",
        count,
    )


@speaking(DUTCH)
def write_payload(summary: Summary, issuer: Issuer) -> bytes:
    """The record of this summary, with the number of the citizen in full, as in the overviews themselves."""
    merged = summary.merged
    return canonical_json(
        {
            "soort": DOCUMENT_TYPE,
            "versie": DOCUMENT_VERSION,
            "documentnummer": summary.number,
            "nonce": summary.nonce,
            "gemaakt_op": format_instant(summary.made_at),
            "betrokkene": {names.PERSON["bsn"]: merged.bsn.digits},
            "afgegeven_door": ORGANISATION.write(issuer.organisation),
            "bestanden": [_FILE.write(file) for file in merged.files],
            "niet_samengevoegd": [_LEFT_OUT.write(file) for file in summary.left_out],
            "overzicht": write_overview(merged.overview),
            "eerdere_standen": [_EARLIER.write(one) for one in merged.earlier],
            "niet_meer_genoemd": [_EARLIER.write(one) for one in merged.gone],
            "later_beantwoord": sorted(merged.answered_later),
            "daarna_geen_antwoord": sorted(merged.silent_since),
            "totalen": {
                "saldo": _total(merged.balance),
                "achterstand": _total(merged.arrears),
                "saldo_met_niet_meer_genoemd": _total(merged.balance_with_gone),
            },
            "niet_opgenomen": list(labels.NOT_INCLUDED),
            "toelichting": [title(summary) + ".", NOT_AN_OVERVIEW, *notes(summary)],
        }
    )


def notes(summary: Summary) -> tuple[str, ...]:
    """What must stand above every total, where the files that are left out are named further down."""
    about = (_about_left_out(len(summary.left_out)),) if summary.left_out else ()
    return (*about, *notes_on_content(summary))


def notes_on_content(summary: Summary) -> tuple[str, ...]:
    """The same without the files that are left out."""
    merged = summary.merged
    said = list(sentences.completeness(merged.overview).sentences)
    if merged.gone:
        said.append(_about_gone(len(merged.gone)))
        if merged.balance_with_gone != merged.balance:
            total = formatting.total(merged.balance_with_gone)
            said.append(_("Moet dat allemaal nog worden betaald? Dan is het totaal %(total)s.", total=total))
    return tuple(said)


def _about_left_out(count: int) -> str:
    """A debt may stand in a file that could not be checked."""
    return ngettext(
        "Let op: %(number)s bestand staat niet in deze samenvatting. Verderop leest u welk, en waarom. "
        "Er kunnen dus meer schulden zijn.",
        "Let op: %(number)s bestanden staan niet in deze samenvatting. Verderop leest u welke, en waarom. "
        "Er kunnen dus meer schulden zijn.",
        count,
    )


def _about_gone(count: int) -> str:
    return ngettext(
        "Let op: %(number)s rekening staat wel in een ouder bestand, maar niet meer in het nieuwste antwoord van de bron. "
        "Wij tellen die niet mee. Misschien is er betaald, of moet er nu ergens anders worden betaald.",
        "Let op: %(number)s rekeningen staan wel in een ouder bestand, maar niet meer in het nieuwste antwoord van de bron. "
        "Wij tellen die niet mee. Misschien is er betaald, of moet er nu ergens anders worden betaald.",
        count,
    )


def _total(total: Total) -> dict[str, Any]:
    return {
        names.TOTAL["amount"]: None if total.amount is None else total.amount.cents,
        names.TOTAL["is_at_least"]: total.is_at_least,
        names.TOTAL["unknown_count"]: total.unknown_count,
    }


def read_payload(payload: bytes) -> Summary:
    """Read a record back that `write_payload` made. Totals are worked out again. Raises NotOurPayload."""
    try:
        document = loads_strict(payload, LARGEST_PAYLOAD, _DEPTH)
        if not isinstance(document, dict) or document.get("soort") != DOCUMENT_TYPE:
            raise NotOurPayload("another kind of document")
        version = document.get("versie")
        if type(version) is not int or version != DOCUMENT_VERSION:
            raise NotOurPayload("another version: its members may mean something else")
        return Summary(
            number=_number(document["documentnummer"]),
            nonce=_text(document["nonce"]),
            made_at=parse_instant(_text(document["gemaakt_op"])),
            merged=_merged(document),
            left_out=tuple(_LEFT_OUT.read(one, Place()) for one in document.get("niet_samengevoegd", [])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurPayload(type(error).__name__) from None


def write_given(given: GivenOverview) -> dict[str, Any]:
    """What was verified and merged, to be read back by `read_given` when more files come."""
    return {
        "bestand": _FILE.write(given.file),
        "bsn": None if given.bsn is None else given.bsn.digits,
        "overzicht": write_overview(given.overview),
    }


def read_given(stated: Mapping[str, Any]) -> GivenOverview:
    bsn = stated["bsn"]
    return GivenOverview(
        _FILE.read(stated["bestand"], Place()),
        None if bsn is None else Bsn.parse(_text(bsn)),
        read_overview(stated["overzicht"]),
    )


def _merged(document: Mapping[str, Any]) -> Merged:
    files = tuple(_FILE.read(one, Place()) for one in document["bestanden"])
    if not files:
        raise NotOurPayload("a summary of nothing")
    return Merged(
        bsn=Bsn.parse(_text(document["betrokkene"][names.PERSON["bsn"]])),
        files=files,
        overview=read_overview(document["overzicht"]),
        earlier=tuple(_EARLIER.read(one, Place()) for one in document["eerdere_standen"]),
        gone=tuple(_EARLIER.read(one, Place()) for one in document["niet_meer_genoemd"]),
        answered_later=frozenset(map(_text, document["later_beantwoord"])),
        silent_since=frozenset(map(_text, document["daarna_geen_antwoord"])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotOurPayload("a text was expected")
    return value


def _number(value: object) -> str:
    text = _text(value)
    if not NUMBER.fullmatch(text):
        raise NotOurPayload("not the number of a summary")
    return text
