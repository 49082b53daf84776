"""Care rule 4: on the floor, the alert goes after a second look while the robot asks; "I'm fine" lowers it, never
cancels it; what staff expect is excused for whom, and as long as, they expect it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from behaviours.acts import Act, AlertLevel, RaiseAlert, Speak
from behaviours.calling import alert as alerts
from behaviours.identity import Level, Who
from behaviours.mind import Mind, MindSettings
from behaviours.on_the_floor import Sighting
from tests.culture_profiles.profiles import profile, staff

NOON = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
THERE = Sighting(3.0, 0.4)
PRAYER = staff(
    floor__prayer__expected="true",
    floor__prayer__from="12:30",
    floor__prayer__until="13:00",
    floor__prayer__review="2026-12-01",
)


class Room:
    """A mind that sees the floor."""

    def __init__(self, *facts: object) -> None:
        self.mind = Mind(random.Random(1), zone=ZoneInfo("UTC"), settings=MindSettings())
        self.now = NOON
        self.who = Who("hanna", Level.PUBLIC, "test")
        self.mind.profile_changed(profile(*facts), self.now)  # type: ignore[arg-type]
        self.mind.presence(self.who, self.now)

    def look(self, *seen: Sighting, after_s: float = 3.0) -> list[Act]:
        self.now += timedelta(seconds=after_s)
        return self.mind.on_the_floor(seen, self.now)

    def say(self, text: str) -> list[Act]:
        self.now += timedelta(seconds=3)
        return self.mind.heard(text, self.now, who=self.who, locale="en_GB")


def calls(acts: list[Act]) -> list[RaiseAlert]:
    return [each for each in acts if isinstance(each, RaiseAlert)]


def words(acts: list[Act]) -> str:
    return " ".join(each.text for each in acts if isinstance(each, Speak))


def test_one_look_may_be_mistaken() -> None:
    room = Room()
    assert room.look(THERE) == []
    assert room.look() == []
    assert room.look(after_s=40) == []


def test_after_a_second_look_the_alert_goes_while_the_robot_asks() -> None:
    room = Room()
    room.look(THERE)
    acts = room.look(Sighting(3.3, 0.2))
    (call,) = calls(acts)
    assert (call.kind, call.level) == ("on_floor", AlertLevel.EMERGENCY)
    assert acts.index(call) < next(place for place, each in enumerate(acts) if isinstance(each, Speak))
    assert "?" in words(acts) and "calling" in words(acts)


def test_it_calls_once_for_one_person_and_again_for_another() -> None:
    room = Room()
    room.look(THERE)
    assert len(calls(room.look(THERE))) == 1
    assert calls(room.look(THERE)) == []
    other = Sighting(3.0, -3.0)
    room.look(THERE, other)
    assert len(calls(room.look(THERE, other))) == 1


@pytest.mark.parametrize("answer", ["I'm fine", "No, I'm all right", "No thank you"])
def test_fine_lowers_it_and_never_cancels_it(answer: str) -> None:
    room = Room()
    room.look(THERE)
    (first,) = calls(room.look(THERE))
    acts = room.say(answer)
    (lowered,) = calls(acts)
    assert (lowered.id, lowered.level) == (first.id, AlertLevel.ATTEND)
    assert "Somebody" in words(acts) or "somebody" in words(acts)
    # Nobody came: it is called again all the same (care rule 1).
    room.now += timedelta(seconds=90)
    assert [each.id for each in calls(room.mind.tick(room.now))] == [first.id]


def test_pain_is_not_taken_for_fine() -> None:
    room = Room()
    room.look(THERE)
    room.look(THERE)
    assert "on_floor" not in [each.kind for each in calls(room.say("My hip hurts"))]


def test_the_home_lowers_the_alert_and_keeps_it_open() -> None:
    known = alerts.Alert(
        id="r-1", last_sent_at=NOON, raised_at=NOON, robot="r", resident_id="", level=alerts.Level.EMERGENCY,
        kind="on_floor", text="Somebody is on the floor.", state=alerts.State.DELIVERED,
    )  # fmt: skip
    softer = replace(known, level=alerts.Level.ATTEND, text="answers that all is well")
    changed = alerts.lowered(known, softer)
    assert changed is not None
    assert (changed.level, changed.state) == (alerts.Level.ATTEND, alerts.State.DELIVERED)
    assert alerts.lowered(changed, known) is None
    assert alerts.lowered(replace(known, kind="emergency"), softer) is None


def test_prayer_that_staff_expect_calls_nobody_and_ends_with_its_time() -> None:
    room = Room(*PRAYER)
    assert all(room.look(THERE, after_s=60) == [] for _ in range(15))  # until 12:55
    room.now = NOON.replace(hour=13, minute=0)
    room.look(THERE, after_s=1)
    assert len(calls(room.look(THERE))) == 1


def test_it_excuses_one_person_and_nobody_beside_them() -> None:
    room = Room(*PRAYER)
    room.look(THERE)
    room.look(THERE)
    fallen = Sighting(2.8, 3.0)
    room.look(THERE, fallen)
    assert len(calls(room.look(THERE, fallen))) == 1


def test_nobodys_expectation_excuses_a_stranger() -> None:
    room = Room(*PRAYER)
    room.mind.gone("hanna")
    room.look(THERE)
    assert len(calls(room.look(THERE))) == 1
