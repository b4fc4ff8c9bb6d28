"""What citizens read is plain: short sentences, one term for one thing, and every hard word is in the list of words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from app.web.words import word_list
from scripts.words import texts_in_use

LONGEST = 15
_TAG = re.compile(r"<[^>]+>")
_END = re.compile(r"(?<=[.?:])\s+")
FOR_OTHERS = (
    "Rekeningen van andere overheden",  # names
    "Wij bewaren een samenvatting hooguit 15 minuten",  # for counsellors
    "rekening staat wel in een ouder bestand",
    "rekeningen staan wel in een ouder bestand",
    "kon tijdens de controle geen verbinding maken",
    "konden niet afdwingen dat het bestand",
    "alle soorten bladzijden bekijken",  # how accessibility was tried
    "lezen op een smal scherm",
    "U gaf toestemming om dit overzicht",  # what was agreed to; older files hold it word for word
)
NEVER = r"\b(vordering|debiteur|crediteur|schuldeiser|instantie|invordering|handtekening|achterstallig|in gebreke)"
HARD = (
    *("Aanmaning", "Beslag", "Besluit", "Betaalkenmerk", "Betalingsregeling", "Bezwaar", "Bron", "BSN"),
    *("Controlecode", "Deurwaarder", "DigiD Machtigen", "Dossier", "Gemachtigde", "Incassobureau", "Kenmerk"),
    *("Kwijtgescholden", "Melding", "Preferent", "Rente", "Schuld", "Vertegenwoordigde", "Zegel"),
)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return texts_in_use()


def test_no_sentence_has_more_than_fifteen_words(texts: Catalog) -> None:
    sentences = (one for text in _every(texts) for one in _END.split(_TAG.sub("", text)))
    long = [one for one in sentences if len(one.split()) > LONGEST]
    assert [one for one in long if not any(part in one for part in FOR_OTHERS)] == []


def test_nothing_has_a_second_name(texts: Catalog) -> None:
    assert [text for text in _every(texts) if re.search(NEVER, text, re.IGNORECASE)] == []


def test_hard_words_are_explained_and_in_order() -> None:
    words = [word for word, _ in word_list()]
    assert set(HARD) <= set(words)
    assert words == sorted(set(words), key=str.casefold)


def _every(texts: Catalog) -> Iterator[str]:
    for message in texts:
        yield from message.id if message.pluralizable else (str(message.id),)
