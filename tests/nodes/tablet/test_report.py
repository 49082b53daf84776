"""The inspector's report: counts of a week, no names, nothing about single staff."""

from behaviours.routines.occurrence import State
from nodes.tablet.report_pdf import as_pdf
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome, call, occurrence


def _lived(tablet: TestHome) -> None:
    tablet.home.due = [occurrence("o1", State.DECLINED, hours=-3), occurrence("o2", State.CLOSED, hours=-30)]
    tablet.home.listed = [call("c1")]
    tablet.know("language.mother", "pl_PL", "family")
    tablet.know("topics.liked", "chess", "observed", "assumed")
    tablet.signed_in(Role.CARER, "Ben Shaw").post("/calls/accept", call_id="c1")


def test_it_counts_and_names_nobody(tablet: TestHome) -> None:
    _lived(tablet)
    page = tablet.signed_in(Role.MANAGER, "Anna Price").get("/report").text
    main = page[page.index("<main") :]
    assert "26 May 2026" in main and "Activity" in main and "is whole" in main
    assert "Residents who speak Polish" in main and "wait for somebody to confirm them: 1" in main
    assert not any(name in main for name in ("Hanna", "George", "Ben Shaw", "Anna Price", "hanna"))


def test_the_pdf_is_one(tablet: TestHome) -> None:
    _lived(tablet)
    answer = tablet.signed_in(Role.MANAGER).get("/report.pdf")
    assert answer.headers["content-type"] == "application/pdf" and "2026-06-01" in answer.headers["content-disposition"]
    assert tablet.signed_in(Role.SENIOR_CARER).get("/report.pdf").status == 403


def test_any_letters_make_a_pdf() -> None:
    made = as_pdf("Zażółć – 日本", "“x” " * 500, [("Ł", ("a", "b"), [("ł", "1")] * 80, "…")], "foot")
    assert made.startswith(b"%PDF-") and made.rstrip().endswith(b"%%EOF")
