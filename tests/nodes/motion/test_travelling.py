"""Travel among people: past who stands, letting past who comes, waiting, making way, giving up."""

import math

from nodes.base.pose import Pose
from nodes.motion.drive import Manner
from nodes.motion.planner import Planner
from nodes.motion.travelling import KEEP_M, State, Step, Traveller
from tests.nodes.motion.floors import care_home, room
from tests.nodes.motion.stroll import Stroll, stays

HOME = Planner(care_home())


def _travel(planner: Planner, goal: Pose, give_up_after_s: float = 30.0) -> Traveller:
    made = Traveller(planner, Manner(speed=0.4), give_up_after_s=give_up_after_s)
    made.head_for(goal)
    return made


def _over(step: Step) -> bool:
    return step.state in (State.ARRIVED, State.GIVEN_UP)


def test_it_goes_through_a_door_to_a_place_and_turns_as_asked() -> None:
    stroll = Stroll(Pose(8.0, 7.0, 0.0))
    goal = care_home().places["bedroom_1"]
    assert stroll.until(_travel(HOME, goal).step, _over, 60.0).state is State.ARRIVED
    assert math.dist(stroll.here.point, goal.point) < 0.2
    assert abs(stroll.here.heading - goal.heading) < 0.1


def test_it_passes_who_stands_at_a_distance_and_slowly() -> None:
    stroll = Stroll(Pose(4.5, 3.0, 0.0), a=stays(5.5, 3.0))
    assert stroll.until(_travel(HOME, Pose(7.0, 3.0, 0.0)).step, _over, 60.0).state is State.ARRIVED
    assert stroll.nearest["a"] >= KEEP_M


def test_who_comes_towards_it_is_let_past() -> None:
    def walks(now: float) -> Pose:
        return Pose(max(0.6, 6.0 - 0.8 * now), 7.0, math.pi)

    stroll = Stroll(Pose(3.0, 7.0, 0.0), a=walks)
    assert stroll.until(_travel(HOME, Pose(7.0, 7.0, 0.0)).step, _over, 60.0).state is State.ARRIVED
    assert stroll.nearest["a"] >= KEEP_M - 0.05


def test_it_goes_round_a_thing_that_is_not_on_the_map() -> None:
    stroll = Stroll(Pose(1.0, 2.0, 0.0))
    stroll.things = [(3.0, 1.7 + step * 0.05) for step in range(12)]
    assert stroll.until(_travel(Planner(room(6.0, 4.0)), Pose(5.0, 2.0, 0.0)).step, _over, 60.0).state is State.ARRIVED


def test_somebody_in_the_only_way_for_ten_minutes_it_waits_gives_up_and_can_set_out_again() -> None:
    def in_the_door(now: float) -> Pose:
        return Pose(2.0, 8.0, -math.pi / 2) if now < 600.0 else Pose(0.8, 9.0, 0.0)

    stroll = Stroll(Pose(4.0, 7.0, math.pi), a=in_the_door)
    goal = care_home().places["bedroom_1"]
    states = []
    travel = _travel(HOME, goal)

    def step(around: object, elapsed_s: float) -> Step:
        doing = travel.step(around, elapsed_s)  # type: ignore[arg-type]
        states.append(doing.state)
        return doing

    assert stroll.until(step, _over, 120.0).state is State.GIVEN_UP
    assert State.WAITING in states
    assert stroll.nearest["a"] >= KEEP_M
    stroll.now = 601.0
    assert stroll.until(_travel(HOME, goal).step, _over, 660.0).state is State.ARRIVED


def test_it_does_not_wait_in_a_doorway() -> None:
    """Care rule 20: never blocks a door."""
    stroll = Stroll(Pose(2.0, 8.1, math.pi / 2), a=stays(2.0, 10.2, -math.pi / 2))
    travel = _travel(HOME, Pose(2.0, 10.2, 0.0), give_up_after_s=25.0)
    assert stroll.until(travel.step, _over, 60.0).state is State.GIVEN_UP
    assert care_home().to_a_door(stroll.here.point) > 0.9
