"""Care rule 20 in moving: at night into no bedroom unless called, and never in a door or in anybody's way."""

import pytest

from behaviours.acts import Approach
from nodes.base.pose import Pose
from nodes.motion.approaching import Approach as Coming
from nodes.motion.approaching import Ended, Wish
from nodes.motion.drive import Manner
from nodes.motion.planner import Planner
from tests.behaviours.minds import HANNA, MORNING, hanna, profile
from tests.nodes.motion.floors import care_home
from tests.nodes.motion.stroll import Stroll, stays


def _enters(hour: int, *, called: bool, **facts: str) -> bool:
    chat = hanna()
    chat.mind.profile_changed(profile(**{**HANNA, **facts}), MORNING)
    (act,) = chat.mind.come_to("hanna", MORNING.replace(hour=hour), called=called)
    assert isinstance(act, Approach)
    return act.may_enter_private


@pytest.mark.parametrize("hour", [22, 23, 0, 3, 6])
def test_by_night_it_enters_no_bedroom_unless_called(hour: int) -> None:
    assert not _enters(hour, called=False)
    assert _enters(hour, called=True)


def test_by_day_it_enters_unless_the_resident_wants_to_be_asked_or_left() -> None:
    assert _enters(10, called=False)
    assert not _enters(10, called=False, room__enter="no")
    assert not _enters(10, called=False, room__enter="ask")


def test_motion_does_not_cross_the_door_of_a_bedroom_that_it_may_not_enter() -> None:
    stroll = Stroll(Pose(4.5, 7.0, 0.0), a=stays(3.2, 9.2, 3.14))
    approach = Coming(Planner(care_home()), "a", Wish(), Manner(), give_up_after_s=10.0)
    assert stroll.until(approach.step, lambda doing: doing.ended is not None, 5.0).ended is Ended.NOT_ALLOWED
    assert stroll.here == Pose(4.5, 7.0, 0.0)


@pytest.mark.parametrize("bedroom", [1, 2, 3, 4])
def test_it_never_stops_in_a_doorway_to_talk(bedroom: int) -> None:
    door = care_home().doors[f"bedroom_{bedroom}"]
    stroll = Stroll(Pose(door.x - 1.5, 7.0, 0.0), a=stays(door.x, door.y + 1.4, -1.57))  # stands close to the door
    approach = Coming(Planner(care_home()), "a", Wish(may_enter_private=True), Manner(), give_up_after_s=10.0)
    stroll.until(approach.step, lambda doing: doing.ended is not None, 90.0)
    assert care_home().to_a_door(stroll.here.point) > 0.75
