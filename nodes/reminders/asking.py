"""Asking a robot to give a reminder: one goal at a time per robot, followed until its result is known.

A result can be fetched by the goal's id alone, so a restarted reminders node still learns how its prompts ended, and a
robot that no longer knows the goal says so within seconds.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from action_msgs.msg import GoalStatus
from kith_msgs import msg
from kith_msgs.action import Remind

from behaviours.routines.occurrence import Outcome
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.reminders.store import Prompt

_ASK_AGAIN_AFTER_S = 5.0


def lease_name(robot: str) -> str:
    """How a robot is named in a lease: the one without a namespace still has to be somebody."""
    return robot or "robot"


@dataclass
class Errand:
    """A prompt under way."""

    prompt: Prompt
    resident_id: str
    asked_at: float  # steady seconds: when its result was last asked for
    sounded: bool | None = False  # None: not known, since another life of this node sent it
    handle: Any = None
    cancelled: bool = False


@dataclass(frozen=True)
class Ending:
    """How a prompt ended. No outcome: `refused` before anything was said, otherwise nobody knows."""

    prompt: Prompt
    outcome: Outcome | None = None
    refused: bool = False
    later_s: int = 0
    said: str = ""
    sounded: bool = True


class Asking:
    """All robots of the home. `ended` is called on the node's thread, once for each prompt."""

    def __init__(
        self,
        node: KithNode[Any],
        robots: list[str],
        handle_of: Callable[[Any, Any], Any],
        ended: Callable[[Ending], None],
    ) -> None:
        self._node = node
        self._ended = ended
        self._handle_of = handle_of
        self._clients = {
            lease_name(robot): node.action_client(
                graph.Action(f"/{robot}/{graph.REMIND.name}" if robot else graph.REMIND.name, graph.REMIND.type)
            )
            for robot in robots
        }
        self._errands: dict[str, Errand] = {}

    def free(self, resident_id: str) -> str | None:
        """A robot that could say something to this resident now."""
        if any(errand.resident_id == resident_id for errand in self._errands.values()):
            return None
        busy = {errand.prompt.robot for errand in self._errands.values()}
        for robot, client in self._clients.items():
            if robot not in busy and client.server_is_ready():
                return robot
        return None

    def missing(self) -> dict[str, bool]:
        """For every robot, whether its reminding part is absent."""
        return {robot: not client.server_is_ready() for robot, client in self._clients.items()}

    def under_way(self, occurrence_id: str) -> bool:
        """Whether a prompt of this occurrence has no ending yet."""
        return any(errand.prompt.occurrence_id == occurrence_id for errand in self._errands.values())

    def send(self, prompt: Prompt, resident_id: str, occurrence: msg.Occurrence) -> None:
        """Ask the robot named in the prompt."""
        errand = Errand(prompt, resident_id, self._node.steady_s())
        self._errands[prompt.goal_id] = errand
        goal = Remind.Goal(
            occurrence=occurrence,
            wording=f"reminder.{occurrence.kind}",
            may_have_asked=prompt.may_have_asked,
            late=prompt.late,
        )
        client = self._clients[prompt.robot]
        future = client.send_goal_async(goal, lambda feedback: self._on_feedback(errand, feedback), self._id(errand))
        future.add_done_callback(lambda done: self._on_accepted(errand, done.result()))

    def resume(self, prompt: Prompt, resident_id: str) -> None:
        """Follow a prompt that an earlier life of this node sent."""
        if prompt.robot in self._clients:
            self._errands[prompt.goal_id] = Errand(prompt, resident_id, float("-inf"), sounded=None)

    def ask_again(self) -> None:
        """Ask for results that are long in coming; call every second or so."""
        now = self._node.steady_s()
        for errand in list(self._errands.values()):
            if now - errand.asked_at >= _ASK_AGAIN_AFTER_S and self._clients[errand.prompt.robot].server_is_ready():
                self._follow(errand)

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
        return self._handle_of(self._clients[errand.prompt.robot], self._id(errand))

    def _on_feedback(self, errand: Errand, feedback: Any) -> None:
        if feedback.feedback.state in (Remind.Feedback.PROMPTED, Remind.Feedback.LISTENING):
            errand.sounded = True

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
        errand.asked_at = self._node.steady_s()
        future = (errand.handle or self._known_handle(errand)).get_result_async()
        future.add_done_callback(lambda done: self._on_result(errand, done.result()))

    def _on_result(self, errand: Errand, answer: Any) -> None:
        result = answer.result
        sounded = errand.sounded is not False
        if answer.status == GoalStatus.STATUS_UNKNOWN:
            ending = Ending(errand.prompt)
        elif result.outcome:
            ending = Ending(
                errand.prompt,
                Outcome(result.outcome),
                later_s=result.later_s,
                said=result.said,
                sounded=sounded and errand.sounded is not None,
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
            self._ended(ending)
