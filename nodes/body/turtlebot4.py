"""A TurtleBot 4 (on an iRobot Create 3) as a body: a generic base with bumpers, cliff sensors and a dock."""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from irobot_create_msgs.msg import DockStatus, HazardDetection, HazardDetectionVector
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future

from nodes.base import graph, qos
from nodes.base.run import run
from nodes.base.settings import setting
from nodes.body.contact import Contact
from nodes.body.plugged import PluggedBody, PluggedSettings

_FELT = {HazardDetection.BUMP, HazardDetection.STALL}
_NO_FLOOR = {HazardDetection.CLIFF, HazardDetection.WHEEL_DROP}


@dataclass(frozen=True, kw_only=True)
class TurtleBot4Settings(PluggedSettings):
    """The robot's own names for its parts. A microphone and a loudspeaker are plugged in."""

    image_topic: str = setting("oakd/rgb/preview/image_raw", "The robot's camera; empty: none")
    camera_info_topic: str = setting("oakd/rgb/preview/camera_info", "The measures of the robot's camera")
    hazard_topic: str = setting("hazard_detection", "What the base notices: bumps, cliffs, lifted wheels")
    dock_status_topic: str = setting("dock_status", "Whether the base is on its dock")
    laser_pose: str = setting(
        "-0.04 0 0.19 0 0 1.5708", "Laser scanner in base_link: x y z in m, roll pitch yaw in rad"
    )
    camera_pose: str = setting("-0.06 0 0.24 0 0 0", "Camera in base_link, looking along its x: as laser_pose")
    microphone_pose: str = setting("0 0 0.3 0 0 0", "Microphone in base_link: as laser_pose")


class TurtleBot4Body(PluggedBody[TurtleBot4Settings]):
    """Docking is the base's own action; it is handed through, and no velocity is while it runs."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[TurtleBot4Settings]] = TurtleBot4Settings

    def configure(self) -> None:
        """The driver's topics, the dock, and the sound devices."""
        super().configure()
        given = self.settings
        self._bumper = Contact(self, graph.BUMPER)
        self._cliff = Contact(self, graph.CLIFF)
        self.subscription(
            graph.Topic(self.theirs(given.hazard_topic), HazardDetectionVector, qos.SENSOR), self._on_hazards
        )
        self.subscription(graph.Topic(self.theirs(given.dock_status_topic), DockStatus, qos.SENSOR), self._on_dock)
        self._docked = False
        self._under_way: _UnderWay | None = None
        self.every(0.2, self._watch_docking, steady=True)
        for own in (graph.DOCK, graph.UNDOCK):
            theirs = self.action_client(graph.Action(self.theirs(own.name), own.type))
            self.action_server(
                own,
                self._hand_through(own, theirs),
                goal_callback=lambda _, theirs=theirs: (
                    GoalResponse.ACCEPT if self.active and theirs.server_is_ready() else GoalResponse.REJECT
                ),
                cancel_callback=lambda _: CancelResponse.ACCEPT,
            )

    def _on_hazards(self, message: HazardDetectionVector) -> None:
        seen = {each.type for each in message.detections}
        self._bumper.feel("base", bool(seen & _FELT))
        if self._cliff.feel("base", bool(seen & _NO_FLOOR)) and self._cliff.touched:
            self.drive.stand()

    def _on_dock(self, message: DockStatus) -> None:
        self._docked = message.is_docked
        self.health.values["docked"] = str(self._docked).lower()

    def _hand_through(self, own: graph.Action, theirs: Any) -> Any:
        async def carry_out(goal: Any) -> Any:
            self.drive.stand()
            self._under_way = under_way = _UnderWay(goal, theirs, Future(executor=self.executor))
            theirs.send_goal_async(own.type.Goal()).add_done_callback(under_way.answered)
            done = await under_way.over
            result = done.result if done is not None else own.type.Result(is_docked=self._docked)
            reached = done is not None and result.is_docked is (own is graph.DOCK)
            if goal.is_cancel_requested:
                goal.canceled()
            elif reached:
                goal.succeed()
            else:
                goal.abort()
            return result

        return carry_out

    def _watch_docking(self) -> None:
        if self._under_way is not None and self._under_way.watch():
            self._under_way = None


@dataclass
class _UnderWay:
    """A goal of ours that is a goal of the base's driver."""

    goal: Any
    theirs: Any
    over: Future
    handle: Any = None

    def answered(self, done: Future) -> None:
        """The driver takes the goal, or refuses it."""
        self.handle = done.result()
        if not self.handle.accepted:
            self._end(None)
            return
        self.handle.get_result_async().add_done_callback(lambda ended: self._end(ended.result()))

    def watch(self) -> bool:
        """Hand a cancellation on, and notice a driver that died under it; whether it is over."""
        if self.goal.is_cancel_requested and self.handle is not None:
            self.handle.cancel_goal_async()
        if not self.theirs.server_is_ready():
            self._end(None)
        return bool(self.over.done())

    def _end(self, result: Any) -> None:
        if not self.over.done():
            self.over.set_result(result)


def main() -> int:
    """Run the body."""
    return run(TurtleBot4Body)


if __name__ == "__main__":
    sys.exit(main())
