"""Several residents and robots: the most urgent first, everybody's robot busy with one, and hand-over after a loss."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg
from kith_msgs.action import Remind

from nodes.base import times
from tests.nodes.reminders.conftest import Robot
from tests.peer import Peer

REMINDERS = "nodes.reminders.node"


@pytest.fixture
def deaf(ros_domain: int) -> Iterator[Robot]:
    """A robot that is there, and answers nothing: its link is cut."""
    nobody = Peer()
    made = Robot(nobody, "r1")
    yield made
    made.leave()
    nobody.close()


def test_of_two_due_together_the_more_urgent_comes_first(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    profiles.facts["kenji"] = {"name.preferred": "Kenji"}
    run_node(REMINDERS, home_dir=home_dir)
    assert staff.listed() == []  # it is up
    robot.answers += [(Remind.Result.ACCEPTED, {})] * 2
    together = times.to_msg(datetime.now(UTC) + timedelta(seconds=8))
    exercise = staff.add("exercise", start=together)
    appointment = staff.add("appointment", start=together, resident_id="kenji")
    staff.waits_for(exercise, msg.Occurrence.CLOSED)
    assert [goal.occurrence.routine_id for goal in robot.goals] == [appointment, exercise]


def test_two_residents_are_reminded_by_two_robots_and_one_resident_by_one_at_a_time(
    run_node: Any, peer: Any, home_dir: Path, profiles: Any, staff: Any
) -> None:
    profiles.facts["kenji"] = {"name.preferred": "Kenji"}
    robots = [Robot(peer, "r1"), Robot(peer, "r2")]
    run_node(REMINDERS, home_dir=home_dir, robots="[r1, r2]")
    peer.until(lambda: peer.node.count_clients("/r2/remind/_action/send_goal"), "the node to know both")
    staff.add("call", due_in_s=2.0)
    staff.add("visit", due_in_s=2.0)
    staff.add("call", due_in_s=2.0, resident_id="kenji")
    peer.until(lambda: all(each.goals for each in robots), "both robots at work")
    peer.spin_for(1.5)
    given = [goal.occurrence.resident_id for each in robots for goal in each.goals]
    assert sorted(given) == ["hanna", "kenji"]
    for each in robots:
        each.leave()


def test_a_robot_that_does_not_answer_is_sent_nothing_and_another_goes(
    run_node: Any, peer: Any, home_dir: Path, profiles: Any, staff: Any, deaf: Any
) -> None:
    hearing = Robot(peer, "r2")
    hearing.answers.append((Remind.Result.ACCEPTED, {}))
    run_node(REMINDERS, home_dir=home_dir, robots="[r1, r2]")
    closed = staff.waits_for(staff.add("call"), msg.Occurrence.CLOSED)
    assert (closed.uncertain, len(hearing.goals), deaf.goals) == (False, 1, [])
    hearing.leave()


def test_after_its_lease_another_robot_takes_over_and_says_that_it_may_have_been_asked(
    run_node: Any, peer: Any, home_dir: Path, profiles: Any, staff: Any
) -> None:
    first, second = Robot(peer, "r1"), Robot(peer, "r2")
    run_node(REMINDERS, home_dir=home_dir, robots="[r1, r2]", lease_s=6)
    peer.until(lambda: peer.node.count_clients("/r2/remind/_action/send_goal"), "the node to know both")
    routine = staff.add("call", due_in_s=1.0)
    peer.until(lambda: first.goals or second.goals, "a prompt")
    asked, other = (first, second) if first.goals else (second, first)
    asked.leave()
    other.answers.append((Remind.Result.ACCEPTED, {}))
    closed = staff.waits_for(routine, msg.Occurrence.CLOSED)
    assert (closed.uncertain, len(asked.goals), len(other.goals)) == (True, 1, 1)
    again = other.goals[0]
    assert (again.may_have_asked, again.lost_robot) == (True, asked.goals[0].occurrence.robot)
    other.leave()


def test_the_robot_that_was_last_with_a_resident_has_the_shortest_way(
    run_node: Any, peer: Any, home_dir: Path, profiles: Any, staff: Any
) -> None:
    second = Robot(peer, "r2")
    second.answers += [(Remind.Result.ACCEPTED, {})] * 2
    run_node(REMINDERS, home_dir=home_dir, robots="[r1, r2]")
    staff.waits_for(staff.add("call"), msg.Occurrence.CLOSED)
    first = Robot(peer, "r1")  # by name it would be asked before the other
    first.answers += [(Remind.Result.ACCEPTED, {})] * 2
    peer.until(lambda: peer.node.count_clients("/r1/remind/_action/send_goal"), "the node to know both")
    peer.spin_for(2.0)
    staff.waits_for(staff.add("visit"), msg.Occurrence.CLOSED)
    assert (len(first.goals), len(second.goals)) == (0, 2)
    profiles.facts["kenji"] = {"name.preferred": "Kenji"}
    staff.waits_for(staff.add("call", resident_id="kenji"), msg.Occurrence.CLOSED)
    assert (len(first.goals), len(second.goals)) == (1, 2)
    for each in (first, second):
        each.leave()
