"""What an employee does stands in the audit log."""

from pathlib import Path

from app.ports.staff_login import RoleMissing
from tests.support.audit import refuse_rows, rows_of, words_of
from tests.support.operator_site import make_operator_site


def test_log_ins_and_log_outs_of_employees_are_written_down_under_a_pseudonym(tmp_path: Path) -> None:
    site = make_operator_site(tmp_path)
    browser = site.browser()
    browser.log_in("mw-1")
    browser.post("/uitloggen", token_from="/uitloggen")
    assert [event for event, _, _ in words_of(site.book)] == ["staff_logged_in", "staff_logged_out"]
    assert {row.actor for row in rows_of(site.book)} == {site.book.pseudonyms.of_account("mw-1").value}
    site.database.close()


def test_a_refused_employee_is_written_down(tmp_path: Path) -> None:
    site = make_operator_site(tmp_path)
    site.login.refusal = RoleMissing()
    site.browser().log_in()
    assert words_of(site.book) == [("staff_login_refused", "", "role_missing")]
    site.database.close()


def test_no_employee_is_logged_in_who_cannot_be_written_down(tmp_path: Path) -> None:
    site = make_operator_site(tmp_path)
    refuse_rows(site.book)
    browser = site.browser()
    assert browser.log_in().status_code == 503
    assert browser.get("/").status_code != 200
    site.database.close()
