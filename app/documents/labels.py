"""Every fixed Dutch text for citizens: plain words (B1), "u", one idea per sentence. Page, PDF and CSV use the same.

The Dutch text is the key of its translations: whoever shows a text of this module says `_(labels.STATUS[...])`.

Wording: docs on people with debts, section 5. The word "compleet" is never used: we know only our own sources.
"""

from __future__ import annotations

from types import MappingProxyType

from app.language import N_
from claims.events import (
    CaseTransferred,
    Event,
    Notice,
    ObligationCorrected,
    ObligationImposed,
    ObligationRemitted,
    PaymentObligationImposed,
    PaymentObligationWithdrawn,
    PaymentProcessed,
)
from claims.financial_claim import ClaimStatus, Preference, UrgencyKind
from claims.organisation import ContactKind
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason

TITLE = N_("Overzicht van wat u moet betalen")
TITLE_ON_BEHALF = N_("Overzicht van wat de vertegenwoordigde moet betalen")
SHORT_TITLE = N_("Schuldenoverzicht")
HELP_SENTENCE = N_("Hulp bij geldzorgen: bel Geldfit, 0800-8115. Dat is gratis en anoniem.")
MORE_DEBTS = N_("Er kunnen meer schulden zijn.")
TOTAL_MAY_BE_HIGHER = N_("Het totaal kan hoger zijn.")
WARNING_SHORT = N_("Let op: niet alle bronnen gaven een volledig antwoord. Het totaal kan hoger zijn.")

STATUS = MappingProxyType(
    {
        ClaimStatus.OPEN: N_("Nog te betalen"),
        ClaimStatus.OVERDUE: N_("Te laat"),
        ClaimStatus.ARRANGEMENT: N_("Betalingsregeling"),
        ClaimStatus.ARRANGEMENT_BROKEN: N_("Betalingsregeling gestopt"),
        ClaimStatus.PAUSED: N_("Even niet betalen"),
        ClaimStatus.DISPUTED: N_("Bezwaar loopt"),
        ClaimStatus.TRANSFERRED: N_("Bij de deurwaarder"),
        ClaimStatus.PAID: N_("Betaald"),
        ClaimStatus.REMITTED: N_("U hoeft dit niet meer te betalen"),
        ClaimStatus.UNKNOWN: N_("Status niet bekend"),
    }
)
"""What the citizen reads as status; it says who must act."""

STATUS_BADGE = MappingProxyType(
    {
        ClaimStatus.OPEN: "neutral",
        ClaimStatus.OVERDUE: "danger",
        ClaimStatus.ARRANGEMENT: "neutral",
        ClaimStatus.ARRANGEMENT_BROKEN: "danger",
        ClaimStatus.PAUSED: "neutral",
        ClaimStatus.DISPUTED: "neutral",
        ClaimStatus.TRANSFERRED: "danger",
        ClaimStatus.PAID: "success",
        ClaimStatus.REMITTED: "success",
        ClaimStatus.UNKNOWN: "warning",
    }
)
"""Tone of the badge: neutral, danger, success or warning. The words say the same, so colour is never alone."""

OUTCOME = MappingProxyType(
    {
        OutcomeKind.CLAIMS: N_("Antwoord met rekeningen"),
        OutcomeKind.NO_CLAIMS: N_("Antwoord: geen rekeningen gevonden"),
        OutcomeKind.NO_ANSWER: N_("Geen antwoord"),
        OutcomeKind.NOT_CONNECTED: N_("Nog niet aangesloten"),
    }
)

FAILURE_CAUSE = MappingProxyType(
    {
        FailureCause.UNREACHABLE: N_("Wij konden deze bron niet bereiken."),
        FailureCause.TOO_SLOW: N_("Deze bron antwoordde niet op tijd."),
        FailureCause.REFUSED: N_("Deze bron gaf ons geen toegang."),
        FailureCause.SOURCE_ERROR: N_("Deze bron gaf een foutmelding."),
        FailureCause.MALFORMED: N_("Wij konden het antwoord niet lezen."),
        FailureCause.TOO_LARGE: N_("Het antwoord was te groot."),
        FailureCause.WRONG_PERSON: N_("Het antwoord ging niet over u. Wij gebruiken het niet."),
        FailureCause.MISCONFIGURED: N_("Deze bron is bij ons niet goed ingesteld."),
        FailureCause.INTERNAL: N_("Er ging iets mis bij ons."),
    }
)

