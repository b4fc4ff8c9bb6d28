"""Every fixed Dutch text for citizens: plain words (B1), "u", one idea per sentence. Page, PDF and CSV use the same.

Wording: docs on people with debts, section 5. The word "compleet" is never used: we know only our own sources.
"""

from __future__ import annotations

from types import MappingProxyType

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

TITLE = "Overzicht van wat u moet betalen"
TITLE_ON_BEHALF = "Overzicht van wat de vertegenwoordigde moet betalen"
SHORT_TITLE = "Schuldenoverzicht"
HELP_NUMBER = "0800-8115"
HELP_SENTENCE = f"Hulp bij geldzorgen: bel Geldfit, {HELP_NUMBER}. Dat is gratis en anoniem."
MORE_DEBTS = "Er kunnen meer schulden zijn."
TOTAL_MAY_BE_HIGHER = "Het totaal kan hoger zijn."
WARNING_SHORT = "Let op: niet alle bronnen gaven een volledig antwoord. Het totaal kan hoger zijn."

STATUS = MappingProxyType(
    {
        ClaimStatus.OPEN: "Nog te betalen",
        ClaimStatus.OVERDUE: "Te laat",
        ClaimStatus.ARRANGEMENT: "Betalingsregeling",
        ClaimStatus.ARRANGEMENT_BROKEN: "Betalingsregeling gestopt",
        ClaimStatus.PAUSED: "Even niet betalen",
        ClaimStatus.DISPUTED: "Bezwaar loopt",
        ClaimStatus.TRANSFERRED: "Bij de deurwaarder",
        ClaimStatus.PAID: "Betaald",
        ClaimStatus.REMITTED: "U hoeft dit niet meer te betalen",
        ClaimStatus.UNKNOWN: "Status niet bekend",
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
        OutcomeKind.CLAIMS: "Antwoord met rekeningen",
        OutcomeKind.NO_CLAIMS: "Antwoord: geen rekeningen gevonden",
        OutcomeKind.NO_ANSWER: "Geen antwoord",
        OutcomeKind.NOT_CONNECTED: "Nog niet aangesloten",
    }
)

FAILURE_CAUSE = MappingProxyType(
    {
        FailureCause.UNREACHABLE: "Wij konden deze bron niet bereiken.",
        FailureCause.TOO_SLOW: "Deze bron antwoordde niet op tijd.",
        FailureCause.REFUSED: "Deze bron gaf ons geen toegang.",
        FailureCause.SOURCE_ERROR: "Deze bron gaf een foutmelding.",
        FailureCause.MALFORMED: "Wij konden het antwoord niet lezen.",
        FailureCause.TOO_LARGE: "Het antwoord was te groot.",
        FailureCause.WRONG_PERSON: "Het antwoord ging niet over u. Wij gebruiken het niet.",
        FailureCause.MISCONFIGURED: "Deze bron is bij ons niet goed ingesteld.",
        FailureCause.INTERNAL: "Er ging iets mis bij ons.",
    }
)

PARTIAL_REASON = MappingProxyType(
    {
        PartialReason.SOURCE_SAYS_SO: "De bron zegt dat er iets ontbreekt.",
        PartialReason.SOURCE_WARNED: "De bron gaf een waarschuwing bij het antwoord.",
        PartialReason.CLAIM_UNREADABLE: "Een of meer rekeningen konden wij niet lezen.",
        PartialReason.STALE: "De gegevens van de bron zijn te oud.",
        PartialReason.MORE_PAGES: "De bron gaf niet alle bladzijden van het antwoord.",
    }
)

BASIS = MappingProxyType(
    {
        BasisKind.LIVE: "rechtstreeks opgevraagd",
        BasisKind.BATCH: "uit een eerder aangeleverd bestand",
        BasisKind.INDEX: "niet gevraagd: niet op de lijst van deze organisatie",
    }
)

URGENCY = MappingProxyType(
    {
        UrgencyKind.EVICTION: "U kunt uw huis uit moeten",
        UrgencyKind.CUT_OFF: "U kunt worden afgesloten",
        UrgencyKind.SEIZURE: "Beslag",
        UrgencyKind.OTHER: "Dit is dringend",
    }
)

