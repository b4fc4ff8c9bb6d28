"""What every member means, in Dutch, for the published JSON Schemas. The key "" describes the object itself."""

from __future__ import annotations

_KEY = "Vast en uniek kenmerk van deze gebeurtenis. Ontbreekt het, dan maken wij er een van de inhoud."
_EXTRA = "Wat de bron verder meldt en wij niet kennen, als JSON-tekst."
_EVENT = {
    "": "Een gebeurtenis. Een gebeurtenis verandert nooit; een correctie is een nieuwe gebeurtenis.",
    "kenmerk": _KEY,
    "geregistreerd_op": "Moment waarop de bron dit heeft vastgelegd, met tijdzone.",
    "omschrijving": "Uitleg voor de burger.",
    "overig": _EXTRA,
}
_CENTS = "In hele centen."

DESCRIPTIONS: dict[str, dict[str, str]] = {
    "organisatie": {
        "": "Een organisatie.",
        "naam": "Naam zoals de burger die kent.",
        "oin": "Organisatie-identificatienummer, 20 cijfers.",
        "afdeling": "Afdeling of dienst.",
    },
    "contactmogelijkheid": {
        "": "Een manier om contact te zoeken.",
        "soort": "Welke manier.",
        "waarde": "Telefoonnummer, e-mailadres, webadres of postadres.",
        "openingstijden": "Wanneer u terecht kunt, in gewone woorden.",
        "omschrijving": "Waarvoor deze manier bedoeld is.",
    },
    "bevinding": {
        "": "Iets opvallends aan de gegevens.",
        "code": "Vast woord voor programma's.",
        "toelichting": "Waar het om gaat, zonder persoonsgegevens.",
    },
    "betaalgegevens": {
        "": "Waar het geld naartoe moet.",
        "iban": "Rekeningnummer zoals de bron het geeft.",
        "tenaamstelling": "Naam bij de rekening.",
        "betalingskenmerk": "Kenmerk dat bij de betaling moet staan.",
    },
    "bedragen": {
        "": "Opbouw: beginbedrag + kosten + rente - betaald - kwijtgescholden = saldo.",
        "beginbedrag": f"Bedrag aan het begin. {_CENTS}",
        "kosten": f"Kosten en verhogingen. {_CENTS}",
        "rente": f"Rente. {_CENTS}",
        "betaald": f"Al betaald. {_CENTS}",
        "kwijtgescholden": f"Hoeft niet meer betaald te worden. {_CENTS}",
        "saldo": "Nog te betalen, in hele centen. Null: niet bekend. Onder nul: te veel betaald.",
        "peilmoment": "Op welk moment het saldo klopt: datum, of moment met tijdzone.",
    },
    "achterstand": {
        "": "Hoeveel te laat is, volgens de bron. Ontbreekt dit: niet bekend. Bedrag 0: niets is te laat.",
        "bedrag": "In hele centen. Null: er is iets te laat, maar hoeveel is niet bekend.",
        "is_minimum": "Het echte bedrag kan hoger zijn.",
        "betalingsverplichtingen": "Kenmerken van de betalingsverplichtingen die te laat zijn.",
    },
    "betalingsregeling": {
        "": "Afspraak om in delen te betalen.",
        "termijnbedrag": f"Bedrag per keer. {_CENTS}",
        "periode": "Hoe vaak, bijvoorbeeld: maand.",
        "volgende_betaling_voor": "Datum van de volgende betaling.",
        "eindigt_op": "Datum van de laatste betaling.",
        "afgesproken_op": "Datum van de afspraak.",
    },
    "incassopartij": {
        "": "Deurwaarder of incassobureau: daar moet de burger nu betalen en bellen.",
        "naam": "Naam van de deurwaarder of het incassobureau.",
        "kenmerk": "Dossiernummer daar.",
        "overgedragen_op": "Sinds wanneer.",
        "contact": "Hoe u daar contact zoekt.",
    },
    "dreiging": {
        "": "Iets ernstigs dat binnenkort kan gebeuren, volgens de bron.",
        "soort": "Wat er kan gebeuren.",
        "datum": "Wanneer dat kan gebeuren.",
        "omschrijving": "Uitleg voor de burger.",
    },
    "vordering": {
        "": "Een rekening die een burger moet betalen. Verplicht zijn alleen kenmerk en saldo (en de schuldeiser, "
        "als dat een ander is dan de organisatie van de bron). Wat ontbreekt is niet bekend; dat is nooit nul.",
        "kenmerk": "Kenmerk van de zaak bij de schuldeiser.",
        "schuldeiser": "Wie het geld moet krijgen.",
        "omschrijving": "Waar het om gaat, in gewone woorden.",
        "soort": "Code van de soort vordering, bijvoorbeeld gm_afvalstoffenheffing.",
        "wettelijke_grondslag": "Wet en artikel.",
        "beschikkingsnummers": "Nummers van aanslagen of besluiten.",
        "klantnummer": "Nummer van de burger bij de schuldeiser. Geen BSN.",
        "ontstaan_op": "Wanneer de vordering is ontstaan.",
        "periode_van": "Eerste dag waarover het gaat.",
        "periode_tot_en_met": "Laatste dag waarover het gaat.",
        "status": "Hoe het ervoor staat. Ontbreekt dit: onbekend.",
        "status_sinds": "Sinds wanneer dat zo is.",
        "achterstand": "Hoeveel te laat is.",
        "betalen_voor": "Eerstvolgende datum waarop betaald moet zijn.",
        "nu_te_betalen": f"Bedrag dat op die datum betaald moet zijn. {_CENTS}",
        "betalingsregeling": "Afspraak om in delen te betalen.",
        "incassopartij": "Wie het geld nu int.",
        "dreigingen": "Wat binnenkort kan gebeuren.",
        "rangorde": "Preferent of concurrent, alleen als de bron het weet.",
        "bezwaar_tot_en_met": "Laatste dag om bezwaar te maken.",
        "gezamenlijk": "Ook een ander, bijvoorbeeld de partner, moet dit betalen.",
        "betaalgegevens": "Waar het geld naartoe moet.",
        "contact": "Hoe de burger contact zoekt over deze vordering.",
        "gebeurtenissen": "Wat er is gebeurd.",
        "bevindingen": "Wat opvalt aan deze gegevens.",
        "overig": _EXTRA,
    },
    "verplichting_opgelegd": _EVENT
    | {
        "bedrag": f"Opgelegd bedrag. {_CENTS}",
        "opgelegd_op": "Wanneer het is opgelegd.",
        "beschikkingsnummer": "Nummer van de aanslag of het besluit.",
        "hoofdverplichting": "True: de kern van de zaak. False: bijvoorbeeld kosten.",
        "soort_verplichting": "Code van de soort vordering.",
        "categorie": "Groep waar de verplichting bij hoort.",
        "wettelijke_grondslag": "Wet en artikel.",
        "wettelijke_bron": "Verwijzing naar de wet.",
        "opgelegd_door": "Wie het heeft opgelegd.",
        "uitgevoerd_door": "Wie het uitvoert.",
    },
    "verplichting_gecorrigeerd": _EVENT
    | {
        "verschil": "Wat erbij komt (of, onder nul, eraf gaat), in hele centen.",
        "gecorrigeerd_kenmerk": "Kenmerk van de gebeurtenis die is gecorrigeerd.",
    },
    "verplichting_kwijtgescholden": _EVENT
    | {
        "bedrag": f"Wat niet meer betaald hoeft te worden. {_CENTS}",
        "kwijtgescholden_kenmerk": "Kenmerk van de verplichting waar het om gaat.",
    },
    "betalingsverplichting_opgelegd": _EVENT
    | {
        "bedrag": f"Te betalen bedrag. {_CENTS}",
        "betalen_voor": "Wanneer het betaald moet zijn.",
        "soort_bericht": "Eerste bericht, herinnering of aanmaning.",
        "betalingskenmerk": "Kenmerk dat bij de betaling moet staan.",
        "verplichting_kenmerk": "Kenmerk van de verplichting waar dit bij hoort.",
        "opgelegd_op": "Wanneer dit is opgelegd.",
        "te_betalen_aan": "Aan wie.",
        "betaalwijze": "Hoe, bijvoorbeeld automatische incasso.",
        "iban": "Rekeningnummer.",
        "tenaamstelling": "Naam bij de rekening.",
    },
    "betalingsverplichting_ingetrokken": _EVENT
    | {"ingetrokken_kenmerk": "Kenmerk van de betalingsverplichting die is ingetrokken."},
    "betaling_verwerkt": _EVENT
    | {
        "bedrag": f"Betaald bedrag. {_CENTS}",
        "ontvangen_op": "Wanneer het geld binnenkwam.",
        "verwerkt_op": "Wanneer de betaling is verwerkt.",
        "betalingskenmerk": "Kenmerk bij de betaling.",
        "ontvangen_door": "Wie het geld kreeg.",
        "verwerkt_door": "Wie de betaling verwerkte.",
    },
    "zaak_overgedragen": _EVENT
    | {
        "overgedragen_aan": "Wie de zaak nu heeft.",
        "overgedragen_op": "Sinds wanneer.",
        "saldo": f"Wat toen nog open stond. {_CENTS}",
    },
    "onbekend": _EVENT
    | {
        "soort_volgens_bron": "Soort zoals de bron die noemt; wij kennen die niet.",
        "inhoud": "De gebeurtenis zoals ontvangen, als JSON-tekst.",
    },
    "bron": {
        "": "Een bron die vorderingen kan geven.",
        "id": "Korte naam van de bron in deze dienst.",
        "organisatie": "De organisatie achter de bron.",
        "contact": "Hoe u die organisatie bereikt.",
    },
    "grondslag_antwoord": {
        "": "Waar het antwoord op rust.",
        "soort": "Rechtstreeks gevraagd, uit een aangeleverd bestand, of uit een verwijsindex.",
        "moment": "Van welk moment de gegevens zijn.",
    },
    "antwoord": {
        "": "De bron heeft geantwoord.",
        "bron": "Welke bron.",
        "beantwoord_op": "Moment van het antwoord.",
        "gebaseerd_op": "Waar het antwoord op rust.",
        "onvolledig_omdat": "Waarom het antwoord niet volledig is. Leeg: volledig.",
        "naam_volgens_bron": "Naam van de burger zoals deze bron die heeft.",
        "vorderingen": "De vorderingen van deze bron.",
        "bevindingen": "Wat opvalt aan dit antwoord.",
    },
    "mislukking": {
        "": "De bron gaf geen bruikbaar antwoord. Er kunnen dus vorderingen zijn die wij niet zien.",
        "bron": "Welke bron.",
        "mislukt_op": "Moment waarop het misging.",
        "oorzaak": "Soort oorzaak.",
    },
    "niet_aangesloten": {
        "": "Deze organisatie kan nog niet gevraagd worden.",
        "bron": "Welke organisatie.",
        "genoteerd_op": "Moment van dit overzicht.",
    },
    "overzicht": {
        "": "Wat alle bronnen samen hebben geantwoord.",
        "verzameld_op": "Moment waarop de gegevens zijn verzameld.",
        "bronnen": "Per bron hoe het vragen is afgelopen, met de vorderingen.",
        "bevindingen": "Wat opvalt aan het geheel.",
    },
}