PARTIAL_REASON = MappingProxyType(
    {
        PartialReason.SOURCE_SAYS_SO: N_("De bron zegt dat er iets ontbreekt."),
        PartialReason.SOURCE_WARNED: N_("De bron gaf een waarschuwing bij het antwoord."),
        PartialReason.CLAIM_UNREADABLE: N_("Een of meer rekeningen konden wij niet lezen."),
        PartialReason.STALE: N_("De gegevens van de bron zijn te oud."),
        PartialReason.MORE_PAGES: N_("De bron gaf niet alle bladzijden van het antwoord."),
    }
)

BASIS = MappingProxyType(
    {
        BasisKind.LIVE: N_("Rechtstreeks opgevraagd"),
        BasisKind.BATCH: N_("Uit een eerder aangeleverd bestand, stand van %(moment)s"),
        BasisKind.INDEX: N_("Niet gevraagd: niet op de lijst van deze organisatie, stand van %(moment)s"),
    }
)
"""On what an answer rests; the moment only where it is not the moment of asking."""

URGENCY = MappingProxyType(
    {
        UrgencyKind.EVICTION: N_("U kunt uw huis uit moeten"),
        UrgencyKind.CUT_OFF: N_("U kunt worden afgesloten"),
        UrgencyKind.SEIZURE: N_("Beslag"),
        UrgencyKind.OTHER: N_("Dit is dringend"),
    }
)
URGENCY_ON = MappingProxyType(
    {
        UrgencyKind.EVICTION: N_("U kunt uw huis uit moeten op %(day)s."),
        UrgencyKind.CUT_OFF: N_("U kunt worden afgesloten op %(day)s."),
        UrgencyKind.SEIZURE: N_("Beslag op %(day)s."),
        UrgencyKind.OTHER: N_("Dit is dringend op %(day)s."),
    }
)

PREFERENCE = MappingProxyType(
    {
        Preference.PREFERENT: N_("preferent (gaat voor bij verdelen)"),
        Preference.CONCURRENT: N_("concurrent (gaat niet voor bij verdelen)"),
        Preference.UNKNOWN: N_("niet bekend"),
    }
)

NOTICE = MappingProxyType(
    {
        Notice.FIRST_NOTICE: N_("Rekening gestuurd"),
        Notice.REMINDER: N_("Herinnering gestuurd"),
        Notice.FORMAL_DEMAND: N_("Aanmaning gestuurd"),
    }
)

EVENT: MappingProxyType[type[Event], str] = MappingProxyType(
    {
        ObligationImposed: N_("Bedrag opgelegd"),
        ObligationCorrected: N_("Bedrag gewijzigd"),
        ObligationRemitted: N_("Bedrag kwijtgescholden"),
        PaymentObligationImposed: N_("Verzoek om te betalen"),
        PaymentObligationWithdrawn: N_("Verzoek om te betalen vervalt"),
        PaymentProcessed: N_("Betaling ontvangen"),
        CaseTransferred: N_("Overgedragen"),
    }
)
"""Titles of the kinds of event that we know; anything else is shown as UNKNOWN_EVENT."""
UNKNOWN_EVENT = N_("Er is iets gebeurd dat wij niet kennen")

