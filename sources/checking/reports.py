"""How reports of citizens reach this source: what can be known without sending one."""

from __future__ import annotations

import os

from sources.checking.steps import Found, fails, holds
from sources.error_reports.receiver_key import algorithm_of, load_receiver_key
from sources.errors import Misconfigured
from sources.report_settings import ReportSettings


def look_at_reports(settings: ReportSettings) -> Found:
    if settings.outbox_folder is None or settings.receiver_file is None:
        return holds("over onze koppeling; een proefmelding sturen wij niet")
    try:
        key = load_receiver_key(settings.receiver_file)
    except Misconfigured:
        advice = "Vraag de ontvanger om de openbare sleutel (P-256, P-384 of RSA) of het certificaat, als PEM of JWK."
        return fails("receiver_file is geen openbare sleutel waarmee wij versleutelen", advice)
    if not os.access(settings.outbox_folder, os.W_OK | os.X_OK):
        return fails(
            "in outbox_folder kunnen wij niet schrijven", "Geef de gebruiker van de dienst schrijfrecht."
        )
    return holds(f"in een map, versleuteld met {algorithm_of(key)}")
