"""Asking a robot to give a reminder: one goal at a time per robot, followed until its result is known.

A result can be fetched by the goal's id alone, so a restarted reminders node still learns how its prompts ended, and a
robot that no longer knows the goal says so. A robot is knocked at first: the goal that a cut link swallows leaves
nobody knowing whether it was said.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from action_msgs.msg import GoalStatus
from kith_msgs.action import Remind

from behaviours.routines.occurrence import Occurrence, Outcome
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.reminder_messages import occurrence_to_msg
from nodes.reminders.pause import Pause
from nodes.reminders.store import Prompt

_ASK_AGAIN = (timedelta(seconds=10), timedelta(seconds=60))
_KNOCK_AGAIN = (timedelta(seconds=2), timedelta(seconds=60))
_ANSWERS_WITHIN = timedelta(seconds=1)
_NOBODYS_GOAL = bytes(16)
_NOT_SPOKEN = frozenset({Outcome.DECLINED, Outcome.NO_ANSWER})
"""Outcomes that follow from a prompt; without one they mean that the robot may not speak of it."""


def lease_name(robot: str) -> str:
    """How a robot is named in a lease: the one without a namespace still has to be somebody."""
    return robot or "robot"


@dataclass
class Errand:
    """A prompt under way. `ask`: when its result is asked for again."""

    prompt: Prompt
    resident_id: str
    ask: Pause
    sounded: bool | None = False  # None: not known, since another life of this node sent it
    handle: Any = None
    cancelled: bool = False


@dataclass
class _Knock:
    """Whether a robot answers: asked before it is sent anything."""

    resident_id: str
    until: datetime
    answered: Callable[[bool], None]


@dataclass
class _Robot:
    """A robot as this node sees it. `silent`: it did not answer, and when it is tried again."""

    client: Any
    there: bool = False
    knock: _Knock | None = None
    silent: Pause = field(default_factory=lambda: Pause(*_KNOCK_AGAIN))


@dataclass(frozen=True)
class Ending:
    """How a prompt ended. No outcome: `refused` before anything was said, otherwise nobody knows."""

    prompt: Prompt
    outcome: Outcome | None = None
    refused: bool = False
    later_s: int = 0
    said: str = ""
    sounded: bool = True
    said_so: bool = True
    not_spoken: bool = False


class Asking:
    """All robots of the home. `ended` is called on the node's thread, once for each prompt."""

    def __init__(
        self,
        node: KithNode[Any],
        robots: list[str],
        handle_of: Callable[[Any, Any], Any],
        ended: Callable[[Ending], None],
        sounding: Callable[[Prompt], None],
    ) -> None:
        self._node = node
        self._ended = ended
        self._sounding = sounding
        self._handle_of = handle_of
        self._robots = {
            lease_name(robot): _Robot(
                node.action_client(
                    graph.Action(f"/{robot}/{graph.REMIND.name}" if robot else graph.REMIND.name, graph.REMIND.type)
                )
            )
            for robot in robots
        }
        self._errands: dict[str, Errand] = {}

    # Which robot ----------------------------------------------------------------------------------------------------
    def free(self, resident_id: str, now: datetime, *, rather: str = "", nearest: str = "") -> str | None:
        """A robot that could say something to this resident now.

        `rather`: the one that had it before and knows what became of it; `nearest`: the one that was last with the
        resident, or in that place, and has the shortest way.
        """
        order = sorted(self._robots, key=lambda each: (each != rather, each != nearest))
        return next((name for name in order if self.is_free(name, resident_id, now)), None)

    def is_free(self, name: str, resident_id: str, now: datetime) -> bool:
        """Whether this robot could say something to this resident now."""
        if any(resident_id == errand.resident_id or name == errand.prompt.robot for errand in self._errands.values()):
            return False
        if any(each.knock is not None and each.knock.resident_id == resident_id for each in self._robots.values()):
            return False
        robot = self._robots[name]
        return robot.knock is None and robot.silent.over(now) and bool(robot.client.server_is_ready())

    def busy(self) -> bool:
        """Whether a robot that is there now will be free in a while, without anybody asking."""
        return bool(self._errands) or any(robot.knock is not None for robot in self._robots.values())

    def knock(self, name: str, resident_id: str, now: datetime, answered: Callable[[bool], None]) -> None:
        """Find out whether a free robot answers, and keep it for this resident meanwhile. Calls back once."""
        robot = self._robots[name]
        knock = robot.knock = _Knock(resident_id, now + _ANSWERS_WITHIN, answered)
        nobodys = Remind.Impl.SendGoalService.Request().goal_id
        nobodys.uuid = list(_NOBODYS_GOAL)
        future = self._handle_of(robot.client, nobodys).get_result_async()
        future.add_done_callback(lambda _: self._answered(robot, knock, there=True))

    def _answered(self, robot: _Robot, knock: _Knock, *, there: bool) -> None:
        if there:
            robot.silent.reset()
        if robot.knock is not knock:
            return
        robot.knock = None
        if not there:
            robot.silent.begin(knock.until)
        knock.answered(there)

    def look_around(self) -> dict[str, bool]:
        """For every robot, whether its reminding part is absent; one that has come back is asked at once."""
        absent = {}
        for name, robot in self._robots.items():
            there = robot.client.server_is_ready()
            if there and not robot.there:
                robot.silent.reset()
                for errand in self._errands.values():
                    if errand.prompt.robot == name:
                        errand.ask.reset()
            robot.there = there
            absent[name] = not there
        return absent

    # Prompts --------------------------------------------------------------------------------------------------------
    def under_way(self, occurrence_id: str) -> bool:
        """Whether a prompt of this occurrence has no ending yet."""
        return any(errand.prompt.occurrence_id == occurrence_id for errand in self._errands.values())

    def send(self, prompt: Prompt, occurrence: Occurrence, now: datetime) -> None:
        """Ask the robot named in the prompt."""
        errand = Errand(prompt, occurrence.resident_id, Pause(*_ASK_AGAIN))
        errand.ask.begin(now)
        self._errands[prompt.goal_id] = errand
        goal = Remind.Goal(
            occurrence=occurrence_to_msg(occurrence),
            wording=f"reminder.{occurrence.kind}",
            may_have_asked=prompt.may_have_asked,
            late=prompt.late,
            lost_goal=occurrence.lost_goal,
            lost_robot=occurrence.lost_robot,
        )
        client = self._robots[prompt.robot].client
        future = client.send_goal_async(goal, lambda feedback: self._on_feedback(errand, feedback), self._id(errand))
        future.add_done_callback(lambda done: self._on_accepted(errand, done.result()))

    def resume(self, prompt: Prompt, resident_id: str) -> None:
        """Follow a prompt that an earlier life of this node sent."""
        if prompt.robot in self._robots:
            self._errands[prompt.goal_id] = Errand(prompt, resident_id, Pause(*_ASK_AGAIN), sounded=None)

    def turn(self, now: datetime, take_back_before: timedelta) -> None:
        """Ask for results that are long in coming, take back what nears the end of its lease."""
        for robot in self._robots.values():
            if robot.knock is not None and now >= robot.knock.until:
                self._answered(robot, robot.knock, there=False)
        for errand in list(self._errands.values()):
            if errand.prompt.lease_until - take_back_before <= now:
                self._cancel(errand)
            if errand.ask.over(now):
                errand.ask.begin(now)
                if self._robots[errand.prompt.robot].client.server_is_ready():
                    self._follow(errand)

    def next_due(self, take_back_before: timedelta) -> datetime | None:
        """When `turn` has something to do next."""
        times = [robot.knock.until for robot in self._robots.values() if robot.knock is not None]
        for errand in self._errands.values():
            times.append(errand.ask.until)
            if not errand.cancelled:
                times.append(errand.prompt.lease_until - take_back_before)
        return min(times, default=None)

    def next_try(self, now: datetime) -> datetime | None:
        """When a robot that did not answer is worth another try."""
        return min((robot.silent.until for robot in self._robots.values() if not robot.silent.over(now)), default=None)

    def cancel(self, *, resident_id: str = "", occurrence_id: str = "") -> None:
        """Take back what is under way for a resident, or for one occurrence."""
        for errand in self._errands.values():
            if resident_id == errand.resident_id or occurrence_id == errand.prompt.occurrence_id:
                self._cancel(errand)

    def drop(self, occurrence_id: str) -> None:
        """Take it back and wait for no ending: its lease is over."""
        self.cancel(occurrence_id=occurrence_id)
        for goal_id in [key for key, errand in self._errands.items() if errand.prompt.occurrence_id == occurrence_id]:
            del self._errands[goal_id]

    def _cancel(self, errand: Errand) -> None:
        if not errand.cancelled:
            errand.cancelled = True
            (errand.handle or self._known_handle(errand)).cancel_goal_async()

    def _id(self, errand: Errand) -> Any:
        made = Remind.Impl.SendGoalService.Request().goal_id
        made.uuid = list(uuid.UUID(errand.prompt.goal_id).bytes)
        return made

    def _known_handle(self, errand: Errand) -> Any:
        return self._handle_of(self._robots[errand.prompt.robot].client, self._id(errand))

    def _on_feedback(self, errand: Errand, feedback: Any) -> None:
        if feedback.feedback.state == Remind.Feedback.PROMPTED and not errand.sounded:
            errand.sounded = True
            self._sounding(errand.prompt)

    def _on_accepted(self, errand: Errand, handle: Any) -> None:
        if errand.prompt.goal_id not in self._errands:
            return
        if not handle.accepted:
            self._end(errand, Ending(errand.prompt, refused=True))
            return
        errand.handle = handle
        self._follow(errand)
        if errand.cancelled:
            handle.cancel_goal_async()

    def _follow(self, errand: Errand) -> None:
        future = (errand.handle or self._known_handle(errand)).get_result_async()
        future.add_done_callback(lambda done: self._on_result(errand, done.result()))

    def _on_result(self, errand: Errand, answer: Any) -> None:
        result = answer.result
        sounded = errand.sounded is not False or result.prompted
        if answer.status == GoalStatus.STATUS_UNKNOWN:
            ending = Ending(errand.prompt)
        elif result.outcome:
            prompted = result.prompted or bool(errand.sounded)
            ending = Ending(
                errand.prompt,
                Outcome(result.outcome),
                later_s=result.later_s,
                said=result.said,
                sounded=prompted,
                said_so=result.may_have_asked,
                not_spoken=not prompted and result.outcome in _NOT_SPOKEN,
            )
        elif answer.status == GoalStatus.STATUS_CANCELED:
            # Taken back half-way: what was heard was not answered.
            ending = Ending(
                errand.prompt, Outcome.NO_ANSWER if sounded else Outcome.INTERRUPTED, sounded=sounded, said="taken back"
            )
        else:
            ending = Ending(errand.prompt) if sounded else Ending(errand.prompt, refused=True)
        self._end(errand, ending)

    def _end(self, errand: Errand, ending: Ending) -> None:
        if self._errands.pop(errand.prompt.goal_id, None) is not None:
            self._robots[errand.prompt.robot].silent.reset()
            self._ended(ending)
