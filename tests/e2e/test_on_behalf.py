"""DigiD Machtigen, as a representative, the person represented and a counsellor meet it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.test_journeys import payload_of

HANNA = "Hanna de Groot"
WHO = "gemachtigde (BSN eindigt op 356) namens vertegenwoordigde (BSN eindigt op 110)"


def log_in(page: Page, name: str, for_whom: str | None = None) -> None:
    """By the address: the start page has no button for who is logged in already."""
    page.goto("/inloggen")
    page.get_by_role("button", name=name).click()
    if for_whom is not None:
        expect(page.get_by_role("heading", level=1)).to_have_text("Namens wie logt u in?")
        page.get_by_role("button", name=for_whom).click()
    page.wait_for_url("**/overzicht")


def test_whose_debts_these_are_is_clear_from_log_in_to_verdict(page: Page, tmp_path: Path) -> None:
    log_in(page, HANNA, "Namens Anna Bakker")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat de vertegenwoordigde moet betalen")
    expect(page.get_by_role("region", name="DigiD Machtigen")).to_contain_text(f"Opgevraagd door {WHO}.")
    assert not steps.has_sideways_scroll(page)
    theirs = steps.shown_amounts(page)
    assert theirs
    pdf, sealed = (steps.download(page, link, tmp_path) for link in ("pdf)", "json,"))
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    assert text.count(f"Opgevraagd door {WHO}") == text.count("Bladzijde ")
    record = payload_of(sealed)
    assert record["opgevraagd_door"] == {"rol": "gemachtigde", "bsn_eindigt_op": "356"}
    assert record["betrokkene"]["bsn"] == "111111110"  # type: ignore[index]
    assert steps.verify(page, pdf).startswith("Dit overzicht is echt")
    expect(page.get_by_role("main")).to_contain_text(f"{WHO}, met DigiD Machtigen")
    page.goto("/mijn-gegevens")
    expect(page.get_by_role("main")).to_contain_text("U hebt namens iemand anders gegevens laten opvragen.")

    log_in(page, HANNA, "Voor mijzelf")  # in the same browser: nothing of Anna is left
    main = page.get_by_role("main")
    expect(main).to_contain_text("Wij vonden geen rekeningen bij de bronnen die hebben geantwoord.")
    assert not theirs & steps.shown_amounts(page) - {"€ 0,00"}
    expect(page.get_by_role("region", name="DigiD Machtigen")).to_have_count(0)

    log_in(page, steps.ANNA)
    assert steps.shown_amounts(page) == theirs
    page.goto("/mijn-gegevens")
    expect(main).to_contain_text("Een gemachtigde is namens u ingelogd, met DigiD Machtigen.")
    expect(main).to_contain_text("Trek de machtiging dan in bij DigiD Machtigen.")
