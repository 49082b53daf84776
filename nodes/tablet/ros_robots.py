"""The home's robots as the tablet finds them: each that speaks on /diagnostics is listened to, and can be asked."""

from dataclasses import replace
from typing import Any

from hri_msgs.msg import IdsMatch
from sensor_msgs.msg import BatteryState

from nodes.base import graph
from nodes.base.node import KithNode
from nodes.tablet.robots import RobotBoard
from nodes.tablet.view import ROBOT_NODES


class RosRobots:
    """On the node's thread."""

    def __init__(self, node: KithNode[Any], board: RobotBoard) -> None:
        self._node, self._board = node, board

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


def of_robot(robot: str, name: str) -> str:
    """The absolute name of a robot's own topic, service or action."""
    return f"/{robot}/{name}" if robot else f"/{name}"
