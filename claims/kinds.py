"""Kinds of claims: from the id on the wire to a name and one sentence that citizens understand.

The published rules for ids (VO Rijk, "id type financiele verplichtingen") know eight national prefixes and no
municipal one. The prefix `gm` and all ids below are our proposal, and the legal grounds have not been checked by a
lawyer: no entry is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass

MUNICIPAL_PREFIX = "gm"


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """`name` and `explanation` are for citizens (B1); `confirmed` False: id and ground are not official."""

    kind_id: str
    name: str
    explanation: str
    legal_ground: str
    confirmed: bool = False


# id without prefix, name, one sentence of explanation, legal ground
_MUNICIPAL = (
    (
        "ozb_eigenaar_woning",
        "Onroerendezaakbelasting (woning)",
        "Belasting die u betaalt omdat u een huis bezit.",
        "Gemeentewet art. 220",
    ),
    (
        "ozb_eigenaar_niet_woning",
        "Onroerendezaakbelasting (bedrijfspand, eigenaar)",
        "Belasting die u betaalt omdat u een bedrijfspand bezit.",
        "Gemeentewet art. 220",
    ),
    (
        "ozb_gebruiker_niet_woning",
        "Onroerendezaakbelasting (bedrijfspand, gebruiker)",
        "Belasting die u betaalt omdat u een bedrijfspand gebruikt.",
        "Gemeentewet art. 220",
    ),
    (
        "afvalstoffenheffing",
        "Afvalstoffenheffing",
        "Geld voor het ophalen en verwerken van uw afval.",
        "Wet milieubeheer art. 15.33",
    ),
    (
        "reinigingsrecht",
        "Reinigingsrecht",
        "Geld voor het ophalen van bedrijfsafval.",
        "Gemeentewet art. 229",
    ),
    ("rioolheffing", "Rioolheffing", "Geld voor de riolering.", "Gemeentewet art. 228a"),
    ("hondenbelasting", "Hondenbelasting", "Belasting omdat u een hond heeft.", "Gemeentewet art. 226"),
    (
        "toeristenbelasting",
        "Toeristenbelasting",
        "Belasting voor overnachten in de gemeente.",
        "Gemeentewet art. 224",
    ),
    (
        "forensenbelasting",
        "Forensenbelasting",
        "Belasting voor een huis in een gemeente waar u niet woont.",
        "Gemeentewet art. 223",
    ),
    (
        "precariobelasting",
        "Precariobelasting",
        "Belasting omdat u iets op of boven grond van de gemeente heeft.",
        "Gemeentewet art. 228",
    ),
    (
        "parkeerbelasting_naheffing",
        "Parkeerbon van de gemeente",
        "U stond geparkeerd en had niet of te weinig betaald.",
        "Gemeentewet art. 225 en 234",
    ),
    (
        "leges",
        "Leges",
        "Kosten voor een document of een vergunning, zoals een paspoort.",
        "Gemeentewet art. 229",
    ),
    ("grafrechten", "Grafrechten", "Kosten voor een graf of een begrafenis.", "Gemeentewet art. 229"),
    (
        "terugvordering_bijstand",
        "Bijstand terugbetalen",
        "U kreeg te veel bijstand en moet dat terugbetalen.",
        "Participatiewet art. 58 en 59",
    ),
    (
        "boete_inlichtingenplicht",
        "Boete bij een uitkering",
        "U kreeg een boete omdat u iets niet of te laat heeft doorgegeven.",
        "Participatiewet art. 18a",
    ),
    (
        "leenbijstand",
        "Lening van de bijstand",
        "U leende geld van de gemeente voor iets dat u nodig had.",
        "Participatiewet art. 48 en 51",
    ),
    (
        "terugvordering_bbz",
        "Hulp voor zelfstandigen terugbetalen",
        "U kreeg te veel Bbz-geld en moet dat terugbetalen.",
        "Bbz 2004",
    ),
    ("lening_bbz", "Lening voor zelfstandigen (Bbz)", "U leende geld voor uw bedrijf.", "Bbz 2004"),
    (
        "lening_tozo",
        "Lening voor zelfstandigen (Tozo)",
        "U leende geld voor uw bedrijf in de coronatijd.",
        "Tozo",
    ),
    (
        "terugvordering_wmo",
        "Wmo-geld terugbetalen",
        "U kreeg te veel geld voor zorg of hulp en moet dat terugbetalen.",
        "Wmo 2015 art. 2.4.1",
    ),
    (
        "terugvordering_jeugd",
        "Geld voor jeugdhulp terugbetalen",
        "U kreeg te veel geld voor jeugdhulp en moet dat terugbetalen.",
        "Jeugdwet art. 8.1.4",
    ),
    (
        "verhaal_bijstand",
        "Meebetalen aan bijstand",
        "Uw ex-partner of kind krijgt bijstand en u moet daaraan meebetalen.",
        "Participatiewet art. 61 en verder",
    ),
    (
        "dwangsom",
        "Dwangsom",
        "U moest iets doen of stoppen, en dat is niet op tijd gebeurd.",
        "Awb art. 5:32, 5:33 en 5:37",
    ),
    (
        "kosten_bestuursdwang",
        "Kosten van ingrijpen door de gemeente",
        "De gemeente heeft iets voor u opgelost, zoals een auto wegslepen.",
        "Awb art. 5:25",
    ),
    (
        "bestuurlijke_boete",
        "Boete van de gemeente",
        "U heeft zich niet aan een regel gehouden.",
        "Awb art. 5:40",
    ),
    (
        "subsidie_terugvordering",
        "Subsidie terugbetalen",
        "U kreeg te veel subsidie en moet dat terugbetalen.",
        "Awb art. 4:57",
    ),
    (
        "kosten_aanmaning",
        "Kosten van een aanmaning",
        "Kosten omdat u een laatste waarschuwing kreeg.",
        "Awb art. 4:113",
    ),
    (
        "kosten_dwangbevel",
        "Kosten van een dwangbevel",
        "Kosten omdat de gemeente u officieel dwingt om te betalen.",
        "Awb art. 4:120, Kostenwet invordering rijksbelastingen",
    ),
    (
        "invorderingsrente",
        "Invorderingsrente",
        "Rente omdat een belasting te laat is betaald.",
        "Invorderingswet art. 28",
    ),
    ("wettelijke_rente", "Wettelijke rente", "Rente omdat te laat is betaald.", "Awb art. 4:97"),
)

_CATALOGUE = tuple(
    ClaimKind(f"{MUNICIPAL_PREFIX}_{rest}", name, explanation, ground)
    for rest, name, explanation, ground in _MUNICIPAL
)
_BY_ID = {kind.kind_id: kind for kind in _CATALOGUE}


def all_kinds() -> tuple[ClaimKind, ...]:
    """The whole catalogue, in order of the table."""
    return _CATALOGUE


def find_kind(kind_id: str | None) -> ClaimKind | None:
    """Look up without regard to case. None for an id that we do not know: then show the title of the source."""
    return None if kind_id is None else _BY_ID.get(kind_id.lower())
