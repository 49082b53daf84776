"""Sentences that others ask the robot to say: the Say action of ROS4HRI."""

from collections.abc import Callable
from typing import Any

from communication_skills.action import Say
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future
from std_skills.msg import Result

from behaviours import acts
from behaviours.mind import Mind
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.dialogue.surroundings import Surroundings


class Saying:
    """Offers the action. `perform` does what the mind decides; `take_back` as `Voice.take_back`."""

    def __init__(
        self,
        node: KithNode[Any],
        mind: Mind,
        surroundings: Surroundings,
        perform: Callable[[list[acts.Act]], None],
        take_back: Callable[[str], bool],
    ) -> None:
        self._node, self._mind, self._surroundings = node, mind, surroundings
        self._perform, self._take_back = perform, take_back
        self._errands: dict[str, tuple[Any, Future]] = {}  # goal and its end, by utterance
        node.action_server(
            graph.SAY,
            self._say,
            goal_callback=lambda _: GoalResponse.ACCEPT if node.active else GoalResponse.REJECT,
            cancel_callback=self._on_cancel,
        )

    async def _say(self, goal: Any) -> Any:
        code = await self._said(goal)
        if goal.is_cancel_requested:
            goal.canceled()
            code = Result.ROS_ECANCELED
        elif code == Result.ROS_ENOERR:
            goal.succeed()
        else:
            goal.abort()
        return Say.Result(result=Result(error_code=code))

    async def _said(self, goal: Any) -> int:
        request, now = goal.request, self._node.now()
        if not request.input.strip():
            return int(Result.ROS_EBADMSG)
        person_id = request.person_id or self._surroundings.speaker(now).person_id
        decided = self._mind.say(request.input, person_id, now)
        said = next((each for each in decided if isinstance(each, acts.Speak)), None)
        if said is None:
            return int(Result.ROS_EINTR)
        over = Future(executor=self._node.executor)
        self._errands[said.id] = (goal, over)
        self._perform(decided)
        return int(await over)

    def spoken(self, utterance_id: str, finished: bool) -> None:
        """An utterance has ended, somebody's or not."""
        self._end(utterance_id, Result.ROS_ENOERR if finished else Result.ROS_EINTR)

    def end_all(self) -> None:
        """The robot stops: nobody is left waiting."""
        for utterance_id in list(self._errands):
            self._end(utterance_id, Result.ROS_EINTR)

    def _end(self, utterance_id: str, code: int) -> None:
        _, over = self._errands.pop(utterance_id, (None, None))
        if over is not None:
            over.set_result(code)

    def _on_cancel(self, goal: Any) -> CancelResponse:
        def cancel() -> None:
            for utterance_id, (theirs, _) in list(self._errands.items()):
                if theirs.goal_id == goal.goal_id and not self._take_back(utterance_id):
                    self._end(utterance_id, Result.ROS_ECANCELED)

        self._node.post(cancel)
        return CancelResponse.ACCEPT