PREFERENCE = MappingProxyType(
    {
        Preference.PREFERENT: "preferent (gaat voor bij verdelen)",
        Preference.CONCURRENT: "concurrent (gaat niet voor bij verdelen)",
        Preference.UNKNOWN: "niet bekend",
    }
)

NOTICE = MappingProxyType(
    {
        Notice.FIRST_NOTICE: "Rekening gestuurd",
        Notice.REMINDER: "Herinnering gestuurd",
        Notice.FORMAL_DEMAND: "Aanmaning gestuurd",
    }
)

EVENT: MappingProxyType[type[Event], str] = MappingProxyType(
    {
        ObligationImposed: "Bedrag opgelegd",
        ObligationCorrected: "Bedrag gewijzigd",
        ObligationRemitted: "Bedrag kwijtgescholden",
        PaymentObligationImposed: "Verzoek om te betalen",
        PaymentObligationWithdrawn: "Verzoek om te betalen vervalt",
        PaymentProcessed: "Betaling ontvangen",
        CaseTransferred: "Overgedragen",
    }
)
"""Titles of the kinds of event that we know; anything else is shown as UNKNOWN_EVENT with its content."""
UNKNOWN_EVENT = "Andere gebeurtenis"

_DOES_NOT_ADD_UP = "De bedragen van de bron kloppen niet met elkaar. Vraag de organisatie om uitleg."
_UNREAD = "Een deel van de gegevens konden wij niet lezen. Vraag de organisatie om uitleg."
FINDING = MappingProxyType(
    {
        "balance_differs_from_events": _DOES_NOT_ADD_UP,
        "balance_differs_from_totals": _DOES_NOT_ADD_UP,
        "build_up_differs": _DOES_NOT_ADD_UP,
        "arrears_without_balance": _DOES_NOT_ADD_UP,
        "status_or_arrears_differ": _DOES_NOT_ADD_UP,
        "duplicate_reference": "Dit kenmerk komt twee keer voor. Misschien staat deze rekening er dubbel in.",
        "amount_unreadable": "Een bedrag konden wij niet lezen. Vraag de organisatie hoeveel het is.",
        "date_impossible": _UNREAD,
        "date_unreadable": _UNREAD,
        "iban_check_digits": "Het rekeningnummer klopt misschien niet. Vraag het na voordat u betaalt.",
        "reference_used_twice": "Een kenmerk komt twee keer voor. Misschien staat een rekening er dubbel in.",
        "repeated_claim": (
            "De bron stuurde een rekening twee keer, met dezelfde gegevens. Wij tellen die rekening één keer. "
            "Zijn het twee rekeningen? Dan moet u meer betalen. Vraag het na."
        ),
        "earlier_claims_kept": "Een deel van de rekeningen komt uit een eerder antwoord van deze bron.",
        "moment_in_future": "De bron noemt een datum die nog moet komen.",
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
            "De bron noemt geen datum bij het bedrag. Wij gaan uit van het einde van de maand. "
            "Hebt u daarna nog betaald? Dan kan het bedrag nu lager zijn."
        ),
    }
)
"""Findings that explain something and are nobody's mistake: told in the same words, without "let op"."""
REMARK_HEADING = "Goed om te weten"
PROBABLY_THE_SAME = "Waarschijnlijk dezelfde rekening"
SAME_REFERENCE = (
    "Bronnen noemen hetzelfde kenmerk, maar zeggen niet hetzelfde. Wij tellen deze rekening één keer, met het hoogste bedrag "
    "dat wij weten."
)
SAME_REFERENCE_ONLY = (
    "Bronnen noemen hetzelfde kenmerk en hetzelfde bedrag, maar verder te weinig om zeker te weten dat het dezelfde rekening is. "
    "Wij tellen deze rekening één keer."
)
SENT_TWICE = (
    "Een bron stuurde een rekening twee keer, met dezelfde gegevens. Wij tellen die één keer. Zijn het twee rekeningen? "
    "Dan is het totaal hoger."
)
NAMES_DIFFER = "Let op: de bronnen noemen verschillende namen. Kijk of alle rekeningen van u zijn."

CONTACT = MappingProxyType(
    {
        ContactKind.PHONE: "Telefoon",
        ContactKind.EMAIL: "E-mail",
        ContactKind.WEBSITE: "Website",
        ContactKind.ADDRESS: "Adres",
        ContactKind.OTHER: "Contact",
    }
)

