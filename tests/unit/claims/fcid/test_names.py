"""The table must not call a name official that no public source confirms."""

from collections.abc import Iterator

from claims.events import UnrecognisedEvent
from claims.fcid.names import NAMES, Evidence, FcidVersion, WireName
from claims.record.shapes import EVENTS

# Chapter b.4 and b.5 of our reference: what is confirmed by name.
CONFIRMED = {
    "financiele_zaken",
    "totaal_financieel_verplicht",
    "totaal_financieel_vereffend",
    "bedrag",
    "omschrijving",
    "type",
    "FinancieleVerplichtingOpgelegd",
    "FinancieleVerplichtingKwijtgescholden",
}


def _all(version: FcidVersion) -> Iterator[WireName]:
    names = NAMES[version]
    for table in (names.envelope, names.body, names.case, names.contact, names.event):
        yield from table.values()
    for event in names.events.values():
        yield event.type
        yield from event.fields.values()


def test_only_confirmed_names_are_called_confirmed() -> None:
    for version in FcidVersion:
        found = {wire.name for wire in _all(version) if wire.evidence is Evidence.CONFIRMED}
        assert found <= CONFIRMED


def test_the_new_totals_belong_to_v4_1_only() -> None:
    assert NAMES[FcidVersion.V3].case["obliged"].name == "totaal_opgelegd"
    assert NAMES[FcidVersion.V4_1].case["obliged"].name == "totaal_financieel_verplicht"


def test_every_event_that_we_know_can_be_read_in_v4_1() -> None:
    known = {shape.make for shape in EVENTS} - {UnrecognisedEvent}
    assert set(NAMES[FcidVersion.V4_1].events) == known
    assert set(NAMES[FcidVersion.V3].events) < known


def test_no_two_attributes_of_an_event_share_a_name() -> None:
    for names in NAMES.values():
        for event in names.events.values():
            wire = [w.name for w in (*event.fields.values(), *names.event.values())]
            assert len(wire) == len(set(wire))
