"""A robot goes to the resident, notes what it asks before it sounds, and after a crash tells what became of it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from kith_msgs.action import Approach, Remind
from kith_msgs.msg import Occurrence
from rclpy.action import ActionClient, ActionServer

from nodes.base import graph, times

R = Remind.Result
MAY_HAVE_ASKED = "asked you already"


class Home:
    """Sends reminders as the reminders node does, under goal ids of its own."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.feedback: list[int] = []
        self._client = ActionClient(peer.node, Remind, graph.REMIND.name)

    def ask(self, *, lease_s: float = 120.0, **more: Any) -> tuple[str, Any]:
        self.peer.until(self._client.server_is_ready, "the remind action")
        now = datetime.now(UTC)
        occurrence = Occurrence(
            id="o1", resident_id="hanna", kind="activity", title="bingo", robot="robot", due=times.to_msg(now),
            window_end=times.to_msg(now + timedelta(hours=1)),
            lease_until=times.to_msg(now + timedelta(seconds=lease_s)),
        )  # fmt: skip
        goal = Remind.Goal(occurrence=occurrence, wording="reminder.activity", **more)
        for _ in range(20):  # a machine under load takes long to start the next
            goal_id = uuid.uuid4()
            message = Remind.Impl.SendGoalService.Request().goal_id
            message.uuid = list(goal_id.bytes)
            sent = self._client.send_goal_async(
                goal, lambda each: self.feedback.append(each.feedback.state), goal_uuid=message
            )
            try:
                self.peer.until(sent.done, "the goal to be answered", within_s=3.0)
            except AssertionError:
                continue  # it went to a process that was just killed
            return goal_id.hex, sent.result().get_result_async()
        raise AssertionError("nobody takes the reminder")


def _lost(goal_id: str, robot: str = "robot") -> dict[str, Any]:
    return {"may_have_asked": True, "lost_goal": goal_id, "lost_robot": robot}


def _agreed(room: Any, result: Any, answer: str = "Yes, I'm coming.") -> Any:
    """Answer, and hear the last word on it."""
    before = len(room.said)
    room.say(answer)
    ended = room.outcome(result)
    room.peer.until(lambda: len(room.said) > before, "a last word")
    return ended


def test_killed_after_the_sound_it_says_that_it_may_have_asked(
    dialogue: Callable[..., Any], room: Any, peer: Any
) -> None:
    node = dialogue(come_back_s=2.0)
    home = Home(peer)
    room.enter("hanna")
    goal_id, _ = home.ask()
    room.hear("bingo")
    peer.until(lambda: Remind.Feedback.LISTENING in home.feedback, "the robot to listen")
    assert home.feedback.index(Remind.Feedback.PROMPTED) < home.feedback.index(Remind.Feedback.LISTENING)
    node.kill()
    room.said.clear()
    node.start()
    _, again = home.ask(**_lost(goal_id))
    assert MAY_HAVE_ASKED in room.hear("bingo").text
    ended = _agreed(room, again)
    assert (ended.outcome, ended.prompted, ended.may_have_asked) == (R.ACCEPTED, True, True)


def test_killed_before_the_sound_it_asks_as_for_the_first_time(
    dialogue: Callable[..., Any], room: Any, peer: Any
) -> None:
    node = dialogue(come_back_s=2.0)
    home = Home(peer)
    room.enter("hanna")
    for which in ("never came", "came, and the robot died on its way"):
        lost = uuid.uuid4().hex
        if which != "never came":
            room.leave("hanna")
            lost, _ = home.ask()
            node.kill()
            node.start()
            room.enter("hanna")
        room.said.clear()
        _, again = home.ask(**_lost(lost))
        assert MAY_HAVE_ASKED not in room.hear("bingo").text
        ended = _agreed(room, again)
        assert (ended.outcome, ended.prompted, ended.may_have_asked) == (R.ACCEPTED, True, False), which


def test_what_was_answered_while_the_link_was_cut_is_told_and_not_asked_again(
    dialogue: Callable[..., Any], room: Any, peer: Any
) -> None:
    node = dialogue(come_back_s=2.0)
    home = Home(peer)
    room.enter("hanna")
    goal_id, first = home.ask()
    room.hear("bingo")
    peer.until(lambda: Remind.Feedback.LISTENING in home.feedback, "the robot to listen")
    assert _agreed(room, first, "No, thank you.").outcome == R.DECLINED
    node.kill()
    node.start()
    room.said.clear()
    _, again = home.ask(**_lost(goal_id))
    ended = room.outcome(again)
    assert (ended.outcome, ended.prompted, ended.may_have_asked) == (R.DECLINED, True, False)
    assert not [text for text in room.texts() if "bingo" in text]


def test_what_another_robot_may_have_asked_is_said(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    dialogue(come_back_s=2.0)
    room.enter("hanna")
    Home(peer).ask(**_lost(uuid.uuid4().hex, "r2"))
    assert MAY_HAVE_ASKED in room.hear("bingo").text


def test_nothing_is_said_when_the_lease_is_as_good_as_over(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    dialogue(come_back_s=2.0)
    room.enter("hanna")
    _, result = Home(peer).ask(lease_s=10.0)
    ended = room.outcome(result)
    assert (ended.outcome, ended.prompted) == (R.INTERRUPTED, False)
    assert "bingo" not in " ".join(room.texts())


def test_it_goes_to_a_resident_who_is_elsewhere(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    came: list[str] = []

    def come(goal: Any) -> Any:
        came.append(goal.request.person_id)
        room.enter(goal.request.person_id)
        goal.succeed()
        return Approach.Result(success=True)

    server = ActionServer(peer.node, Approach, graph.APPROACH.name, come)
    dialogue(come_back_s=1.0)
    home = Home(peer)
    peer.until(lambda: peer.node.get_node_names().count("dialogue"), "the robot's mind")
    _, result = home.ask()
    room.hear("bingo")
    assert _agreed(room, result).outcome == R.ACCEPTED
    assert (came, Remind.Feedback.APPROACHING in home.feedback) == (["hanna"], True)
    server.destroy()
