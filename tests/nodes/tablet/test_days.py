"""The page of a resident's days: with consent alone, for those who may read what is sensitive."""

from datetime import timedelta

import pytest

from behaviours.day_summary import REQUEST, TOPIC, WORDS, Line
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome

PAGE = "/residents/hanna/days"
LONELY = "I feel lonely on Sundays"


def _told(tablet: TestHome) -> None:
    today = tablet.home.at.date()
    for line in (
        Line(today, TOPIC, "garden"), Line(today, WORDS, LONELY), Line(today, REQUEST, "call_family"),
        Line(today - timedelta(days=9), TOPIC, "trains"),
    ):  # fmt: skip
        tablet.know(line.key, line.value, "resident")


def _agreed(tablet: TestHome) -> None:
    for key, value in (("", "yes"), (".basis", "own"), (".decider", "Hanna Nowak")):
        tablet.know(f"consent.summaries{key}", value)


def test_nothing_is_shown_without_consent(tablet: TestHome) -> None:
    _told(tablet)
    page = tablet.signed_in(Role.CARER).get(PAGE).text
    assert "no consent to summaries" in page
    assert "garden" not in page and LONELY not in page


def test_with_consent_it_shows_the_week_and_records_who_looked(tablet: TestHome) -> None:
    _told(tablet)
    _agreed(tablet)
    page = tablet.signed_in(Role.CARER).get(PAGE).text
    assert "garden" in page and LONELY in page and "to speak with the family" in page
    assert "trains" not in page, "over a week old"
    rows = tablet.records.call(lambda: tablet.site.audit.newest(10, what="read days"))
    assert len(rows) == 1 and LONELY not in " ".join(rows[0].keys)


def test_what_was_said_of_others_stands_under_its_day_as_said(tablet: TestHome) -> None:
    _agreed(tablet)
    tablet.know("said.event", "My sister is in hospital.", "resident")
    assert "My sister is in hospital" not in tablet.signed_in(Role.CARER).get(PAGE).text, "without its day: nowhere"


@pytest.mark.parametrize("role", [Role.AGENCY_CARER, Role.TECHNICIAN, Role.FAMILY, Role.ADVOCATE])
def test_it_is_not_for_everybody(tablet: TestHome, role: Role) -> None:
    _told(tablet)
    _agreed(tablet)
    answer = tablet.signed_in(role).get(PAGE)
    assert answer.status in (403, 404) and LONELY not in answer.text
