"""The word list: what stands in the PDF too, and the words that only pages use. One term for one thing, everywhere."""

from __future__ import annotations

from app.documents import labels
from app.language import N_
from app.language import gettext as _

ON_PAGES = (
    (N_("Aangesloten"), N_("Een organisatie die meedoet. Wij vragen daar op wat u moet betalen.")),
    (N_("Besluit"), N_("Een brief waarin een organisatie vertelt wat zij heeft beslist.")),
    (N_("BSN"), N_("Uw burgerservicenummer. Zo weten organisaties zeker dat het over u gaat.")),
    (N_("Controlecode"), N_("Letters en cijfers onderaan uw pdf. Zo kan iemand een afdruk controleren.")),
    (N_("DigiD"), N_("Hiermee logt u in bij de overheid. Geef uw DigiD nooit aan iemand anders.")),
    (N_("DigiD Machtigen"), N_("Hiermee regelt u dat iemand anders voor u mag inloggen.")),
    (N_("Dossier"), N_("Alle papieren over uw rekening bij een deurwaarder of incassobureau.")),
    (N_("Gemachtigde"), N_("Iemand die voor een ander mag inloggen, met DigiD Machtigen.")),
    (N_("Herinnering"), N_("Een bericht dat u nog moet betalen.")),
    (N_("Hulpverlener"), N_("Iemand die u helpt met geldzorgen, zoals schuldhulp van uw gemeente.")),
    (N_("Incassobureau"), N_("Een bedrijf dat voor een ander vraagt om een rekening te betalen.")),
    (N_("Klantnummer"), N_("Uw nummer bij een organisatie.")),
    (N_("Melding"), N_("U vertelt een organisatie dat er iets niet klopt. Het is geen bezwaar.")),
    (N_("Organisatie"), N_("Een gemeente, waterschap of bedrijf waaraan u moet betalen.")),
    (N_("Overgedragen"), N_("Iemand anders regelt nu de rekening, zoals een deurwaarder.")),
    (N_("Overzicht"), N_("De lijst met wat wij voor u hebben gevonden.")),
    (N_("Rekening"), N_("Geld dat u moet betalen. Ook een boete of een belasting noemen wij zo.")),
    (N_("Rekeningnummer"), N_("Het nummer bij een bank waar u het geld naartoe stuurt, de IBAN.")),
    (N_("Rente"), N_("Geld dat erbij komt omdat u later betaalt.")),
    (N_("Schuld"), N_("Geld dat u nog moet betalen. Wij zeggen meestal: rekening.")),
    (N_("Stand"), N_("Zo hoog was het bedrag op die dag.")),
    (N_("Te laat"), N_("De datum om te betalen is voorbij.")),
    (N_("Vertegenwoordigde"), N_("Degene voor wie een ander inlogt. De rekeningen zijn van deze persoon.")),
)


def word_list() -> tuple[tuple[str, str], ...]:
    """Words and explanations in the language of this moment, in alphabetical order."""
    every = ((_(word), _(meaning)) for word, meaning in (*labels.WORDS, *ON_PAGES))
    return tuple(sorted(every, key=lambda pair: pair[0].casefold()))
