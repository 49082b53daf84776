"""The motion node: gestures, travel to a pose, coming near a person. Velocities go to safety, never to the wheels."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import Twist, Vector3
from kith_msgs.action import Approach, Gesture, GoTo
from nav_msgs.msg import Odometry
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future
from sensor_msgs.msg import JointState

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.motion import gestures
from nodes.motion.drive import Drive, Manner, Pose

_RATE_HZ = 20.0
_ODOM_GOOD_FOR_S = 0.5
_FEEDBACK_EVERY = 2  # steps


@dataclass(frozen=True, kw_only=True)
class MotionSettings(Settings):
    """What the motion node can be told."""

    joints: list[str] = setting([""], "Names of the body's joints; none for a body that has no arms")  # noqa: RUF009
    odom_frame: str = setting("odom", "Frame of the body's odometry (REP-105)")
    speed: float = setting(0.35, "Usual speed of travel, m/s", low=0.05, high=1.0)
    turn: float = setting(0.8, "Usual speed of turning, rad/s", low=0.1, high=2.0)
    give_up_after_s: float = setting(
        8.0, "Give a journey up after so many seconds without coming nearer", low=1.0, high=120.0
    )


@dataclass
class _Task:
    """A goal under way: called at 20 Hz with the seconds since the last call, until it returns how it ended."""

    handle: Any
    step: Callable[[float], tuple[bool, str] | None]
    done: Future
    stopped: Callable[[], None]


class MotionNode(KithNode[MotionSettings]):
    """One journey and one gesture at a time; a new one takes over from the old."""

    name = "motion"
    settings_type = MotionSettings

    def configure(self) -> None:
        """Offer the actions."""
        self._joints = frozenset(self.settings.joints) - {""}
        self._here: tuple[Pose, float] | None = None
        self._journey: _Task | None = None
        self._gesturing: _Task | None = None
        self._stepped_at = self.steady_s()
        self._velocity = self.publisher(graph.CMD_VEL_REQUEST)
        self._targets = self.publisher(graph.JOINT_TARGETS) if self._joints else None
        self.subscription(graph.ODOM, self._on_odom)
        allow: dict[str, Any] = {
            "goal_callback": lambda _: GoalResponse.ACCEPT if self.active else GoalResponse.REJECT,
            "cancel_callback": lambda _: CancelResponse.ACCEPT,
        }
        self.action_server(graph.GESTURE, self._gesture, **allow)
        self.action_server(graph.GO_TO, self._go_to, **allow)
        self.action_server(graph.APPROACH, self._approach, **allow)
        self._stepping = self.every(1.0 / _RATE_HZ, self._step, steady=True)

    def deactivate(self) -> None:
        """Stand still, and say so to whoever waits."""
        for task in (self._journey, self._gesturing):
            if task is not None:
                self._end(task, False, "motion is stopping")

    def _on_odom(self, odom: Odometry) -> None:
        position, turn = odom.pose.pose.position, odom.pose.pose.orientation
        pose = Pose.from_quaternion(position.x, position.y, (turn.x, turn.y, turn.z, turn.w))
        if pose.finite:
            self._here = (pose, self.steady_s())

    def _fresh_pose(self) -> Pose | None:
        if self._here is None or self.steady_s() - self._here[1] > _ODOM_GOOD_FOR_S:
            return None
        return self._here[0]

    # Steps ----------------------------------------------------------------------------------------------------------
    def _begin_steps(self) -> None:
        if self._stepping.is_canceled():
            self._stepped_at = self.steady_s()
            self._stepping.reset()

    def _step(self) -> None:
        if self._journey is None and self._gesturing is None:
            self._stepping.cancel()  # an idle robot costs nothing
            return
        now = self.steady_s()
        elapsed_s, self._stepped_at = now - self._stepped_at, now
        for task in (self._journey, self._gesturing):
            if task is None:
                continue
            if task.handle.is_cancel_requested:
                self._end(task, False, "cancelled")
                continue
            ended = task.step(min(elapsed_s, 0.2))
            if ended is not None:
                self._end(task, *ended)

    def _end(self, task: _Task, success: bool, message: str) -> None:
        if self._journey is task:
            self._journey = None
        if self._gesturing is task:
            self._gesturing = None
        task.stopped()
        if not task.done.done():
            task.done.set_result((success, message))

    def _stand(self) -> None:
        self._velocity.publish(Twist())

    @staticmethod
    def _finish(handle: Any, success: bool) -> None:
        if handle.is_cancel_requested:
            handle.canceled()
        elif success:
            handle.succeed()
        else:
            handle.abort()

    # Gestures -------------------------------------------------------------------------------------------------------
    async def _gesture(self, handle: Any) -> Any:
        try:
            gesture = gestures.gesture_for(handle.request.name, self._joints)
        except KithError as problem:
            handle.abort()
            return Gesture.Result(success=False, message=str(problem))
        length_s = gesture.stretched(handle.request.duration_s)
        played_s, steps = 0.0, 0

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal played_s, steps
            played_s, steps = min(played_s + elapsed_s, length_s), steps + 1
            share = played_s / length_s
            self._move_joints(gesture.at(share * gesture.duration_s))
            if steps % _FEEDBACK_EVERY == 0 or share >= 1.0:
                handle.publish_feedback(Gesture.Feedback(progress=share))
            return (True, "") if share >= 1.0 else None

        if self._gesturing is not None:
            self._end(self._gesturing, False, "another gesture took over")
        rest = gesture.at(0.0)
        self._gesturing = task = _Task(handle, step, Future(executor=self.executor), lambda: self._move_joints(rest))
        self._begin_steps()
        success, message = await task.done
        self._finish(handle, success)
        return Gesture.Result(success=success, message=message)

    def _move_joints(self, angles: dict[str, float]) -> None:
        own = {joint: angle for joint, angle in angles.items() if joint in self._joints}
        message = JointState(name=list(own), position=list(own.values()))
        message.header.stamp = times.to_msg(self.now())
        assert self._targets is not None, "a gesture needs joints"
        self._targets.publish(message)

    # Travel ---------------------------------------------------------------------------------------------------------
    def _goal(self, request: Any) -> Pose:
        """Where a GoTo goal wants to be. Errors: KithError."""
        if request.place:
            raise KithError("that place is not known: no floor plan is installed")
        frame = request.pose.header.frame_id
        if frame != self.settings.odom_frame:
            raise KithError(f"the pose must be given in the frame {self.settings.odom_frame}")
        position, turn = request.pose.pose.position, request.pose.pose.orientation
        goal = Pose.from_quaternion(position.x, position.y, (turn.x, turn.y, turn.z, turn.w))
        if not goal.finite:
            raise KithError("the pose is not made of numbers")
        if self._fresh_pose() is None:
            raise KithError("where the robot is cannot be told: its body sends no odometry")
        return goal

    async def _go_to(self, handle: Any) -> Any:
        try:
            goal = self._goal(handle.request)
        except KithError as problem:
            handle.abort()
            return GoTo.Result(success=False, message=str(problem))
        drive = Drive(
            goal,
            Manner(speed=self.settings.speed, turn=self.settings.turn),
            give_up_after_s=self.settings.give_up_after_s,
        )
        steps = 0

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal steps
            here = self._fresh_pose()
            if here is None:
                return False, "the body's odometry stopped"
            wanted = drive.step(here, elapsed_s)
            steps += 1
            if steps % _FEEDBACK_EVERY == 0 or wanted is None:
                handle.publish_feedback(GoTo.Feedback(remaining_m=drive.remaining_m(here)))
            if wanted is None:
                return True, ""
            if drive.stuck:
                return False, "the robot comes no nearer: something may be in the way"
            self._velocity.publish(Twist(linear=Vector3(x=wanted[0]), angular=Vector3(z=wanted[1])))
            return None

        if self._journey is not None:
            self._end(self._journey, False, "another journey took over")
        self._journey = task = _Task(handle, step, Future(executor=self.executor), self._stand)
        self._begin_steps()
        success, message = await task.done
        self._finish(handle, success)
        return GoTo.Result(success=success, message=message)

    async def _approach(self, handle: Any) -> Any:
        handle.abort()
        return Approach.Result(success=False, message="where that person is, is not known: nobody was approached")


def main() -> int:
    """Run the motion node."""
    return run(MotionNode)


if __name__ == "__main__":
    sys.exit(main())
