from __future__ import annotations

import pytest

from app.services.verify import Reason, Verdict
from tests.support.api_site import ApiSite
from tests.unit.api.contract import fits

PATH = "/verificaties"


@pytest.mark.parametrize("reason", list(Reason))
def test_every_verdict_is_an_answer_by_the_contract(api: ApiSite, reason: Reason) -> None:
    api.verifier.verdict = Verdict(reason)
    answer = api.program(token=None).post(PATH, data=b"%PDF-1.7", content_type="application/pdf")
    found = fits(answer, PATH, "post")
    assert (answer.status_code, found["reden"]) == (200, reason.value)
    assert found["oordeel"] == Verdict(reason).kind.word
    assert api.verifier.seen == [b"%PDF-1.7"]


def test_an_empty_body_is_a_fault(api: ApiSite) -> None:
    answer = api.program(token=None).post(PATH, data=b"", content_type="application/pdf")
    assert fits(answer, PATH, "post")["fouten"][0]["plaats"] == "body"
    assert api.verifier.seen == []


def test_another_kind_of_content_is_refused(api: ApiSite) -> None:
    answer = api.program(token=None).post(PATH, data=b"x", content_type="text/html")
    assert fits(answer, PATH, "post")["status"] == 415


def test_a_document_over_the_limit_is_not_looked_at(api: ApiSite) -> None:
    answer = api.program(token=None).post(PATH, data=b"x" * 2_000_000, content_type="application/pdf")
    assert fits(answer, PATH, "post")["status"] == 413
    assert api.verifier.seen == []
