"""The main job, as a citizen and a counsellor do it."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e import steps
from tests.support.demo import RunningDemo
from tests.support.tampering import one_other_letter

NUMBER = re.compile(r"schuldenoverzicht-(BK-20\d\d-[0-9A-HJKMNP-TV-Z]{10})\.(pdf|json|csv)")


def payload_of(file: Path) -> dict[str, object]:
    encoded = json.loads(file.read_text())["payload"]
    decoded: dict[str, object] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded


def test_from_button_to_verified_download(page: Page, tmp_path: Path) -> None:
    steps.log_in(page, steps.ANNA)
    expect(page.get_by_role("main")).to_contain_text("Alle 7 aangesloten bronnen hebben geantwoord.")
    files = [steps.download(page, link, tmp_path) for link in ("pdf)", "json,", "csv,")]
    numbers = {match[1] for file in files if (match := NUMBER.fullmatch(file.name))}
    assert len(numbers) == 1, "all files are of one moment"
    for file in files[:2]:
        assert steps.verify(page, file).startswith("Dit overzicht is echt")
        expect(page.get_by_role("main")).to_contain_text(numbers.pop() if numbers else "")


def test_the_pdf_holds_the_very_payload_of_the_json(page: Page, tmp_path: Path) -> None:
    steps.log_in(page, steps.ANNA)
    pdf, sealed = (steps.download(page, link, tmp_path) for link in ("pdf)", "json,"))
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, pdf], check=True)
    assert json.loads((tmp_path / "schuldenoverzicht.json").read_bytes()) == payload_of(sealed)


def test_a_citizen_without_debts_reads_that_every_source_answered(page: Page) -> None:
    steps.log_in(page, steps.BRAM)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Alle 7 aangesloten bronnen hebben geantwoord.")
    expect(main).to_contain_text("Wij vonden geen rekeningen bij de bronnen die hebben geantwoord.")


def test_a_source_that_is_down_is_named_above_the_total_and_can_be_retried(page: Page) -> None:
    steps.log_in(page, steps.INEKE)
    notice = page.locator(".utrecht-alert").first
    expect(notice).to_contain_text("Parkeren")
    expect(notice).to_contain_text("Geen antwoord", ignore_case=True)
    expect(notice).to_contain_text("Het totaal kan hoger zijn.")
    assert notice.bounding_box()["y"] < page.locator(".figures").bounding_box()["y"]  # type: ignore[index]
    expect(page.locator(".figures")).to_contain_text("minstens")
    page.get_by_role("button", name="Vraag het opnieuw").click()
    page.wait_for_url("**/overzicht")
    expect(page.locator(".utrecht-alert").first).to_contain_text("Parkeren")


def test_an_answer_about_somebody_else_is_dropped_and_raises_an_alarm(page: Page, demo: RunningDemo) -> None:
    steps.log_in(page, steps.LOTTE)
    expect(page.locator(".utrecht-alert").first).to_contain_text("Waterschap")
    assert "source_answer_about_other_person" in demo.logs()


def test_a_partial_overview_asks_once_and_says_so_in_every_file(page: Page, tmp_path: Path) -> None:
    steps.log_in(page, steps.FATIMA)
    page.get_by_role("link", name="pdf)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Toch downloaden?")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Toch downloaden").click()
    pdf = tmp_path / "partial.pdf"
    waiting.value.save_as(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Het totaal kan hoger zijn" in text
    assert "minstens €" in text
    assert "echt" in steps.verify(page, pdf)
    expect(page.get_by_role("main")).to_contain_text("meer schulden")


def test_cancelling_at_digid_says_so(page: Page) -> None:
    steps.go_to_digid(page)
    page.get_by_role("button", name="Annuleren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U hebt het inloggen gestopt")


def test_a_level_that_is_too_low_is_refused_with_what_is_needed(page: Page) -> None:
    steps.go_to_digid(page)
    page.get_by_label("Midden").check()
    page.get_by_role("button", name=steps.ANNA).click()
    expect(page.get_by_role("main")).to_contain_text("ID-check")
    page.goto("/overzicht")
    expect(page.get_by_role("main")).not_to_contain_text("Wat u moet betalen")


def test_a_used_callback_does_not_log_in_again(page: Page, browser: Browser, demo: RunningDemo) -> None:
    callbacks: list[str] = []
    page.on("request", lambda r: callbacks.append(r.url) if "/inloggen/terug" in r.url else None)
    steps.log_in(page, steps.ANNA)
    thief = steps.new_context(browser, demo.url).new_page()
    thief.goto(callbacks[0])
    expect(thief.get_by_role("heading", level=1)).to_contain_text("Dit inloggen werkt niet meer")
    thief.goto("/overzicht")
    assert not steps.shown_amounts(thief)
    thief.context.close()


@pytest.mark.threat("T-01")
def test_two_citizens_at_once_see_only_their_own(browser: Browser, demo: RunningDemo) -> None:
    contexts = [steps.new_context(browser, demo.url) for _ in range(2)]
    anna, ineke = (context.new_page() for context in contexts)
    for page, name in ((anna, steps.ANNA), (ineke, steps.INEKE)):
        steps.go_to_digid(page)
        page.get_by_role("button", name=name).click(no_wait_after=True)
    for page in (anna, ineke):
        page.wait_for_url("**/overzicht")
    expect(anna.get_by_role("main")).to_contain_text("BEL-2026-0041873")
    expect(ineke.get_by_role("main")).not_to_contain_text("BEL-2026-0041873")
    expect(anna.get_by_role("main")).to_contain_text("eindigt op 110")
    expect(ineke.get_by_role("main")).to_contain_text("eindigt op 482")
    for context in contexts:
        context.close()


def test_a_changed_file_is_unmasked(page: Page, tmp_path: Path) -> None:
    steps.log_in(page, steps.ANNA)
    file = steps.download(page, "pdf)", tmp_path)
    (tmp_path / "changed.pdf").write_bytes(one_other_letter(file.read_bytes()))
    (tmp_path / "longer.pdf").write_bytes(file.read_bytes() + b"\n% meer\n")
    for name in ("changed.pdf", "longer.pdf"):
        assert steps.verify(page, tmp_path / name).startswith("Dit bestand is veranderd")


@pytest.mark.parametrize(
    ("name", "content"),
    [("leeg.pdf", b""), ("foto.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 500), ("diep.json", b"[" * 1_000_000)],
)
def test_what_is_no_overview_gets_a_clear_answer(
    page: Page, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    heading = steps.verify(page, tmp_path / name)
    assert "geen verzegeld overzicht" in heading or "leeg" in heading


def test_logging_out_ends_it_for_the_back_button_too(page: Page) -> None:
    steps.log_in(page, steps.ANNA)
    page.get_by_role("link", name="Uitloggen").click()
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("uitgelogd")
    page.goto("/overzicht")
    assert not steps.shown_amounts(page)


def test_everything_works_without_javascript_at_320_px(
    browser: Browser, demo: RunningDemo, tmp_path: Path
) -> None:
    phone: ViewportSize = {"width": 320, "height": 640}
    context = steps.new_context(browser, demo.url, java_script_enabled=False, viewport=phone)
    page = context.new_page()
    steps.go_to_digid(page)
    page.get_by_role("button", name=steps.ANNA).click()
    while not page.url.endswith("/overzicht"):
        page.get_by_role("link", name="Bekijk of het klaar is").click()
    assert steps.verify(page, steps.download(page, "pdf)", tmp_path)).startswith("Dit overzicht is echt")
    context.close()


def test_an_unknown_page_has_a_reference_number_and_a_next_step(context: BrowserContext) -> None:
    page = context.new_page()
    answer = page.goto("/bestaat-niet")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"[0-9A-HJKMNP-TV-Z]{10}"))
