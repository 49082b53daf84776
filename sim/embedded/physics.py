"""The world in motion: the robot's drive and joints, what it touches, where everybody is. No clock, no ROS.

Frames follow REP-103 and REP-105: x forward, y to the left, metres, radians; `map` is the world's own frame, `odom`
begins where the robot started. Times are seconds of simulated time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from culture_profiles.errors import KithError
from nodes.body.watchdog import SILENCE_S, Watchdog
from sim.embedded.mjcf import ROBOT_URI, STATIC_GROUP, Compiled, compile_world
from sim.worlds.description import World
from sim.worlds.looks import Look
from sim.worlds.placed import Placed
from sim.worlds.pose import Pose, turned, yaw_quaternion

_BRAKING_S = 0.08  # what it takes to a standstill from top speed
_STANDSTILL_M_S = 0.01
_STANDSTILL_RAD_S = 0.02
_LONGEST_CATCH_UP_S = 1.0
_SERVO_S = 0.02  # how often joint targets and the drive's direction are brought up to date
_AT_REST_RAD = 0.02
_AT_REST_RAD_S = 0.005
_SUNK_LEGS_M = 0.3
_SUNK_KNEELING_M = 0.62
_LYING_M = {"legs": 0.15, "torso": 0.17, "head": 0.12}  # how high the middle of each part is then


@dataclass(frozen=True)
class Base:
    """Where the base is in the world, how fast it goes, and how far it has gone."""

    x_m: float
    y_m: float
    heading_rad: float
    speed_m_s: float = 0.0
    turn_rad_s: float = 0.0


class Physics:
    """`advance` brings the world to a moment. While nothing moves, that costs nothing."""

    def __init__(self, world: World, looks: Mapping[str, Look], silence_s: float = SILENCE_S) -> None:
        """`silence_s`: so long after a command it stands still, in simulated time.

        Errors: KithError, as `compile_world`.
        """
        compiled: Compiled = compile_world(world, dict(looks))
        self.compiled = compiled
        self.model, self.data = compiled.model, mujoco.MjData(compiled.model)
        self.residents = compiled.residents
        self._watchdog = Watchdog(silence_s - _BRAKING_S)  # it stands when the silence is that long
        self._commanded = (0.0, 0.0)
        self._setpoint = (0.0, 0.0)
        self.now_s = 0.0
        self._stepped_s = 0.0
        self.driven_m = 0.0
        self.bumped = False
        self.stuck_joints: frozenset[str] = frozenset()
        self._parked: list[float] | None = None
        self._base: Base | None = None  # as it stands; looked at anew while anything moves
        self._awake = True
        self._touched_by_hand = self._pressed = False
        self._read_drive()
        self._find_joints()
        self._put_in_place(world)

    # Made ready -----------------------------------------------------------------------------------------------------
    def _read_drive(self) -> None:
        drives = self.compiled.robot.plugins_named("DiffDrive")
        if len(drives) != 1:
            raise KithError(f"the model {ROBOT_URI} needs one DiffDrive plugin")
        settings = drives[0].settings

        def number(name: str, low: float, high: float) -> float:
            try:
                value = float(settings[name])
            except (KeyError, ValueError):
                value = math.nan
            if not low <= value <= high:
                raise KithError(f"the DiffDrive plugin of {ROBOT_URI} needs {name} between {low:g} and {high:g}")
            return value

        self._half_track_m = number("wheel_separation", 0.05, 2.0) / 2
        self._wheel_radius_m = number("wheel_radius", 0.01, 0.5)
        self._top_speed_m_s = number("max_linear_velocity", 0.05, 3.0)
        self._speed_up = number("max_linear_acceleration", 0.05, 20.0)
        self._turn_up = number("max_angular_acceleration", 0.05, 50.0)
        self._wheels = [settings.get(side, "") for side in ("left_joint", "right_joint")]

    def _find_joints(self) -> None:
        model = self.model
        self._base_q = [int(model.joint(f"base_{name}").qposadr[0]) for name in ("x", "y", "heading")]
        self._base_v = [int(model.joint(f"base_{name}").dofadr[0]) for name in ("x", "y", "heading")]
        robot_joints = [joint for joint in self.compiled.robot.joints if joint.kind != "fixed"]
        self.joint_names = [joint.name for joint in robot_joints]
        if not set(self._wheels) <= set(self.joint_names):
            raise KithError(f"the DiffDrive plugin of {ROBOT_URI} names a wheel that is not there")
        self._joint_q = np.array([model.joint(name).qposadr[0] for name in self.joint_names])
        self._joint_v = np.array([model.joint(name).dofadr[0] for name in self.joint_names])
        self._wheel_v = [int(model.joint(name).dofadr[0]) for name in self._wheels]
        actuated = {model.actuator(index).name for index in range(model.nu)}
        self.servo_names = servos = [name for name in self.joint_names if name in actuated]
        by_name = {joint.name: joint for joint in robot_joints}
        self._servo_of = {name: index for index, name in enumerate(servos)}
        self._servo_q = np.array([model.joint(name).qposadr[0] for name in servos], dtype=int)
        self._servo_v = np.array([model.joint(name).dofadr[0] for name in servos], dtype=int)
        self._servo_u = np.array([model.actuator(name).id for name in servos], dtype=int)
        self._servo_low = np.array([by_name[name].lower for name in servos])
        self._servo_high = np.array([by_name[name].upper for name in servos])
        self._servo_speed = np.array([by_name[name].velocity for name in servos])
        self._bumper_geoms = self._geoms_of("bumper")
        self._touch_geoms = self._geoms_of("touch")
        self._drive_u = [model.actuator(f"base_{name}").id for name in ("x", "y", "heading")]
        self._parts = {
            name: {part: int(model.body(f"{name}/{part}").mocapid[0]) for part in ("legs", "torso", "head")}
            for name in self.residents
        }

    def _geoms_of(self, sensor: str) -> frozenset[int]:
        if sensor not in self.compiled.sensors:
            return frozenset()
        link = self.compiled.sensors[sensor][0]
        start, count = self.model.body(link).geomadr[0], self.model.body(link).geomnum[0]
        return frozenset(range(start, start + count))

    def _put_in_place(self, world: World) -> None:
        start = self.compiled.robot.pose
        for address, value in zip(self._base_q, (*start.position[:2], start.yaw), strict=True):
            self.data.qpos[address] = value
        self._start = Base(start.position[0], start.position[1], start.yaw)
        self._targets = np.clip(np.zeros(len(self.servo_names)), self._servo_low, self._servo_high)
        for plugin in self.compiled.robot.plugins_named("JointPositionController"):
            index = self._servo_of[plugin.settings["joint_name"]]
            self._targets[index] = float(plugin.settings.get("initial_position", "0"))
        self._aims = self._targets.copy()
        self.data.qpos[self._servo_q] = self._targets
        self.data.ctrl[self._servo_u] = self._targets
        mujoco.mj_forward(self.model, self.data)
        self._standing = {
            name: {part: float(self.data.mocap_pos[index][2]) for part, index in parts.items()}
            for name, parts in self._parts.items()
        }
        self.people: dict[str, Placed] = {}
        for each in world.models:
            name = each.name.removeprefix("resident_")
            if name in self._parts:
                x, y, _ = each.pose.position
                self.place(name, Placed(x, y, each.pose.yaw, sits=True))
        mujoco.mj_forward(self.model, self.data)

    # Told -----------------------------------------------------------------------------------------------------------
    def command(self, speed_m_s: float, turn_rad_s: float, now_s: float) -> None:
        """Drive so until the next command, and stand still 250 ms after it at the latest.

        Wheels have a top speed: a command beyond it is scaled, so that the curve stays the same.
        Errors: ValueError for a number that is none; the base brakes then.
        """
        self.advance(now_s)
        if not (math.isfinite(speed_m_s) and math.isfinite(turn_rad_s)):
            self._commanded = self._setpoint = (0.0, 0.0)
            raise ValueError("a velocity that is not a number")
        half = self._half_track_m
        fastest = max(abs(speed_m_s - turn_rad_s * half), abs(speed_m_s + turn_rad_s * half))
        scale = min(1.0, self._top_speed_m_s / fastest) if fastest else 1.0
        self._commanded = (speed_m_s * scale, turn_rad_s * scale)
        self._watchdog.heard(now_s)
        self._awake |= any(self._commanded)

    def aim(self, targets: Mapping[str, float]) -> None:
        """Where joints shall go, in radians; kept within their limits. Errors: ValueError for what is no joint of
        this body, or no number; nothing moves then."""
        if unknown := sorted(set(targets) - set(self._servo_of)):
            raise ValueError(f"no such joint: {', '.join(unknown)[:100]}")
        if not all(map(math.isfinite, targets.values())):
            raise ValueError("an angle that is not a number")
        for name, angle in targets.items():
            index = self._servo_of[name]
            self._aims[index] = min(self._servo_high[index], max(self._servo_low[index], angle))
        self._awake = True

    def place(self, name: str, placed: Placed) -> None:
        """Put a person somewhere. Errors: ValueError for a number that is none, or somebody who is not there."""
        numbers = (placed.x_m, placed.y_m, placed.heading_rad, placed.head_yaw_rad, placed.rolled_rad)
        if not all(map(math.isfinite, numbers)):
            raise ValueError("a place that is not a number")
        if name not in self._parts:
            raise ValueError("a person whom this world does not have")
        if self.people.get(name) == placed:
            return
        self.people[name] = placed
        self._awake = True
        if placed.lies:
            self._lay(name, placed)
            return
        sunk = _SUNK_KNEELING_M if placed.kneels else _SUNK_LEGS_M if placed.sits else 0.0
        for part, index in self._parts[name].items():
            self.data.mocap_pos[index] = (placed.x_m, placed.y_m, self._standing[name][part] - sunk)
            yaw = placed.heading_rad + (placed.head_yaw_rad if part == "head" else 0.0)
            self.data.mocap_quat[index] = yaw_quaternion(yaw)

    def _lay(self, name: str, placed: Placed) -> None:
        ahead = Pose((0.0, 0.0, 0.0), yaw_quaternion(placed.heading_rad + math.pi))
        half = math.sqrt(0.5)
        back = Pose((0.0, 0.0, 0.0), (half, 0.0, -half, 0.0))
        for part, index in self._parts[name].items():
            roll = placed.rolled_rad + (placed.head_yaw_rad if part == "head" else 0.0)
            turned = ahead * back * Pose((0.0, 0.0, 0.0), yaw_quaternion(roll))
            along = self._standing[name][part] - self._standing[name]["torso"]
            self.data.mocap_pos[index] = (
                placed.x_m + along * math.cos(placed.heading_rad),
                placed.y_m + along * math.sin(placed.heading_rad),
                _LYING_M[part],
            )
            self.data.mocap_quat[index] = turned.rotation

    def touch(self, touched: bool) -> None:
        """Somebody lays a hand on the head, or takes it away."""
        self._touched_by_hand = touched

    # Time -----------------------------------------------------------------------------------------------------------
    def advance(self, now_s: float) -> None:
        """Move on to `now_s`; a clock that goes back changes nothing. The watchdog's moment is kept, however late
        one looks. After a standstill of more than a second the rest of it passes without motion."""
        if now_s <= self.now_s:
            return
        self.now_s = now_s
        step_s = self.model.opt.timestep
        if now_s - self._stepped_s > _LONGEST_CATCH_UP_S and self._awake:
            # What was commanded before the gap ran out within it; only as much as it may have moved is worked out.
            self._step_to(self._stepped_s + _LONGEST_CATCH_UP_S)
        if not self._awake:
            self._stepped_s = now_s
            return
        if now_s - self._stepped_s > _LONGEST_CATCH_UP_S:
            self._stepped_s = now_s - step_s
        self._step_to(now_s)

    def _step_to(self, until_s: float) -> None:
        step_s = self.model.opt.timestep
        while self._awake and (steps := math.floor((until_s - self._stepped_s) / step_s + 1e-6)) > 0:
            if (left_s := self._watchdog.deadline_s - self._stepped_s) > 1e-6:
                steps = min(steps, max(1, math.floor(left_s / step_s)))
            else:
                self._commanded = (0.0, 0.0)
            steps = min(steps, round(_SERVO_S / step_s))
            self._drive(steps * step_s)
            mujoco.mj_step(self.model, self.data, steps)
            self._stepped_s += steps * step_s
            self._look_after_the_base(steps * step_s)
            self._feel()
            self._base = None
            self._fall_asleep()
        if not self._awake:
            self._stepped_s = until_s

    def _drive(self, span_s: float) -> None:
        speed, turn = self._commanded
        had_speed, had_turn = self._setpoint
        # Speeding up is gentle, braking is not.
        self._setpoint = (
            _towards(had_speed, speed, self._speed_up * span_s),
            _towards(had_turn, turn, self._turn_up * span_s),
        )
        heading = self.data.qpos[self._base_q[2]] + self._setpoint[1] * span_s / 2
        control = self.data.ctrl
        control[self._drive_u[0]] = self._setpoint[0] * math.cos(heading)
        control[self._drive_u[1]] = self._setpoint[0] * math.sin(heading)
        control[self._drive_u[2]] = self._setpoint[1]
        most = self._servo_speed * span_s
        self._targets += np.clip(self._aims - self._targets, -most, most)
        control[self._servo_u] = self._targets

    def _look_after_the_base(self, span_s: float) -> None:
        velocity = self.data.qvel
        vx, vy, turning = (float(velocity[address]) for address in self._base_v)
        if not all(map(math.isfinite, (vx, vy, turning))):
            raise KithError("the simulated world fell apart: its numbers are none any more")
        heading = float(self.data.qpos[self._base_q[2]])
        speed = vx * math.cos(heading) + vy * math.sin(heading)
        self.driven_m += abs(speed) * span_s
        if not any(self._commanded) and math.hypot(vx, vy) < _STANDSTILL_M_S and abs(turning) < _STANDSTILL_RAD_S:
            self._setpoint = (0.0, 0.0)
            if self._parked is None:
                self._parked = [float(self.data.qpos[address]) for address in self._base_q]
            for place, speed_at, parked in zip(self._base_q, self._base_v, self._parked, strict=True):
                self.data.qpos[place], velocity[speed_at] = parked, 0.0  # the brakes hold
        else:
            self._parked = None
        for address, side in zip(self._wheel_v, (-1, 1), strict=True):
            velocity[address] = (speed + side * turning * self._half_track_m) / self._wheel_radius_m

    def _feel(self) -> None:
        touching = self.data.contact.geom[: self.data.ncon] if self.data.ncon else ()
        felt = {int(geom) for pair in touching for geom in pair}
        self.bumped = bool(felt & self._bumper_geoms)
        self._pressed = bool(felt & self._touch_geoms)

    def _fall_asleep(self) -> None:
        if any(self._commanded) or any(self._setpoint):
            return
        off = np.abs(self._aims - self.data.qpos[self._servo_q])
        still = np.max(np.abs(self.data.qvel), initial=0.0) < _AT_REST_RAD_S
        self.stuck_joints = frozenset(
            name for name, far in zip(self.servo_names, off, strict=True) if still and far > _AT_REST_RAD
        )
        self._awake = not (still and np.array_equal(self._aims, self._targets))

    # Sensed ---------------------------------------------------------------------------------------------------------
    @property
    def base(self) -> Base:
        """The base in the world."""
        if self._base is None or self._awake:
            self._base = self._look_at_base()
        return self._base

    def _look_at_base(self) -> Base:
        x, y, heading = (float(self.data.qpos[address]) for address in self._base_q)
        vx, vy, turning = (float(self.data.qvel[address]) for address in self._base_v)
        return Base(x, y, turned(heading), vx * math.cos(heading) + vy * math.sin(heading), turning)

    @property
    def odometry(self) -> Base:
        """The base as seen from where it started."""
        here, start = self.base, self._start
        dx, dy = here.x_m - start.x_m, here.y_m - start.y_m
        cosine, sine = math.cos(start.heading_rad), math.sin(start.heading_rad)
        return Base(
            dx * cosine + dy * sine,
            dy * cosine - dx * sine,
            turned(here.heading_rad - start.heading_rad),
            here.speed_m_s,
            here.turn_rad_s,
        )

    @property
    def touched(self) -> bool:
        """Whether the head is touched, by a hand or a thing."""
        return self._touched_by_hand or self._pressed

    @property
    def moving(self) -> bool:
        """Whether anything may be in motion."""
        return self._awake

    def joints(self) -> tuple[list[float], list[float]]:
        """Angles and their speeds, in the order of `joint_names`; radians, rad/s."""
        return self.data.qpos[self._joint_q].tolist(), self.data.qvel[self._joint_v].tolist()

    def refresh(self) -> None:
        """Bring derived quantities (where links and people are) up to date; needed before rays and pictures."""
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def site(self, name: str) -> tuple[float, float, float]:
        """Where a frame of the robot is, in the world."""
        x, y, z = self.data.site(name).xpos
        return float(x), float(y), float(z)

    def mouth(self, resident: str) -> tuple[float, float, float] | None:
        """Where somebody speaks from; None for who is not of this world."""
        placed = self.people.get(resident)
        if placed is None:
            return None
        return placed.x_m, placed.y_m, self._standing[resident]["head"] - (_SUNK_LEGS_M if placed.sits else 0.0)

    def heard_from(self, resident: str) -> tuple[float, bool]:
        """How far a speaker's mouth is from the microphone in metres, and whether a wall or the like is between.

        Who is not of this world is heard as from close by.
        """
        mouth = self.mouth(resident)
        if mouth is None:
            return 0.0, False
        away = np.array(mouth) - self.data.site("microphone").xpos
        distance = float(np.linalg.norm(away))
        groups = np.zeros(6, np.uint8)
        groups[STATIC_GROUP] = 1
        hit = np.zeros(1, np.int32)
        met = mujoco.mj_ray(
            self.model, self.data, self.data.site("microphone").xpos, away / distance, groups, 1, -1, hit, None
        )
        return distance, 0.0 <= met < distance

    def links(self) -> list[tuple[str, str, Pose]]:
        """Each link of the robot but the root: its parent, its name, its pose in the parent."""
        made = []
        for joint in self.compiled.robot.joints:
            parent, child = (self._world_pose(link) for link in (joint.parent, joint.child))
            made.append((joint.parent, joint.child, parent.inverse() * child))
        return made

    def _world_pose(self, link: str) -> Pose:
        body = self.data.body(link)
        px, py, pz = (float(value) for value in body.xpos)
        w, x, y, z = (float(value) for value in body.xquat)
        return Pose((px, py, pz), (w, x, y, z))


def _towards(had: float, wanted: float, most: float) -> float:
    if abs(wanted) < abs(had) and wanted * had >= 0:
        return wanted
    if wanted == 0.0:
        return 0.0
    return had + max(-most, min(most, wanted - had))