_DOES_NOT_ADD_UP = N_("De bedragen van de bron kloppen niet met elkaar. Vraag de organisatie om uitleg.")
_UNREAD = N_("Een deel van de gegevens konden wij niet lezen. Vraag de organisatie om uitleg.")
FINDING = MappingProxyType(
    {
        "balance_differs_from_events": _DOES_NOT_ADD_UP,
        "balance_differs_from_totals": _DOES_NOT_ADD_UP,
        "build_up_differs": _DOES_NOT_ADD_UP,
        "arrears_without_balance": _DOES_NOT_ADD_UP,
        "status_or_arrears_differ": _DOES_NOT_ADD_UP,
        "duplicate_reference": N_(
            "Dit kenmerk komt twee keer voor. Misschien staat deze rekening er dubbel in."
        ),
        "amount_unreadable": N_("Een bedrag konden wij niet lezen. Vraag de organisatie hoeveel het is."),
        "date_impossible": _UNREAD,
        "date_unreadable": _UNREAD,
        "iban_check_digits": N_("Het rekeningnummer klopt misschien niet. Vraag het na voordat u betaalt."),
        "reference_used_twice": N_(
            "Een kenmerk komt twee keer voor. Misschien staat een rekening er dubbel in."
        ),
        "repeated_claim": (
            N_(
                "De bron stuurde een rekening twee keer, met dezelfde gegevens. Wij tellen die rekening één keer. "
                "Zijn het twee rekeningen? Dan moet u meer betalen. Vraag het na."
            )
        ),
        "earlier_claims_kept": N_("Een deel van de rekeningen komt uit een eerder antwoord van deze bron."),
        "moment_in_future": N_("De bron noemt een datum die nog moet komen."),
        "unreadable_arrear": _UNREAD,
        "unreadable_contact": _UNREAD,
        "unreadable_event": _UNREAD,
        "unreadable_list": _UNREAD,
    }
)
"""Findings that a reader must know of. Other codes are for programs and stand in the JSON only."""
REMARK = MappingProxyType(
    {
        "balance_date_assumed": (
            N_(
                "De bron noemt geen datum bij het bedrag. Wij gaan uit van het einde van de maand. "
                "Hebt u daarna nog betaald? Dan kan het bedrag nu lager zijn."
            )
        ),
    }
)
"""Findings that explain something and are nobody's mistake: told in the same words, without "let op"."""
REMARK_HEADING = N_("Goed om te weten")
PROBABLY_THE_SAME = N_("Waarschijnlijk dezelfde rekening")
SAME_REFERENCE = N_(
    "Bronnen noemen hetzelfde kenmerk, maar zeggen niet hetzelfde. Wij tellen deze rekening één keer, met het hoogste bedrag "
    "dat wij weten."
)
SAME_REFERENCE_ONLY = N_(
    "Bronnen noemen hetzelfde kenmerk en hetzelfde bedrag. Verder weten wij te weinig om zeker te zijn van één rekening. "
    "Wij tellen deze rekening één keer."
)
SENT_TWICE = N_(
    "Een bron stuurde een rekening twee keer, met dezelfde gegevens. Wij tellen die één keer. Zijn het twee rekeningen? "
    "Dan is het totaal hoger."
)
NAMES_DIFFER = N_("Let op: de bronnen noemen verschillende namen. Kijk of alle rekeningen van u zijn.")

CONTACT = MappingProxyType(
    {
        ContactKind.PHONE: N_("Telefoon"),
        ContactKind.EMAIL: N_("E-mail"),
        ContactKind.WEBSITE: N_("Website"),
        ContactKind.ADDRESS: N_("Adres"),
        ContactKind.OTHER: N_("Contact"),
    }
)

OPENING = N_("Bedrag aan het begin")
COSTS = N_("Kosten erbij")
INTEREST = N_("Rente erbij")
PAID = N_("Al betaald")
REMITTED = N_("Kwijtgescholden")
BALANCE = N_("Nog te betalen")
OVERPAID = N_("U krijgt geld terug")
ARREARS = N_("Waarvan te laat")
REPORTED_BY = N_("Gemeld door")
JOINT_TITLE = N_("Gezamenlijk met partner")
JOINT = N_("ja, u bent allebei verantwoordelijk voor het hele bedrag")
VERSION_HEAD = (N_("Volgens"), N_("Waarvoor"), N_("Status"), N_("Betalen voor"), N_("Ontstaan op"), BALANCE)
FIRST_DATE = N_("Eerste datum om te betalen")
NO_CLAIMS_AT_ALL = N_("Wij vonden geen rekeningen bij de bronnen die hebben geantwoord.")

