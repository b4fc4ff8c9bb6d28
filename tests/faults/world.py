"""The citizens and sources of the bench: of everybody is known exactly what they owe to whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

# Numbers that pass the eleven-test and belong to nobody; names that stand in no text of ours.
_PEOPLE = (
    ("999990482", "Quispelaar"),
    ("999991553", "Zwartjesma"),
    ("999991772", "Oudkerkzoon"),
    ("999992077", "Hyacintveld"),
    ("999992740", "Jongbloedt"),
    ("999992995", "Vuurpijlers"),
)


@dataclass(frozen=True)
class Person:
    """`place`: in the list of the log-in page."""

    place: int
    bsn: str
    name: str


@dataclass(frozen=True)
class BenchSource:
    """`code` begins the references of its claims."""

    place: int
    source_id: str
    protocol: str
    name: str
    code: str

    @property
    def oin(self) -> str:
        return f"000000019000001{self.place}1000"


PEOPLE = tuple(Person(place, bsn, name) for place, (bsn, name) in enumerate(_PEOPLE))
SOURCES = tuple(
    BenchSource(place, source_id, protocol, name, code)
    for place, (source_id, protocol, name, code) in enumerate(
        (
            ("bank-belastingen", "municipal_rest", "Proefgemeente Eerste", "EEN"),
            ("bank-parkeren", "municipal_rest", "Proefgemeente Tweede", "TWE"),
            ("bank-waterschap", "fcid", "Proefwaterschap Derde", "DER"),
            ("bank-sociaal", "dkd", "Proefdienst Vierde", "VIE"),
        )
    )
)


def source_named(source_id: str) -> BenchSource:
    return next(source for source in SOURCES if source.source_id == source_id)


def references(person: Person, source: BenchSource) -> frozenset[str]:
    """Of all claims of this source on this person: none, one or two."""
    count = (person.place + source.place) % 3
    return frozenset(_reference(person, source, number) for number in range(count))


def _reference(person: Person, source: BenchSource, number: int) -> str:
    if source.protocol == "dkd":  # digits only
        return f"7{person.place:03}{source.place:03}{number:08}"
    return f"{source.code}-{person.name.upper()}-{number}"


def markers(person: Person) -> frozenset[str]:
    """What nobody else may ever see; in small letters."""
    own = {reference for source in SOURCES for reference in references(person, source)}
    return frozenset(text.lower() for text in {person.bsn, person.name, *own})


def write_citizens(file: Path) -> None:
    """For the simulated DigiD."""
    stanzas = (f'[[burger]]\nbsn = "{p.bsn}"\nnaam = "{p.name}"\ntoont = "proef"\n' for p in PEOPLE)
    file.write_text("\n".join(stanzas), encoding="utf-8")


def write_sources(folder: Path) -> None:
    """For the simulated organisations: one file each."""
    folder.mkdir()
    for source in SOURCES:
        (folder / f"{source.source_id}.toml").write_text(_source_file(source), encoding="utf-8")


def _source_file(source: BenchSource) -> str:
    more = {"fcid": 'fcid_versie = "4.1"\n', "dkd": 'profiel = "wsa+wsse"\nversie = "v0500"\n'}
    access = 'toegang = "api_key"\n' if source.code == "TWE" else ""
    head = f"""\
source_id = "{source.source_id}"
protocol = "{source.protocol}"
naam = "{source.name}"
oin = "{source.oin}"
telefoon = "010 555 01 0{source.place}"
openingstijden = "werkdagen van 9.00 tot 12.00 uur"
website = "https://{source.source_id}.invalid"
{more.get(source.protocol, "")}{access}"""
    return head + "".join(_citizen(person, source) for person in PEOPLE)


def _citizen(person: Person, source: BenchSource) -> str:
    key = "zaken" if source.protocol == "fcid" else "vorderingen"
    write = {"municipal_rest": _rest_claim, "fcid": _fcid_case, "dkd": _dkd_claim}[source.protocol]
    claims = [write(person, reference) for reference in sorted(references(person, source))]
    inner = "".join(f"\n[[burger.{key}]]\n{claim}" for claim in claims)
    return f'\n[[burger]]\nbsn = "{person.bsn}"\nnaam = "{person.name}"\n{inner}'


def _rest_claim(person: Person, reference: str) -> str:
    return f"""\
kenmerk = "{reference}"
omschrijving = "Aanslag van {person.name}"
soort = "gm_rioolheffing"
ontstaan_op = "@dag-60"
status = "open"
achterstand = {{ bedrag = 0 }}
betalen_voor = "@dag+30"
beginbedrag = 18600
saldo = 18600
"""


def _fcid_case(person: Person, reference: str) -> str:
    event = {
        "gebeurtenis_type": "FinancieleVerplichtingOpgelegd",
        "gebeurtenis_kenmerk": f"{reference}-FV",
        "datumtijd_gebeurtenis": "@moment-70",
        "datumtijd_opgelegd": "@moment-70",
        "zaakkenmerk": reference,
        "bsn": person.bsn,
        "type": "ws_watersysteemheffing_ingezetenen",
        "omschrijving": f"Heffing van {person.name}",
    }
    members = ", ".join(f"{name} = {json.dumps(value)}" for name, value in event.items())
    return f"""\
zaakkenmerk = "{reference}"
totaal_financieel_verplicht = 13255
totaal_financieel_vereffend = 0
saldo = 13255
saldo_datumtijd = "@moment-0"
achterstanden = []
gebeurtenissen = [{{ {members}, primaire_verplichting = true, bedrag = 13255 }}]
"""


def _dkd_claim(_person: Person, reference: str) -> str:
    return f"""\
xml = '''
<IdentificatienrVordering>{reference}</IdentificatienrVordering>
<BedrSaldoVordering><WaardeBedr>45000</WaardeBedr></BedrSaldoVordering>
<SzWet><CdSzWet>PW</CdSzWet></SzWet>
<Bron><CdKolomSuwi>3</CdKolomSuwi><CdPartijSuwi>0599</CdPartijSuwi></Bron>'''
"""
