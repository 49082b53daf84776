"""The wireless link between the home and its robots, as a node: it passes on what goes to and fro, or, cut, nothing.

Robots and home are started with their peers' names remapped to those below `/link/<robot>`; they know nothing of it.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from action_msgs.msg import GoalStatusArray
from action_msgs.srv import CancelGoal
from kith_msgs.action import Remind
from rclpy.qos import QoSProfile, qos_profile_action_status_default
from std_msgs.msg import String

from nodes.base import graph, qos
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting

CUT = graph.Topic("/sim/link/cut", String, qos.STATE)
"""The names of the robots that are cut off now, with commas between them."""

_HOME_SERVICES = (graph.GET_SNAPSHOT, graph.SET_FACT, graph.REPORT_COPIES, graph.RAISE_ALERT)
_HOME_TOPICS = (graph.PROFILE_CHANGES, graph.OPEN_ALERTS)
_REMIND = "remind/_action"
_REMIND_SERVICES = (
    graph.Service(f"{_REMIND}/send_goal", Remind.Impl.SendGoalService),
    graph.Service(f"{_REMIND}/get_result", Remind.Impl.GetResultService),
    graph.Service(f"{_REMIND}/cancel_goal", CancelGoal),
)
_REMIND_TOPICS = (
    graph.Topic(f"{_REMIND}/feedback", Remind.Impl.FeedbackMessage, QoSProfile(depth=10)),
    graph.Topic(f"{_REMIND}/status", GoalStatusArray, qos_profile_action_status_default),
)


def robot_remaps(robot: str) -> list[str]:
    """For a robot's nodes: the home is behind the link."""
    return [f"{each.name}:=/link/{robot}{each.name}" for each in (*_HOME_SERVICES, *_HOME_TOPICS)]


def home_remaps(robots: tuple[str, ...]) -> list[str]:
    """For the home's nodes: the robots are behind the link."""
    names = [each.name for each in (*_REMIND_SERVICES, *_REMIND_TOPICS)]
    return [f"/{robot}/{name}:=/link/{robot}/{name}" for robot in robots for name in names]


@dataclass(frozen=True, kw_only=True)
class LinkSettings(Settings):
    """Whom it connects."""

    robots: list[str] = setting(["r1"], "Namespaces of the robots")  # noqa: RUF009 - a factory behind a typed face


class Link(KithNode[LinkSettings]):
    """Passes requests, answers and messages on, one by one, while a robot is not cut off."""

    name: ClassVar[str] = "link"
    settings_type: ClassVar[type[LinkSettings]] = LinkSettings

    def configure(self) -> None:
        """One relay for each service and topic of each robot."""
        self._cut: frozenset[str] = frozenset()
        self._again: dict[str, list[Callable[[], None]]] = {robot: [] for robot in self.settings.robots}
        self.subscription(CUT, self._on_cut)
        for robot in self.settings.robots:
            for service in _HOME_SERVICES:
                self._serve(robot, f"/link/{robot}{service.name}", service.name, service.type)
            for service in _REMIND_SERVICES:
                self._serve(robot, f"/link/{robot}/{service.name}", f"/{robot}/{service.name}", service.type)
            for topic in _HOME_TOPICS:
                self._pass_on(robot, topic.name, f"/link/{robot}{topic.name}", topic)
            for topic in _REMIND_TOPICS:
                self._pass_on(robot, f"/{robot}/{topic.name}", f"/link/{robot}/{topic.name}", topic)

    def _on_cut(self, message: String) -> None:
        cut = frozenset(message.data.split(",")) - {""}
        back, self._cut = self._cut - cut, cut
        for robot in back:
            for send in self._again[robot]:
                send()

    def _serve(self, robot: str, name: str, to: str, kind: Any) -> None:
        client = self.client(graph.Service(to, kind))
        waiting: list[Any] = []

        def take(request: Any, response: Any) -> Any:
            waiting.append(request)
            return response

        service = self.service(graph.Service(name, kind), take)
        answer_to = service.send_response

        def ask(_: Any, header: Any) -> None:
            """Instead of answering at once: the answer comes from beyond the link, or never."""
            request = waiting.pop()
            if robot in self._cut or not client.service_is_ready():
                return
            asked = client.call_async(request)
            asked.add_done_callback(lambda done: None if robot in self._cut else answer_to(done.result(), header))

        service.send_response = ask

    def _pass_on(self, robot: str, name: str, to: str, topic: graph.Topic) -> None:
        out = self.publisher(graph.Topic(to, topic.type, topic.qos))
        last: list[Any] = []

        def take(message: Any) -> None:
            last[:] = [message]
            if robot not in self._cut:
                out.publish(message)

        self.subscription(graph.Topic(name, topic.type, topic.qos), take)
        if topic.qos.durability == qos.STATE.durability:  # who comes back finds the newest
            self._again[robot].append(lambda: _publish(out, last))


def _publish(out: Any, messages: list[Any]) -> None:
    for message in messages:
        out.publish(message)


def main() -> int:
    """Run the link."""
    return run(Link)


if __name__ == "__main__":
    sys.exit(main())