EXPLAINED_ELSEWHERE = N_(
    "Dit zijn %(count)s rekeningen: te veel om hier allemaal uit te leggen. De opbouw en de geschiedenis van elke "
    "rekening staan in het bestand schuldenoverzicht.json. Dat zit als bijlage in deze pdf."
)
ARABIC_SCRIPT = N_(
    "Een organisatie gebruikt Arabische letters. Op deze bladzijden staan ze tussen vierkante haken, in Nederlandse letters. "
    "In de bijlage schuldenoverzicht.json staat het precies zoals de organisatie het schreef."
)
ABOUT_SEAL = N_(
    "%(organisation)s heeft dit bestand digitaal verzegeld. Daarmee is te zien of het echt is, "
    "en of er iets is veranderd."
)

SEAL_PAGE = N_(
    "Wilt u dat zelf nakijken, zonder deze dienst? De vingerafdruk van het zegel staat op %(address)s"
)

NOT_INCLUDED = (
    N_(
        "Rekeningen van andere overheden, zoals de Belastingdienst, het UWV, de SVB, het CAK, DUO en het CJIB."
    ),
    N_("Rekeningen voor gas, water, licht, telefoon en internet."),
    N_("Huur en hypotheek."),
    N_("Zorgverzekering en zorgkosten."),
    N_("Leningen, winkels en andere bedrijven of personen."),
    N_("Bedragen die nog moeten worden vastgesteld."),
)
"""What an overview never holds, whatever the sources answer."""

WORDS = (
    (N_("Aanmaning"), N_("Een brief waarin staat dat u te laat bent met betalen.")),
    (N_("Beslag"), N_("Een deurwaarder mag geld of spullen van u vasthouden om een rekening te betalen.")),
    (N_("Betalingsregeling"), N_("Een afspraak om in delen te betalen.")),
    (N_("Betaalkenmerk"), N_("Het nummer dat u bij uw betaling zet.")),
    (N_("Bezwaar"), N_("U bent het niet eens met een besluit en vraagt om het opnieuw te bekijken.")),
    (N_("Bron"), N_("Een afdeling of organisatie die ons vertelt wat u moet betalen.")),
    (N_("Deurwaarder"), N_("Iemand die van de wet rekeningen mag innen die niet betaald zijn.")),
    (
        N_("Gezamenlijk"),
        N_(
            "U en uw partner moeten allebei zorgen dat het hele bedrag wordt betaald. Eén keer, niet ieder apart."
        ),
    ),
    (N_("Kenmerk"), N_("Het nummer van uw zaak. Noem dit nummer als u belt.")),
    (N_("Kwijtgescholden"), N_("U hoeft dit bedrag niet meer te betalen.")),
    (N_("Minstens"), N_("Dit bedrag weten wij. Het kan meer zijn.")),
    (N_("Niet bekend"), N_("De bron vertelt dit niet. Het is dus niet hetzelfde als nul.")),
    (N_("Preferent"), N_("Deze rekening gaat voor als geld wordt verdeeld.")),
    (N_("Zegel"), N_("Een digitaal slot. Hiermee is te zien of het bestand echt is en niet is veranderd.")),
)
"""Words explained, in alphabetical order."""

WORDS_WITHOUT_CLAIMS = frozenset({"Bron", "Deurwaarder", "Minstens", "Niet bekend", "Zegel"})
"""Those of them that stand in an overview of somebody without bills."""

HELP = (
    HELP_SENTENCE,
    N_("Hebt u problemen met uw huur, gas, water of licht, of komt er een deurwaarder? Bel dan vandaag."),
    N_("Uw gemeente helpt u ook. Vraag naar schuldhulp."),
    N_("Klopt er iets niet? Bel de organisatie die bij de rekening staat."),
    N_("Geef uw DigiD nooit aan iemand anders. Geef wel dit bestand aan uw hulpverlener."),
)
