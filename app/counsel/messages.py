"""What a page says when something ends or fails: plain words and a next step, never a provider's text."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.http.staff_messages import FailedLogIn, Message

FAILED_LOG_IN = FailedLogIn(
    meanwhile="Hebt u een code van de inwoner? Dan kunt u die gebruiken.",
    asking="Laat wie in uw organisatie de accounts beheert contact met ons opnemen.",
)
GONE = Message(
    "Dit overzicht is er niet meer",
    (
        "Misschien is de tijd voorbij, is het te vaak geopend, of is de inwoner met delen gestopt.",
        "Hebt u het nog nodig? Vraag de inwoner om opnieuw te delen.",
    ),
    404,
)
NOT_NOW = Message(
    "Openen lukt nu niet",
    (
        "Wij konden het overzicht nu niet controleren. Daarom laten wij het niet zien. Dit ligt niet aan u.",
        "Dit telt niet mee als een keer openen. Probeer het over een paar minuten opnieuw.",
    ),
    503,
)


def show(message: Message, *, elsewhere: str | None = None) -> ResponseReturnValue:
    """`elsewhere`: where the provider ends its own log-in."""
    return render_template("counsel/message.html", message=message, elsewhere=elsewhere), message.status
