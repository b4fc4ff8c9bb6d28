"""Writing FCID: all of the claim or a reason why not."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.fcid.names import NAMES, FcidVersion
from claims.fcid.reader import read_document
from claims.fcid.writer import NotExpressible, write_document
from claims.financial_claim import Amounts, ClaimStatus, Collector, FinancialClaim
from claims.identity import Bsn, Oin
from claims.money import Money
from claims.organisation import ContactKind, ContactOption, Organisation
from claims.partial_date import PartialDate
from claims.strict_json import canonical_json, loads_strict
from tests.support import strategies
from tests.support.fcid import BSN, OIN, case, document, event, imposed, paid, remitted, to_pay, transferred

TOWN = Organisation("Gemeente Brugstad", Oin(OIN))
MADE_AT = datetime(2026, 4, 1, tzinfo=UTC)


def written(*claims: FinancialClaim, version: FcidVersion = FcidVersion.V3) -> dict[str, Any]:
    return write_document(claims, version=version, bsn=Bsn(BSN), supplied_by=Oin(OIN), created_at=MADE_AT)


def claim_of(*events: Any, **fields: Any) -> FinancialClaim:
    version = fields.get("version", "3")
    [claim] = read_document(document(case(*events, **fields), version=version), TOWN).claims
    return claim


def test_a_v3_document_is_written_as_it_was_read() -> None:
    original = document(
        case(
            imposed(10000, type="gm_leges", zaakkenmerk="Z-1", bsn=BSN, opgelegd_door=OIN),
            to_pay(10000, "2026-03-01", zaakkenmerk="Z-1", bsn=BSN),
            paid(4000),
            obliged=10000,
            settled=4000,
            achterstanden=["b1"],
        )
    )
    [claim] = read_document(original, TOWN).claims
    back = written(claim)
    back["body"]["financiele_zaken"][0]["gebeurtenissen"].sort(key=lambda e: e["gebeurtenis_kenmerk"])
    original["body"]["financiele_zaken"][0]["gebeurtenissen"].sort(key=lambda e: e["gebeurtenis_kenmerk"])
    assert back == original


def test_v4_1_writes_its_own_names() -> None:
    obligation = to_pay(7500, "2026-05-01", type="Herinnering", omschrijving="Eerste termijn")
    claim = claim_of(imposed(10000), obligation, remitted(2500), obliged=10000, settled=2500, version="4")
    body = written(claim, version=FcidVersion.V4_1)["body"]
    [zaak] = body["financiele_zaken"]
    assert (zaak["totaal_financieel_verplicht"], zaak["totaal_financieel_vereffend"]) == (10000, 2500)
    types = {e["gebeurtenis_type"]: e for e in zaak["gebeurtenissen"]}
    assert types["BetalingsverplichtingOpgelegd"]["type"] == "Herinnering"
    assert types["FinancieleVerplichtingKwijtgescholden"]["bedrag"] == 2500


OPEN = claim_of(imposed(10000), obliged=10000)


@pytest.mark.parametrize(
    ("claim", "version", "reason"),
    [
        (replace(OPEN, amounts=Amounts(balance=Money(10000))), "V3", "precieze moment van het saldo"),
        (
            replace(OPEN, amounts=replace(OPEN.amounts, balance=Money(1))),
            "V3",
            "volgt niet uit de gebeurtenissen",
        ),
        (replace(OPEN, amounts=replace(OPEN.amounts, balance=None)), "V3", "saldo is niet bekend"),
        (replace(OPEN, arrears=None), "V3", "zegt niet wat te laat is"),
        (replace(OPEN, events=()), "V3", "volgt niet uit de gebeurtenissen"),
        (replace(OPEN, status=ClaimStatus.DISPUTED), "V3", "veranderen: status"),
        (
            replace(OPEN, collector=Collector(name="Deurwaarder"), joint=True),
            "V3",
            "incassopartij, gezamenlijk",
        ),
        (replace(OPEN, due_on=PartialDate(2026, 5, 1)), "V3", "betalen_voor"),
        (
            replace(OPEN, contact=(ContactOption(ContactKind.OTHER, "Bel"),)),
            "V3",
            "geen contactmogelijkheden",
        ),
        (
            replace(OPEN, contact=(ContactOption(ContactKind.PHONE, "140123"),)),
            "V4_1",
            "contact via telefoon",
        ),
        (replace(OPEN, creditor=Organisation("Brugstad")), "V3", "OIN van de schuldeiser"),
        (replace(OPEN, creditor=Organisation("Ander", Oin("1" * 20))), "V3", "schuldeiser"),
        (replace(OPEN, extra='{"saldo":1}'), "V3", "overig"),
        (
            replace(OPEN, events=(replace(OPEN.events[0], registered_at=None),)),
            "V3",
            "moment van vastleggen",
        ),
        (claim_of(imposed(1), event("Nieuw", "x"), obliged=1), "V3", "wat die met het saldo doet"),
        (claim_of(remitted(0), version="4"), "V3", "als verplichting_kwijtgescholden"),
        (claim_of(transferred(0), version="4"), "V3", "als zaak_overgedragen"),
        (claim_of(to_pay(1, "2026-05-01")), "V4_1", "FCID vraagt om `type`"),
    ],
)
def test_a_claim_that_would_lose_something_is_not_written(
    claim: FinancialClaim, version: str, reason: str
) -> None:
    with pytest.raises(NotExpressible) as refused:
        written(claim, version=FcidVersion[version])
    assert reason in refused.value.reason


def test_one_claim_that_cannot_be_written_stops_the_document() -> None:
    with pytest.raises(NotExpressible):
        written(OPEN, replace(OPEN, reference="Z-2", joint=True))


def test_unknown_members_come_back_in_the_document() -> None:
    claim = claim_of(imposed(1, kleur="rood"), obliged=1, vorm={"a": [1]})
    [zaak] = written(claim)["body"]["financiele_zaken"]
    assert zaak["vorm"] == {"a": [1]}
    assert zaak["gebeurtenissen"][0]["kleur"] == "rood"


def test_ways_to_contact_survive_in_v4_1() -> None:
    claim = claim_of(
        contactopties=[{"url": "https://brugstad.example", "omschrijving": "Vragen"}], version="4"
    )
    back = read_document(written(claim, version=FcidVersion.V4_1), TOWN)
    assert back.claims == (claim,)


def test_an_event_without_a_key_gets_the_same_one_every_time() -> None:
    claim = claim_of(imposed(10000), obliged=10000)
    keyless = replace(claim, events=(replace(claim.events[0], key=" "),))
    assert written(keyless) == written(keyless)
    [zaak] = written(keyless)["body"]["financiele_zaken"]
    assert len(zaak["gebeurtenissen"][0]["gebeurtenis_kenmerk"]) == 64


cents = st.integers(1, 10**6)
stamps = st.datetimes(datetime(2025, 1, 1), datetime(2026, 6, 1)).map(lambda d: d.isoformat() + "Z")  # noqa: DTZ001
dates = st.dates(datetime(2025, 1, 1).date(), datetime(2027, 1, 1).date()).map(str)  # noqa: DTZ001
refs = st.sampled_from(["ref-1", "ref-2", None])


def _event_kinds(version: FcidVersion) -> st.SearchStrategy[dict[str, Any]]:
    notice = {} if version is FcidVersion.V3 else {"type": st.sampled_from(["Aanschrijving", "Aanmaning"])}
    common = {"datumtijd_gebeurtenis": stamps}
    kinds: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries(
            {"gebeurtenis_type": st.just("FinancieleVerplichtingOpgelegd"), "bedrag": cents, **common},
            optional={
                "primaire_verplichting": st.booleans(),
                "categorie": st.sampled_from(["Rente", "Verhoging"]),
                "type": st.sampled_from(["gm_leges", "GM_OZB", "gm_wettelijke_rente"]),
                "beschikkingsnummer": strategies.texts,
                "omschrijving": strategies.texts,
                "datumtijd_opgelegd": stamps,
                "kleur": strategies.texts,
            },
        ),
        st.fixed_dictionaries(
            {
                "gebeurtenis_type": st.just("BetalingsverplichtingOpgelegd"),
                "bedrag": cents,
                "betalingskenmerk": refs,
                "vervaldatum": dates | stamps,
                **common,
                **notice,
            },
            optional={"rekeningnummer": strategies.texts, "te_betalen_aan": strategies.texts},
        ),
        st.fixed_dictionaries(
            {
                "gebeurtenis_type": st.just("BetalingVerwerkt"),
                "bedrag": cents,
                "betalingskenmerk": refs,
                **common,
            }
        ),
        st.fixed_dictionaries(
            {"gebeurtenis_type": st.just("FinancieleVerplichtingGecorrigeerd"), "bedrag": cents, **common}
        ),
        st.fixed_dictionaries(
            {
                "gebeurtenis_type": st.just("BetalingsverplichtingIngetrokken"),
                "ingetrokken_gebeurtenis_kenmerk": st.sampled_from(["e0", "e1", "e2"]),
                **common,
            }
        ),
    ]
    if version is FcidVersion.V4_1:
        for name in ("FinancieleVerplichtingKwijtgescholden", "FinancieleZaakOvergedragen"):
            amount = "bedrag" if name.endswith("scholden") else "overgedragen_saldo"
            kinds.append(st.fixed_dictionaries({"gebeurtenis_type": st.just(name), amount: cents, **common}))
    return st.one_of(kinds)


_PLUS = {"FinancieleVerplichtingOpgelegd", "FinancieleVerplichtingGecorrigeerd"}
_MINUS = {"BetalingVerwerkt", "FinancieleVerplichtingKwijtgescholden", "FinancieleZaakOvergedragen"}


@st.composite
def documents(draw: Any) -> tuple[FcidVersion, dict[str, Any]]:
    """Documents whose stated totals follow from their events, so that nothing stands in the way of writing."""
    version = draw(st.sampled_from(FcidVersion))
    events = draw(st.lists(_event_kinds(version), max_size=6))
    for index, obj in enumerate(events):
        if draw(st.booleans()):
            obj["gebeurtenis_kenmerk"] = f"e{index}"
    now = datetime(2026, 4, 1, tzinfo=UTC)
    counted = [e for e in events if datetime.fromisoformat(e["datumtijd_gebeurtenis"]) <= now]
    obliged, settled = (
        sum(e.get("bedrag", e.get("overgedragen_saldo")) for e in counted if e["gebeurtenis_type"] in kinds)
        for kinds in (_PLUS, _MINUS)
    )
    wire = NAMES[version].wire_version
    late = draw(st.lists(st.sampled_from(["e0", "e1", "weg"]), max_size=2))
    obj = case(*events, obliged=obliged, settled=settled, version=wire, achterstanden=late)
    return version, document(obj, version=wire)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(documents())
def test_what_a_version_can_express_survives_writing_and_reading(
    made: tuple[FcidVersion, dict[str, Any]],
) -> None:
    version, original = made
    claims = read_document(original, TOWN).claims
    assert len(claims) == 1
    wire = loads_strict(canonical_json(written(*claims, version=version)), max_bytes=10**6)
    assert isinstance(wire, dict)
    back = read_document(wire, TOWN)
    assert [replace(c, findings=()) for c in back.claims] == [replace(c, findings=()) for c in claims]
    assert (back.partial, back.version, back.bsn.digits) == ((), version, BSN)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(strategies.claims, st.sampled_from(FcidVersion))
def test_any_claim_is_written_without_loss_or_refused(claim: FinancialClaim, version: FcidVersion) -> None:
    try:
        obj = written(claim, version=version)
    except NotExpressible:
        return
    [back] = read_document(obj, claim.creditor).claims
    assert replace(back, findings=()) == replace(claim, findings=())
