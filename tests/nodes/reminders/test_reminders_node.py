"""A reminder is asked for, answered, never lost by a crash, and ends in a person knowing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg, srv
from kith_msgs.action import Remind

from nodes.base import graph, times

O = msg.Occurrence  # noqa: E741 - the message's own constants are long enough
REMINDERS = "nodes.reminders.node"
ALERTS = "nodes.alerts.node"


def _states(staff: Any, routine_id: str) -> list[int]:
    return [one.state for one in staff.changes if one.routine_id == routine_id]


def test_a_yes_closes_a_call(run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    robot.answers.append((Remind.Result.ACCEPTED, {"said": "coming"}))
    routine = staff.add("call")
    closed = staff.waits_for(routine, O.CLOSED)
    assert (closed.closed_by, closed.said, closed.prompts, closed.uncertain) == ("resident", "coming", 1, False)
    goal = robot.goals[0]
    assert (goal.wording, goal.occurrence.title, goal.may_have_asked, goal.late) == (
        "reminder.call",
        "your daughter Ewa",
        False,
        False,
    )
    assert times.from_msg(goal.occurrence.lease_until) > datetime.now(UTC) + timedelta(seconds=60)
    peer.until(lambda: O.CLOSED in _states(staff, routine), "the published end")
    assert _states(staff, routine)[-5:] == [O.WAITING, O.APPROACHING, O.PROMPTING, O.ACCEPTED, O.CLOSED]


def test_later_comes_again_and_no_answer_goes_to_staff_and_a_person_closes_it(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    run_node(ALERTS, home_dir=home_dir)
    robot.answers += [(Remind.Result.LATER, {"later_s": 1}), (Remind.Result.NO_ANSWER, {})]
    routine = staff.add("call", window_s=181)  # too short for a second try after three minutes
    told = staff.waits_for(routine, O.TOLD_STAFF)
    assert told.prompts == 2
    assert [goal.may_have_asked for goal in robot.goals] == [False, False]
    open_alerts = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: open_alerts and open_alerts[-1].alerts, "the alert")
    alert = open_alerts[-1].alerts[0]
    assert (alert.kind, alert.resident_id, alert.level) == ("reminder", "hanna", msg.Alert.ATTEND)
    assert "no answer to 2 prompts" in alert.text
    assert "Ewa" not in alert.text
    # An alert that nobody has accepted closes nothing.
    assert staff.state(routine) == O.TOLD_STAFF
    accept = srv.AcceptAlert.Request(alert_id=alert.id, person="Anna", close=True)
    assert peer.call(graph.ACCEPT_ALERT, accept).success
    assert staff.waits_for(routine, O.CLOSED).closed_by == "Anna"


def test_staff_are_told_even_when_the_alerts_node_comes_late(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    node = run_node(REMINDERS, home_dir=home_dir)
    robot.answers.append((Remind.Result.DECLINED, {"said": "no"}))
    routine = staff.add("call")
    assert staff.waits_for(routine, O.CLOSED).closed_by == "resident"
    node.kill()  # what staff are to be told is on the disk
    run_node(ALERTS, home_dir=home_dir)
    node.start()
    open_alerts = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: open_alerts and open_alerts[-1].alerts, "the alert")
    assert "said no" in open_alerts[-1].alerts[0].text
    assert open_alerts[-1].alerts[0].level == msg.Alert.INFORM


def test_a_killed_home_still_learns_the_answer_and_asks_nobody_twice(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    node = run_node(REMINDERS, home_dir=home_dir)
    routine = staff.add("call")
    peer.until(lambda: robot.goals, "the prompt")
    node.kill()
    robot.answer(Remind.Result.ACCEPTED, said="coming")
    node.start()
    closed = staff.waits_for(routine, O.CLOSED)
    assert (closed.uncertain, closed.prompts, len(robot.goals)) == (False, 1, 1)


def test_a_killed_robot_gives_one_prompt_that_says_it_may_have_asked(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    routine = staff.add("call")
    peer.until(lambda: robot.goals, "the prompt")
    robot.leave()
    robot.answers.append((Remind.Result.ACCEPTED, {}))
    robot.arrive()  # a new life, which knows of no goal
    closed = staff.waits_for(routine, O.CLOSED)
    assert closed.uncertain
    assert [goal.may_have_asked for goal in robot.goals] == [False, True]


def test_both_killed_still_gives_exactly_one_more_prompt(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    node = run_node(REMINDERS, home_dir=home_dir, lease_s=8)
    routine = staff.add("call")
    peer.until(lambda: robot.goals, "the prompt")
    node.kill()
    robot.leave()
    node.start()
    assert staff.state(routine) in (
        O.APPROACHING,
        O.PROMPTING,
    )  # nobody asks within the lease of a robot that may still talk
    assert staff.waits_for(routine, O.WAITING).uncertain
    robot.answers.append((Remind.Result.ACCEPTED, {}))
    robot.arrive()
    assert staff.waits_for(routine, O.CLOSED).uncertain
    assert [goal.may_have_asked for goal in robot.goals] == [False, True]


def test_a_robot_that_knows_from_its_notes_what_became_of_a_prompt_leaves_nothing_uncertain(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    routine = staff.add("call")
    first = peer.until(lambda: robot.goals, "the prompt")[0]
    robot.leave()
    robot.answers.append((Remind.Result.ACCEPTED, {"may_have_asked": False}))
    robot.arrive()
    closed = staff.waits_for(routine, O.CLOSED)
    assert not closed.uncertain
    again = robot.goals[1]
    assert (again.may_have_asked, again.lost_robot, len(again.lost_goal)) == (True, first.occurrence.robot, 32)


def test_a_robot_that_was_asked_for_peace_leaves_it_to_staff(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    refused = {"prompted": False, "said": "not spoken: asked not to be spoken to"}
    robot.sounds = False
    robot.answers.append((Remind.Result.DECLINED, refused))
    told = staff.waits_for(staff.add("call"), O.TOLD_STAFF)
    assert (told.prompts, told.said, told.closed_by) == (0, refused["said"], "")


def test_the_robots_own_quiet_hours_and_the_tablet_leave_it_to_staff(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    shown = staff.add("visit", by="tablet", place="garden")
    assert staff.waits_for(shown, O.TOLD_STAFF).place == "garden"
    profiles.facts["hanna"]["rhythm.quiet"] = "20:00-13:00, 11:00-22:00"  # whatever the time, for two hours at least
    staff.waits_for(staff.add("call"), O.TOLD_STAFF)
    assert not robot.goals


def test_a_reminder_that_waited_for_a_robot_says_that_it_is_late(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    robot.answers.append((Remind.Result.ACCEPTED, {}))
    routine = staff.add("call", due_in_s=-90)
    staff.waits_for(routine, O.CLOSED)
    assert robot.goals[0].late


def test_a_state_of_life_stops_a_prompt_under_way(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    routine = staff.add("call")
    peer.until(lambda: robot.goals, "the prompt")
    owned = (O.APPROACHING, O.PROMPTING)
    profiles.tell("hanna", "state_of_life", "died")
    stopped = peer.until(lambda: next((one for one in staff.listed() if one.state not in owned), None), "an end")
    assert stopped.state in (O.NO_ANSWER, O.WAITING, O.MISSED)
    peer.spin_for(2.0)
    assert len(robot.goals) == 1
    assert routine


def test_staff_close_what_is_being_said(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any, staff: Any
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    staff.add("call")
    peer.until(lambda: robot.goals, "the prompt")
    occurrence = staff.listed()[0]
    request = srv.CloseOccurrence.Request(occurrence_id=occurrence.id, closed_by="Anna")
    assert peer.call(graph.CLOSE_OCCURRENCE, request).success
    assert staff.listed()[0].closed_by == "Anna"
    again = peer.call(graph.CLOSE_OCCURRENCE, request)
    assert (again.success, again.message) == (False, "it is closed already")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "BYMONTHDAY needs"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "never due"),
        ({"rrule": "FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(60)))}, "more than 48 times a day"),
        ({"resident_id": "nobody"}, "no such resident"),
        ({"resident_id": "Hanna Kowalska"}, "resident id"),
        ({"kind": "dance"}, "kind must be one of"),
        ({"title": ""}, "title is missing"),
        ({"start": times.to_msg(datetime(2020, 1, 1, tzinfo=UTC))}, "never due after now"),
        ({"rrule": "FREQ=HOURLY", "window_s": 7200}, "window is longer"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_line(
    run_node: Any, peer: Any, home_dir: Path, profiles: Any, fields: dict[str, Any], line: str
) -> None:
    run_node(REMINDERS, home_dir=home_dir)
    routine = msg.Routine(resident_id="hanna", kind="call", title="Ewa", created_by="nurse", window_s=3600)
    routine.start = times.to_msg(datetime.now(UTC) + timedelta(hours=1))
    for name, value in fields.items():
        setattr(routine, name, value)
    answer = peer.call(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=routine))
    assert not answer.success
    assert line in answer.message
    assert "\n" not in answer.message
