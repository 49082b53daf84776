"""A resident's own calendar is shown and flags what meets it; it moves nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from behaviours.routines.routine import Routine
from culture_profiles.culture.facets import sides
from culture_profiles.culture.loader import packs
from kith.reminders import observances
from tests.culture_profiles.profiles import fact, profile

ZONE = ZoneInfo("Europe/London")
EASTER = datetime(2027, 3, 28, 9, tzinfo=UTC)


def _routine(kind: str, start: datetime = EASTER) -> Routine:
    return Routine("r", "r1", kind, "x", "", start, "", timedelta(hours=1), "nurse", "Europe/London")


def test_a_day_that_the_resident_said_they_keep_is_shown_and_flags_an_appointment() -> None:
    faith = next(reference for reference in packs() if reference.startswith("faith:") and "christian" in reference)
    own = profile(fact(f"culture.{faith.replace(':', '.')}", "a_lot", "resident"))
    of_person = sides(own, packs(), simulation=True)
    shown = {day.day for day in observances.kept(of_person, EASTER.date() - timedelta(days=3), 5)}
    assert EASTER.date() in shown
    routine = _routine("appointment")
    met = observances.conflicts([routine], of_person, EASTER - timedelta(days=1), 3, ZONE)
    assert any("keep" in each.why for each in met)
    assert {each.due for each in met} == {EASTER}
    assert routine.due_between(EASTER, EASTER + timedelta(days=1)) == [EASTER]


def test_a_resident_who_named_nothing_is_flagged_nothing() -> None:
    assert observances.conflicts([_routine("appointment")], (), EASTER - timedelta(days=1), 3, ZONE) == []
    assert observances.kept((), EASTER.date(), 10) == []
