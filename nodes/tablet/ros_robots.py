"""The home's robots as the tablet finds them: each that speaks on /diagnostics is listened to, and can be asked."""

from dataclasses import replace
from typing import Any

from hri_msgs.msg import IdsMatch
from sensor_msgs.msg import BatteryState

from nodes.base import graph
from nodes.base.node import KithNode
from nodes.tablet.robots import RobotBoard
from nodes.tablet.view import ROBOT_NODES

INTRODUCED_S = 15 * 60.0
_RENEW_S = 10.0
_CONFIDENCE = 0.9
_SOURCE = "tablet"


class RosRobots:
    """On the node's thread."""

    def __init__(self, node: KithNode[Any], board: RobotBoard) -> None:
        self._node, self._board = node, board
        self._introduced: dict[str, tuple[str, float]] = {}
        """By robot: with whom staff said that it is, and until when (steady seconds)."""
        self._matches: dict[str, Any] = {}
        node.every(_RENEW_S, self._renew, steady=True)

    def on_diagnostics(self, array: Any) -> None:
        """A robot is whoever has a robot's nodes."""
        at = self._node.steady_s()
        for status in array.status:
            robot, _, short = status.name.strip("/").rpartition("/")
            if short in ROBOT_NODES:
                values = {each.key: each.value for each in status.values}
                if self._board.diagnosed(robot, short, values, at):
                    self._listen(robot)

    def _listen(self, robot: str) -> None:
        board, steady_s = self._board, self._node.steady_s

        def on_match(match: IdsMatch) -> None:
            sides = ((match.id1, match.id1_type), (match.id2, match.id2_type))
            for name, kind in sides:
                if kind == IdsMatch.PERSON and name and match.confidence > 0:
                    board.seen(robot, name, steady_s())
                elif kind == IdsMatch.PERSON and name and _SOURCE in (match.id1, match.id2):
                    board.left(robot, name, steady_s())  # staff said so

        def on_battery(state: BatteryState) -> None:
            charging = state.power_supply_status == BatteryState.POWER_SUPPLY_STATUS_CHARGING
            board.battery(robot, float(state.percentage), charging, steady_s())

        for topic, callback in (
            (graph.BATTERY_STATE, on_battery),
            (graph.FLOOR, lambda floor: board.floor(robot, floor.person_id, floor.speaking, steady_s())),
            (graph.CAPTIONS, lambda said: board.caption(robot, said.text, said.locale, steady_s())),
            (graph.CANDIDATE_MATCHES, on_match),
        ):
            self._node.subscription(replace(topic, name=of_robot(robot, topic.name)), callback)

    def introduce(self, robot: str, resident_id: str) -> None:
        """A signed-in carer says who is with a robot, which holds for a while; empty: nobody any more.

        One signal of one kind: public talk alone comes of it (care rule 21).
        """
        if robot in self._introduced:
            self._tell(robot, self._introduced.pop(robot)[0], 0.0)
        if resident_id:
            self._introduced[robot] = resident_id, self._node.steady_s() + INTRODUCED_S
            self._tell(robot, resident_id, _CONFIDENCE)

    def _renew(self) -> None:
        for robot, (resident_id, until) in list(self._introduced.items()):
            if self._node.steady_s() < until:
                self._tell(robot, resident_id, _CONFIDENCE)
            else:
                self.introduce(robot, "")

    def _tell(self, robot: str, resident_id: str, confidence: float) -> None:
        if robot not in self._matches:
            topic = replace(graph.CANDIDATE_MATCHES, name=of_robot(robot, graph.CANDIDATE_MATCHES.name))
            self._matches[robot] = self._node.publisher(topic)
        self._matches[robot].publish(
            IdsMatch(id1=resident_id, id1_type=IdsMatch.PERSON, id2=_SOURCE, confidence=confidence)
        )


def of_robot(robot: str, name: str) -> str:
    """The absolute name of a robot's own topic, service or action."""
    return f"/{robot}/{name}" if robot else f"/{name}"
