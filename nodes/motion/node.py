"""The motion node: gestures, travel, coming near a person. Velocities go to safety, never to the wheels."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from geometry_msgs.msg import Twist, Vector3
from hri_msgs.msg import Gesture as BodyGesture
from hri_msgs.msg import IdsMatch
from kith_msgs.action import Approach, Gesture, GoTo
from kith_msgs.msg import SafetyState
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import OccupancyGrid, Odometry
from rclpy.action import ActionClient, CancelResponse, GoalResponse
from rclpy.task import Future
from sensor_msgs.msg import BatteryState, JointState, LaserScan
from tf2_msgs.msg import TFMessage

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.pose import Pose
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.motion import approaching, gestures
from nodes.motion.asked import Asked
from nodes.motion.backing import BackingOff
from nodes.motion.docking import DOCK, Docking
from nodes.motion.drive import Drive, Manner
from nodes.motion.floor import Floor
from nodes.motion.joints import Joints
from nodes.motion.planner import Planner
from nodes.motion.surroundings import MAP, Surroundings
from nodes.motion.travelling import State, Traveller

_RATE_HZ = 20.0
_FEEDBACK_EVERY = 2  # steps
_HANDS = {BodyGesture.LEFT_HAND_RAISED, BodyGesture.RIGHT_HAND_RAISED, BodyGesture.BOTH_HANDS_RAISED}
_HALTED_FOR_S = 60.0
_LOST_S = 1.0
_MIND_SILENT_S, _MIND_GONE_S = 0.4, 5.0
_LISTENS_S = 2.0
"""So long after a journey began, where everybody is must have been heard."""
_ENDED = {
    approaching.Ended.ARRIVED: Approach.Result.ARRIVED,
    approaching.Ended.UNEASY: Approach.Result.UNEASY,
    approaching.Ended.NOT_FOUND: Approach.Result.NOT_FOUND,
    approaching.Ended.NO_WAY: Approach.Result.NO_WAY,
    approaching.Ended.NOT_ALLOWED: Approach.Result.NOT_ALLOWED,
}


@dataclass(frozen=True, kw_only=True)
class MotionSettings(Settings):
    """What the motion node can be told."""

    joints: list[str] = setting([""], "Names of the body's joints; none for a body that has no arms")  # noqa: RUF009
    odom_frame: str = setting("odom", "Frame of the body's odometry (REP-105)")
    speed: float = setting(0.4, "Usual speed of travel, m/s", low=0.05, high=1.0)
    turn: float = setting(0.8, "Usual speed of turning, rad/s", low=0.1, high=2.0)
    distance_m: float = setting(1.2, "Distance to a person who has no wish, m", low=0.75, high=3.0)
    low_battery: float = setting(0.15, "Below this charge it goes nowhere but to the dock", low=0.0, high=0.9)
    nav2: bool = setting(True, "Travel to places through Nav2 where its action navigate_to_pose is offered")
    give_up_after_s: float = setting(
        60.0, "Give a journey up after so many seconds without coming nearer", low=1.0, high=900.0
    )


def _nothing() -> None: ...


@dataclass
class _Task:
    """A goal under way: called at 20 Hz with the seconds since the last call, until it returns how it ended."""

    handle: Any
    step: Callable[[float], tuple[bool, str] | None]
    done: Future
    stopped: Callable[[], None]
    travels: bool = False
    held: Callable[[], None] = _nothing
    """Called while it must not move on."""
    ended: int = Approach.Result.STOPPED


class MotionNode(KithNode[MotionSettings]):
    """One journey and one gesture at a time; a new one takes over from the old."""

    name = "motion"
    settings_type = MotionSettings

    def configure(self) -> None:
        """Offer the actions."""
        self._joints = frozenset(self.settings.joints) - {""}
        self._around = Surroundings(self.settings.odom_frame)
        self._planner: Planner | None = None
        self._journey: _Task | None = None
        self._gesturing: _Task | None = None
        self._charge, self._charging, self._charge_told = 1.0, False, False
        self._halted, self._cause, self._halted_s, self._lost_s = "", "", 0.0, 0.0
        self._backing = BackingOff()
        self._watched = Joints()
        self._body_of: dict[str, str] = {}  # a person's body, as far as it has been told whose is whose
        self._hands: dict[str, Any] = {}
        self._listening: list[Any] = []
        self._stepped_at = self.steady_s()
        self._velocity = self.publisher(graph.CMD_VEL_REQUEST)
        self._targets = self.publisher(graph.JOINT_TARGETS) if self._joints else None
        self.subscription(graph.ODOM, self._on_odom)
        self.subscription(graph.BATTERY_STATE, self._on_battery)
        self.subscription(graph.SAFETY_STATE, self._on_safety)
        self._wanted_at: float | None = None
        self.subscription(graph.JOURNEY_WANTED, self._on_wanted)
        self.subscription(graph.MAP, self._on_map)
        self.subscription(graph.TF_STATIC, lambda message: self._on_frames(message, None))
        self.subscription(graph.CANDIDATE_MATCHES, self._on_match)
        self._nav2 = self.action_client(graph.NAVIGATE) if self.settings.nav2 else None
        self._dock, self._undock = self.action_client(graph.DOCK), self.action_client(graph.UNDOCK)
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

    # What is around -------------------------------------------------------------------------------------------------
    def _on_odom(self, odom: Odometry) -> None:
        position, turn = odom.pose.pose.position, odom.pose.pose.orientation
        self._around.odometry(
            Pose.from_quaternion(position.x, position.y, (turn.x, turn.y, turn.z, turn.w)), self.steady_s()
        )

    def _on_battery(self, message: BatteryState) -> None:
        self._charge_told = message.percentage == message.percentage  # what is not known is not a number
        self._charge = message.percentage if self._charge_told else 1.0
        self._charging = message.power_supply_status in (
            BatteryState.POWER_SUPPLY_STATUS_CHARGING,
            BatteryState.POWER_SUPPLY_STATUS_FULL,
        )

    def _on_safety(self, message: SafetyState) -> None:
        self._halted, self._cause = (message.text, message.cause) if message.halted else ("", "")

    def _on_wanted(self, _: Any) -> None:
        self._wanted_at = self.steady_s()

    def _on_map(self, grid: OccupancyGrid) -> None:
        info = grid.info
        self._around.grid(
            np.asarray(grid.data, np.int8),
            info.width,
            info.height,
            info.resolution,
            (info.origin.position.x, info.origin.position.y),
        )

    def _on_frames(self, message: TFMessage, now: float | None) -> None:
        for each in message.transforms:
            place, turn = each.transform.translation, each.transform.rotation
            pose = Pose.from_quaternion(place.x, place.y, (turn.x, turn.y, turn.z, turn.w))
            self._around.transform(each.child_frame_id, each.header.frame_id, pose, now)

    def _on_scan(self, message: LaserScan) -> None:
        ranges = np.asarray(message.ranges, np.float64)
        angles = message.angle_min + message.angle_increment * np.arange(len(ranges))
        met = np.isfinite(ranges) & (ranges >= message.range_min) & (ranges <= message.range_max)
        laser = self._around.frames.find(message.header.frame_id, "base_link", 0.0, 0.0) or Pose(0.0, 0.0, 0.0)
        angles, ranges = angles[met] + laser.heading, ranges[met]
        points = np.stack([laser.x + ranges * np.cos(angles), laser.y + ranges * np.sin(angles)], axis=1)
        self._around.scan(points, self.steady_s())

    def _on_match(self, message: IdsMatch) -> None:
        sides = {message.id1_type: message.id1, message.id2_type: message.id2}
        if sides.keys() == {IdsMatch.PERSON, IdsMatch.BODY} and message.confidence > 0.0:
            self._body_of[sides[IdsMatch.PERSON]] = sides[IdsMatch.BODY]

    def _listen(self) -> None:
        """Frames that move and scans are many: they are listened to on the way only."""
        self.health.values["place"] = ""
        if not self._listening:
            self._listening = [
                self.subscription(graph.TF, lambda message: self._on_frames(message, self.steady_s())),
                self.subscription(graph.SCAN, self._on_scan),
            ]

    def _floor(self) -> Floor:
        """Errors: KithError, for people to read."""
        floor = self._around.floor()
        if floor is None:
            raise KithError("that place is not known: no map of the floor has been told")
        if self._planner is None or self._planner.floor is not floor:
            self._planner = Planner(floor)
        return floor

    # Steps ----------------------------------------------------------------------------------------------------------
    def _begin(self, task: _Task) -> None:
        if task.travels:
            if self._journey is not None:
                self._end(self._journey, False, "another journey took over")
            self._journey, self._halted_s, self._lost_s, self._wanted_at = task, 0.0, 0.0, None
        else:
            if self._gesturing is not None:
                self._end(self._gesturing, False, "another gesture took over")
            self._gesturing = task
        if self._stepping.is_canceled():
            self._stepped_at = self.steady_s()
            self._stepping.reset()

    def _step(self) -> None:
        if self._journey is None and self._gesturing is None:
            self._stepping.cancel()  # an idle robot costs nothing
            self._fall_idle()
            return
        now = self.steady_s()
        elapsed_s, self._stepped_at = min(now - self._stepped_at, 0.2), now
        for task in (self._journey, self._gesturing):
            if task is None:
                continue
            if task.handle.is_cancel_requested:
                self._end(task, False, "cancelled")
                continue
            if task.travels and (ended := self._hold(elapsed_s)) is not None:
                task.held()
                if ended:
                    self._end(task, False, ended)
                continue
            ended_so = task.step(elapsed_s)
            if ended_so is not None:
                self._end(task, *ended_so)

    def _hold(self, elapsed_s: float) -> str | None:
        """While safety lets nothing through, or the mind that asked is silent, a journey waits: empty; or why it
        ended then. None: it goes on."""
        silent_s = self.steady_s() - self._wanted_at if self._wanted_at is not None else 0.0
        if silent_s > _MIND_SILENT_S:
            self._stand()
            return "who asked for the journey has fallen silent" if silent_s > _MIND_GONE_S else ""
        if not self._halted:
            self._halted_s = 0.0
            return None
        self._halted_s += elapsed_s
        # Whoever lets go of the wheels frees a latch of safety's; then it may go back from what it has met.
        back = self._backing.speed(elapsed_s) if self._cause == "bumper" else 0.0
        self._velocity.publish(Twist(linear=Vector3(x=back)))
        return f"the robot may not move: {self._halted}" if self._halted_s > _HALTED_FOR_S else ""

    def _fall_idle(self) -> None:
        if self._listening:
            self.health.values["place"] = self._place()
        for subscription in (*self._listening, *self._hands.values()):
            self.destroy_subscription(subscription)
        self._listening, self._hands = [], {}

    def _place(self) -> str:
        """Where it stands now, as people call it; empty: not known."""
        here, floor = self._around.here(self.steady_s()), self._around.floor()
        return floor.place(here.point) if here is not None and floor is not None else ""

    def _end(self, task: _Task, success: bool, message: str) -> None:
        if self._journey is task:
            self._journey = None
        if self._gesturing is task:
            self._gesturing = None
        task.stopped()
        if not task.done.done():
            task.done.set_result((success, message))

    def _lost(self, elapsed_s: float, problem: str) -> tuple[bool, str] | None:
        """Where it is, is not known: it stands, and ends the journey only if that lasts."""
        self._lost_s += elapsed_s
        self._stand()
        return (False, problem) if self._lost_s > _LOST_S else None

    def _stand(self) -> None:
        self._velocity.publish(Twist())

    def _drive(self, speed: float, turn: float) -> None:
        self._backing.drove(speed)
        self._velocity.publish(Twist(linear=Vector3(x=speed), angular=Vector3(z=turn)))

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
        listening = self.subscription(graph.JOINT_STATES, self._on_joints)

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal played_s, steps
            played_s, steps = min(played_s + elapsed_s, length_s), steps + 1
            share = played_s / length_s
            self._move_joints(gesture.at(share * gesture.duration_s))
            if steps % _FEEDBACK_EVERY == 0 or share >= 1.0:
                handle.publish_feedback(Gesture.Feedback(progress=share))
            if stuck := self._watched.stuck(elapsed_s):
                line = f"does not move: {', '.join(stuck)}"
                self.health.warn("joints", line)
                return False, line
            return (True, "") if share >= 1.0 else None

        def stopped() -> None:
            self._move_joints(rest)
            self.destroy_subscription(listening)

        rest = gesture.at(0.0)
        self._watched = Joints()
        task = _Task(handle, step, Future(executor=self.executor), stopped)
        self._begin(task)
        success, message = await task.done
        if success:
            self.health.clear("joints")
        self._finish(handle, success)
        return Gesture.Result(success=success, message=message)

    def _on_joints(self, message: JointState) -> None:
        self._watched.told(dict(zip(message.name, message.position, strict=False)))

    def _move_joints(self, angles: dict[str, float]) -> None:
        own = {joint: angle for joint, angle in angles.items() if joint in self._joints}
        self._watched.aim(own)
        message = JointState(name=list(own), position=list(own.values()))
        message.header.stamp = times.to_msg(self.now())
        assert self._targets is not None, "a gesture needs joints"
        self._targets.publish(message)

    # Travel ---------------------------------------------------------------------------------------------------------
    def _check_battery(self, place: str = "") -> None:
        if self._charge < self.settings.low_battery and not self._charging and place != DOCK:
            raise KithError("the battery is low: the robot goes nowhere but to its dock")

    def _goal(self, request: Any) -> Pose:
        """Where a GoTo goal wants to be, on the map or, with the frame of the odometry, in that. Errors: KithError."""
        self._check_battery(request.place)
        now = self.steady_s()  # reading a new map takes its time: what was known before it still counts
        frame = MAP
        if request.place:
            goal = self._floor().places.get(request.place)
            if goal is None:
                raise KithError("that place is not known: the places are " + ", ".join(sorted(self._floor().places)))
        else:
            frame = request.pose.header.frame_id
            if frame not in (MAP, self.settings.odom_frame):
                raise KithError(f"the pose must be given in the frame {MAP} or {self.settings.odom_frame}")
            position, turn = request.pose.pose.position, request.pose.pose.orientation
            goal = Pose.from_quaternion(position.x, position.y, (turn.x, turn.y, turn.z, turn.w))
            if not goal.finite:
                raise KithError("the pose is not made of numbers")
        floor = self._floor() if frame == MAP else None
        if self._around.in_odom(now) is None:
            raise KithError("where the robot is cannot be told: its body sends no odometry")
        if floor is not None:
            here = self._around.here(now)
            if here is None:
                raise KithError("where the robot is on the map cannot be told: nothing localises it")
            enters = floor.private(goal.point) and floor.room(goal.point) != floor.room(here.point)
            if enters and not request.may_enter_private:
                raise KithError("the robot may not enter a bedroom now")
        return goal

    async def _go_to(self, handle: Any) -> Any:
        request = handle.request
        try:
            goal = self._goal(request)
        except KithError as problem:
            handle.abort()
            return GoTo.Result(success=False, message=str(problem))
        self._listen()
        on_map = bool(request.place) or request.pose.header.frame_id == MAP
        if not on_map:
            task = self._by_odometry(handle, goal)
        elif self._nav2 is not None and self._nav2.server_is_ready():
            task = self._by_nav2(handle, goal)
        else:
            task = self._by_map(handle, goal)
        if request.place == DOCK:
            self._then_dock(task)
        else:
            self._off_dock_first(task)
        self._begin(task)
        success, message = await task.done
        self._finish(handle, success)
        return GoTo.Result(success=success, message=message)

    def _travels(self, handle: Any, step: Callable[[float], tuple[bool, str] | None]) -> _Task:
        return _Task(handle, step, Future(executor=self.executor), self._stand, travels=True)

    def _by_odometry(self, handle: Any, goal: Pose) -> _Task:
        manner = Manner(speed=self.settings.speed, turn=self.settings.turn)
        drive = Drive(goal, manner, give_up_after_s=self.settings.give_up_after_s)
        steps = 0

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal steps
            here = self._around.in_odom(self.steady_s())
            if here is None:
                return self._lost(elapsed_s, "the body's odometry stopped")
            self._lost_s = 0.0
            wanted = drive.step(here, elapsed_s)
            steps += 1
            if steps % _FEEDBACK_EVERY == 0 or wanted is None:
                handle.publish_feedback(GoTo.Feedback(remaining_m=drive.remaining_m(here)))
            if wanted is None:
                return True, ""
            if drive.stuck:
                return False, "the robot comes no nearer: something may be in the way"
            self._drive(*wanted)
            return None

        return self._travels(handle, step)

    def _by_map(self, handle: Any, goal: Pose) -> _Task:
        assert self._planner is not None
        manner = Manner(speed=self.settings.speed, turn=self.settings.turn)
        travel = Traveller(self._planner, manner, give_up_after_s=self.settings.give_up_after_s)
        travel.head_for(goal)
        steps = 0

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal steps
            around = self._around.around(self.steady_s())
            if around is None:
                return self._lost(elapsed_s, "where the robot is cannot be told any more")
            self._lost_s = 0.0
            doing = travel.step(around, elapsed_s)
            steps += 1
            if steps % _FEEDBACK_EVERY == 0 or doing.state in (State.ARRIVED, State.GIVEN_UP):
                waits = doing.state is State.WAITING
                handle.publish_feedback(
                    GoTo.Feedback(
                        remaining_m=travel.remaining_m(around.here),
                        state=GoTo.Feedback.WAITING if waits else GoTo.Feedback.TRAVELLING,
                    )
                )
            if doing.state is State.ARRIVED:
                return True, ""
            if doing.state is State.GIVEN_UP:
                return False, travel.problem or "the robot comes no nearer: somebody or something is in the way"
            self._drive(doing.speed, doing.turn)
            return None

        return self._travels(handle, step)

    def _by_nav2(self, handle: Any, goal: Pose) -> _Task:
        """Nav2 drives; its velocities pass through safety as well."""
        assert self._nav2 is not None
        wanted = NavigateToPose.Goal()
        wanted.pose.header.frame_id, wanted.pose.header.stamp = MAP, times.to_msg(self.now())
        wanted.pose.pose.position.x, wanted.pose.pose.position.y = goal.x, goal.y
        turn = goal.heading / 2
        wanted.pose.pose.orientation.z, wanted.pose.pose.orientation.w = math.sin(turn), math.cos(turn)

        def feedback(message: Any) -> None:
            if not task.done.done():
                handle.publish_feedback(GoTo.Feedback(remaining_m=message.feedback.distance_remaining))

        def stopped() -> None:
            asked.take_back()
            self._stand()

        def step(_: float) -> tuple[bool, str] | None:
            if not asked.over:
                return None
            if asked.answer is not None:
                code = asked.answer.result.error_code
                return asked.succeeded, "" if asked.succeeded else f"Nav2 did not get there (error {code})"
            return False, "Nav2 does not take the goal" if asked.refused else "Nav2 has gone away"

        task = _Task(handle, step, Future(executor=self.executor), stopped, travels=True)
        asked = Asked(self._nav2, wanted, feedback)
        return task

    def _by_itself(
        self, task: _Task, client: ActionClient, goal: Any, problem: str
    ) -> Callable[[float], tuple[bool, str] | None]:
        """The base gets onto its dock or off it by its own senses. It moves past safety, so a halt takes that back."""
        asked: Asked | None = None

        def take_back() -> None:
            nonlocal asked
            if asked is not None:
                asked.take_back()
            asked = None

        def step(_: float) -> tuple[bool, str] | None:
            nonlocal asked
            asked = asked or Asked(client, goal)
            if not asked.over:
                return None
            return asked.succeeded, "" if asked.succeeded else problem

        stops = task.stopped
        task.held = take_back

        def stopped() -> None:
            take_back()
            stops()

        task.stopped = stopped
        return step

    def _off_dock_first(self, task: _Task) -> None:
        """A base that stands on a dock of its own backs off it before it travels."""
        if not self._charging or not self._undock.server_is_ready():
            return
        travels = task.step
        leaves = self._by_itself(task, self._undock, graph.UNDOCK.type.Goal(), "the robot does not get off its dock")

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            ended = leaves(elapsed_s)
            if ended is not None and ended[0]:
                task.step, task.held = travels, _nothing
                return None
            return ended

        task.step = step

    def _then_dock(self, task: _Task) -> None:
        travels = task.step

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            ended = travels(elapsed_s)
            if ended is None or not ended[0]:
                return ended
            if self._charging:
                return True, ""
            self._stand()
            if self._dock.server_is_ready():
                problem = "the robot stands before its dock, but does not get on"
                task.step = self._by_itself(task, self._dock, graph.DOCK.type.Goal(), problem)
            else:
                task.step = self._creep_on()
            return None

        task.step = step

    def _creep_on(self) -> Callable[[float], tuple[bool, str] | None]:
        docking = Docking(battery_tells=self._charge_told)

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            here = self._around.in_odom(self.steady_s())
            if here is None:
                return False, "the body's odometry stopped"
            doing = docking.step(here, self._charging, elapsed_s)
            if isinstance(doing, tuple):
                return doing
            self._drive(doing, 0.0)
            return None

        return step

    # People ---------------------------------------------------------------------------------------------------------
    async def _approach(self, handle: Any) -> Any:
        request = handle.request
        try:
            self._check_battery()
            now = self.steady_s()
            self._floor()
            if self._around.in_odom(now) is None:
                raise KithError("where the robot is cannot be told: its body sends no odometry")
        except KithError as problem:
            handle.abort()
            return Approach.Result(success=False, ended=Approach.Result.STOPPED, message=str(problem))
        assert self._planner is not None
        wish = approaching.Wish(
            request.distance_m or self.settings.distance_m,
            request.side,
            follow=request.follow,
            may_enter_private=request.may_enter_private,
        )
        manner = approaching.polite(Manner(speed=self.settings.speed, turn=self.settings.turn))
        approach = approaching.Approach(
            self._planner, request.person_id, wish, manner, give_up_after_s=self.settings.give_up_after_s
        )
        self._listen()
        steps, distance, waited_s = 0, 0.0, 0.0
        ended_so = approaching.Ended.NOT_FOUND

        def step(elapsed_s: float) -> tuple[bool, str] | None:
            nonlocal steps, distance, waited_s, ended_so
            now = self.steady_s()
            around = self._around.around(now)
            waited_s += elapsed_s
            if waited_s < _LISTENS_S and (around is None or request.person_id not in around.people):
                return None  # not heard of anybody yet
            if around is None:
                return self._lost(elapsed_s, "where the robot is cannot be told")
            self._lost_s = 0.0
            self._watch_hands(request.person_id, approach)
            doing = approach.step(around, elapsed_s)
            steps += 1
            if request.person_id in around.people:
                distance = approach.distance(around)
            if steps % _FEEDBACK_EVERY == 0:
                state = Approach.Feedback.WAITING if doing.waits else Approach.Feedback.TRAVELLING
                handle.publish_feedback(Approach.Feedback(distance_m=distance, state=state))
            if doing.ended is not None:
                ended_so, task.ended = doing.ended, _ENDED[doing.ended]
                return doing.ended is approaching.Ended.ARRIVED, doing.line
            self._drive(doing.speed, doing.turn)
            return None

        task = self._travels(handle, step)
        self._off_dock_first(task)
        self._begin(task)
        success, message = await task.done
        self._finish(handle, success)
        return Approach.Result(success=success, ended=task.ended, message=message, distance_m=distance)

    def _watch_hands(self, person_id: str, approach: approaching.Approach) -> None:
        body_id = self._body_of.get(person_id, "")
        if not body_id or body_id in self._hands:
            return

        def on_gesture(message: BodyGesture) -> None:
            if message.gesture in _HANDS:
                approach.hand_raised = True

        self._hands[body_id] = self.subscription(graph.body_gesture(body_id), on_gesture)


def main() -> int:
    """Run the motion node."""
    return run(MotionNode)


if __name__ == "__main__":
    sys.exit(main())