OPENING = "Bedrag aan het begin"
COSTS = "Kosten erbij"
INTEREST = "Rente erbij"
PAID = "Al betaald"
REMITTED = "Kwijtgescholden"
BALANCE = "Nog te betalen"
OVERPAID = "U krijgt geld terug"
ARREARS = "Waarvan te laat"
REPORTED_BY = "Gemeld door"
VERSION_HEAD = ("Volgens", "Waarvoor", "Status", "Betalen voor", "Ontstaan op", BALANCE)
FIRST_DATE = "Eerste datum om te betalen"
NO_CLAIMS_AT_ALL = "Wij vonden geen rekeningen bij de bronnen die hebben geantwoord."

EXPLAINED_ELSEWHERE = (
    "Dit zijn {count} rekeningen: te veel om hier allemaal uit te leggen. De opbouw en de geschiedenis van elke "
    "rekening staan in het bestand schuldenoverzicht.json. Dat zit als bijlage in deze pdf."
)
ARABIC_SCRIPT = (
    "Een organisatie gebruikt Arabische letters. Op deze bladzijden staan ze tussen vierkante haken, in Nederlandse letters. "
    "In de bijlage schuldenoverzicht.json staat het precies zoals de organisatie het schreef."
)
ABOUT_SEAL = (
    "{organisation} heeft dit bestand digitaal verzegeld. Daarmee is te zien of het echt is en of iemand er iets aan "
    "heeft veranderd."
)

SEAL_PAGE = "Wilt u dat zelf nakijken, zonder deze dienst? De vingerafdruk van het zegel staat op {address}"

NOT_INCLUDED = (
    "Rekeningen van andere overheden, zoals de Belastingdienst, het UWV, de SVB, het CAK, DUO en het CJIB.",
    "Rekeningen voor gas, water, licht, telefoon en internet.",
    "Huur en hypotheek.",
    "Zorgverzekering en zorgkosten.",
    "Leningen, winkels en andere bedrijven of personen.",
    "Bedragen die nog moeten worden vastgesteld.",
)
"""What an overview never holds, whatever the sources answer."""

WORDS = (
    ("Aanmaning", "Een brief waarin staat dat u te laat bent met betalen."),
    ("Beslag", "Een deurwaarder mag geld of spullen van u vasthouden om een rekening te betalen."),
    ("Betalingsregeling", "Een afspraak om in delen te betalen."),
    ("Betaalkenmerk", "Het nummer dat u bij uw betaling zet."),
    ("Bezwaar", "U bent het niet eens met een besluit en vraagt om het opnieuw te bekijken."),
    ("Bron", "Een afdeling of organisatie die ons vertelt wat u moet betalen."),
    ("Deurwaarder", "Iemand die van de wet rekeningen mag innen die niet betaald zijn."),
    ("Gezamenlijk", "U en uw partner moeten allebei zorgen dat het hele bedrag wordt betaald."),
    ("Kenmerk", "Het nummer van uw zaak. Noem dit nummer als u belt."),
    ("Kwijtgescholden", "U hoeft dit bedrag niet meer te betalen."),
    ("Minstens", "Dit bedrag weten wij. Het kan meer zijn."),
    ("Niet bekend", "De bron vertelt dit niet. Het is dus niet hetzelfde als nul."),
    ("Preferent", "Deze rekening gaat voor als geld wordt verdeeld."),
    ("Zegel", "Een digitaal slot. Hiermee is te zien of het bestand echt is en niet is veranderd."),
)
"""Words explained, in alphabetical order."""

WORDS_WITHOUT_CLAIMS = frozenset({"Bron", "Deurwaarder", "Minstens", "Niet bekend", "Zegel"})
"""Those of them that stand in an overview of somebody without bills."""

HELP = (
    HELP_SENTENCE,
    "Hebt u problemen met uw huur, gas, water of licht, of komt er een deurwaarder? Bel dan vandaag.",
    "Uw gemeente helpt u ook. Vraag naar schuldhulp.",
    "Klopt er iets niet? Bel de organisatie die bij de rekening staat.",
    "Geef uw DigiD nooit aan iemand anders. Geef wel dit bestand aan uw hulpverlener.",
)
