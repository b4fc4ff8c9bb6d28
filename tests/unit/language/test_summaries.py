"""What is said of a summary in place of an overview stands in the catalogues too: code makes it out of the other sentence."""

from __future__ import annotations

from app.services import verdict_gist as said
from app.services import verdict_text as more
from scripts.words import texts_in_use

_SENTENCES = (
    *said._HEADLINE.values(),
    *said._NEXT_STEP.values(),
    more.SNAPSHOT_ONLY,
    more.REGISTER_NOT_ASKED,
    said.KEY_REVOKED,
    said.KEY_REVOKED_BEFORE,
    said.KEY_NEXT_STEP,
    more._FROM_BEFORE,
)


def test_each_sentence_about_a_summary_can_be_translated() -> None:
    texts = texts_in_use()
    made = {said.of_a_summary(sentence) for sentence in _SENTENCES}
    assert made - set(_SENTENCES), "nothing was changed"
    assert [sentence for sentence in made if sentence not in texts] == []
