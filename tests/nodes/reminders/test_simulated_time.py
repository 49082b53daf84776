"""On simulated time days pass in seconds, and each reminder is still given when it is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kith_msgs import msg, srv
from kith_msgs.action import Remind

from nodes.base import graph, times
from sim.home.rounds import Answer
from sim.home.timekeeper import TimeKeeper

MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)


def _routine(kind: str, hour: int) -> srv.AddRoutine.Request:
    start = times.to_msg(MORNING.replace(hour=hour))
    return srv.AddRoutine.Request(
        routine=msg.Routine(
            resident_id="hanna",
            kind=kind,
            title="x",
            start=start,
            rrule="FREQ=DAILY",
            window_s=1800,
            created_by="nurse",
        )
    )


def test_three_days_pass_at_once_and_nothing_is_late(
    run_node: Any, peer: Any, home_dir: Path, robot: Any, profiles: Any
) -> None:
    simulated = {"home_dir": home_dir, "use_sim_time": "true"}
    run_node("nodes.reminders.node", time_zone="UTC", **simulated)
    run_node("nodes.alerts.node", **simulated)
    keeper = TimeKeeper(
        peer.node,
        peer.executor,
        MORNING,
        lambda: frozenset({"/reminders", "/alerts"}),
        lambda _: Answer(len(robot.goals) + profiles.asked),
    )
    peer.until(lambda: peer.node.count_subscribers("/sim/time_step") == 2, "the nodes' ears for the time")
    keeper.run(MORNING + timedelta(seconds=1), lambda: False)
    robot.answers += [(Remind.Result.NO_ANSWER, {}), (Remind.Result.ACCEPTED, {"said": "coming"})] * 9
    heard = peer.listen(graph.OCCURRENCES)
    for kind, hour in (("call", 10), ("visit", 15), ("custom", 20)):
        assert peer.call(graph.ADD_ROUTINE, _routine(kind, hour)).success
    keeper.run(MORNING + timedelta(days=3))
    closed = {each.id for each in heard if each.state == msg.Occurrence.CLOSED}
    assert len(closed) == 9
    assert len(robot.goals) == 18
    assert not any(goal.late or goal.may_have_asked for goal in robot.goals)
    assert keeper.jumps < 9 * 25
