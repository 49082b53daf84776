"""A goal that somebody else carries out: Nav2's journey, the base's own docking. Everything happens on the executor."""

from collections.abc import Callable
from typing import Any

from action_msgs.msg import GoalStatus
from rclpy.action import ActionClient
from rclpy.task import Future


class Asked:
    """Asked for when it is made; look at `over` from time to time."""

    def __init__(self, client: ActionClient, goal: Any, feedback: Callable[[Any], None] | None = None) -> None:
        """`client`: of an action whose server is ready."""
        self._client = client
        self._handle: Any = None
        self._taken_back = False
        self.refused = False
        self.answer: Any = None
        """Status and result, once it has ended."""
        client.send_goal_async(goal, feedback).add_done_callback(self._on_goal)

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.refused or self.answer is not None or not self._client.server_is_ready()

    @property
    def succeeded(self) -> bool:
        """Whether it was carried out."""
        return self.answer is not None and self.answer.status == GoalStatus.STATUS_SUCCEEDED

    def take_back(self) -> None:
        """It is not wanted any more."""
        self._taken_back = True
        if self._handle is not None and self.answer is None:
            self._handle.cancel_goal_async()

    def _on_goal(self, done: Future) -> None:
        handle = done.result()
        if handle is None or not handle.accepted:
            self.refused = True
            return
        self._handle = handle
        handle.get_result_async().add_done_callback(self._on_result)
        if self._taken_back:
            handle.cancel_goal_async()

    def _on_result(self, done: Future) -> None:
        self.answer = done.result()
        self.refused = self.answer is None
