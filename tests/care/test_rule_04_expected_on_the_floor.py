"""Care rule 4: a floor position is expected only as staff set it, per resident, time-boxed and within its review."""

from datetime import date, time

import pytest

from culture_profiles import precedence
from culture_profiles.agreed import expected_on_floor
from tests.culture_profiles.profiles import fact, profile, staff

TODAY = date(2026, 11, 23)
FUTON = staff(
    floor__futon__expected="true",
    floor__futon__from="21:00",
    floor__futon__until="06:30",
    floor__futon__review="2026-12-01",
)


@pytest.mark.parametrize(
    ("at", "kind"),
    [("20:59", ""), ("21:00", "futon"), ("00:00", "futon"), ("06:29", "futon"), ("06:30", ""), ("12:00", "")],
)
def test_only_within_its_time(at: str, kind: str) -> None:
    assert expected_on_floor(profile(*FUTON), TODAY, time.fromisoformat(at)) == kind


def test_after_its_review_date_a_person_on_the_floor_is_looked_after() -> None:
    assert expected_on_floor(profile(*FUTON), date(2026, 12, 2), time(22)) == ""


@pytest.mark.parametrize("missing", range(4))
def test_an_incomplete_entry_excuses_nothing(missing: int) -> None:
    made = profile(*FUTON[:missing], *FUTON[missing + 1 :])
    assert expected_on_floor(made, TODAY, time(22)) == ""


def test_neither_faith_nor_the_person_nor_family_sets_one() -> None:
    made = profile(
        fact("faith.observance", "prays five times a day", "resident"), fact("culture.faith.muslim_sunni", "a_lot")
    )
    assert expected_on_floor(made, TODAY, time(5)) == ""
    for source in ("resident", "family"):
        assert not precedence.allowed(fact("floor.prayer.expected", "true", source))
