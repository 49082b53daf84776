"""The embedded simulator: how much faster than real time it runs, how soon the robot stands after a stop, and what
comes of approaches to residents (kith/bench/approaches.py).

Faster than real time is the simulator alone, on one core, as a test or a training run would use it: twelve residents
walk, the robot drives and waves, and all that the body tells is worked out, made into messages and serialised as often
as it tells it, sound, lidar and pictures included. The stop is the real thing: `safety` and the body as
processes, the stop asked for at full speed over ROS, and the body's own odometry says when it stands.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Twist
from rclpy.executors import SingleThreadedExecutor
from rclpy.serialization import serialize_message
from std_msgs.msg import Bool
from std_srvs.srv import SetBool

from culture_profiles.errors import KithError
from kith.bench import approaches
from kith.bench.approaches import Tally
from kith.bench.place import free_domain
from kith.launching.middleware import on_loopback
from nodes.base import graph
from sim.embedded import messages
from sim.embedded.battery import Battery
from sim.embedded.camera import Camera
from sim.embedded.lidar import Lidar
from sim.embedded.link_frames import LinkFrames
from sim.embedded.node import TICKS_PER_LINKS, TICKS_PER_ODOMETRY
from sim.embedded.physics import Physics
from sim.embedded.room_sound import sound_chunk
from sim.embedded.sound import FRAMES, RATE, Sound
from sim.residents.whereabouts import Whereabouts
from sim.room.mixing import Room
from sim.worlds import sdf
from sim.worlds.looks import looks

TARGET = {"camera": 5.0, "no_camera": 50.0}
TARGET_STOP_MS = 300.0
TARGET_ARRIVED = 0.98
_HOMES = 2
CAMERA_HZ = 5.0
_TICKS = 50
"""A second of the world, as the body lives it."""
_EVERY = {
    "odom": TICKS_PER_ODOMETRY,
    "links": TICKS_PER_LINKS,
    "scan": 5,
    "people": 10,
    "camera": round(_TICKS / CAMERA_HZ),
}
"""Ticks from one to the next."""
_WALK_S = _EVERY["people"] / _TICKS
_COMMANDS_S = 0.05
_SPEED_M_S = 0.5
_WITHIN_S = 20.0
_PLACES = ("lounge", "dining_room", "corridor", "bedroom_1", "bedroom_2", "bedroom_3", "bedroom_4")


class _Told:
    """What the body says, made and serialised as often as it says it (launch/body.yaml), for nobody to hear."""

    def __init__(self, physics: Physics, *, camera: bool) -> None:
        sensors = physics.compiled.sensors
        self._physics, self._links = physics, LinkFrames(physics)
        self._lidar, self._battery = Lidar(sensors["gpu_lidar"][1]), Battery(0.9, 8.0)
        self._sound = Sound(Room(RATE), -6.0)
        self.eye = Camera(physics, sensors["camera"][1]) if camera else None
        self.counted: Counter[str] = Counter()

    def _say(self, name: str, message: Any) -> None:
        serialize_message(message)
        self.counted[name] += 1

    def tell(self, tick: int) -> None:
        """One tick of 20 ms of the world has passed."""
        stamp = Time(sec=tick // _TICKS, nanosec=tick % _TICKS * 1_000_000_000 // _TICKS)
        for heard in self._sound.until((tick + 1) * FRAMES):
            self._say("audio_in", sound_chunk(heard, stamp))
        physics = self._physics
        if tick % _EVERY["odom"] == 0:
            self._say("odom", messages.odometry(physics.odometry, stamp))
        if tick % _EVERY["links"] == 0:
            self._say("joint_states", messages.joint_states(physics.joint_names, *physics.joints(), stamp))
            self._say("tf", self._links.message(physics, stamp))
        if tick % _EVERY["scan"] == 0:
            self._say("scan", messages.scan(self._lidar, self._lidar.scan(physics), stamp))
        if tick % _TICKS == 0:
            self._battery.until(tick / _TICKS, physics.driven_m, on_dock=False)
            self._say("battery_state", messages.battery(self._battery, stamp))
            self._say("bumper", Bool(data=physics.bumped))
            self._say("touch", Bool(data=physics.touched))
        if self.eye is not None and tick % _EVERY["camera"] == 0:
            self._say("camera_info", messages.camera_info(self.eye, stamp))
            self._say("camera_image", messages.image(self.eye.picture(), stamp))


@dataclass(frozen=True)
class Pace:
    """Simulated seconds per second of real time, and of processor time; how often a second each topic was told."""

    real: float
    processor: float
    rates_hz: dict[str, float]


def pace(seconds: float, *, camera: bool) -> Pace:
    """How fast the simulator runs. On an idle machine both times are the same. Errors: KithError without drawing."""
    physics, everybody = Physics(sdf.read(sdf.CARE_HOME), looks()), Whereabouts()
    told = _Told(physics, camera=camera)
    try:
        began, used = time.perf_counter(), time.process_time()
        for tick in range(round(seconds * _TICKS)):
            now = tick / _TICKS
            if tick % _EVERY["people"] == 0:
                _walk(everybody, physics, tick // _EVERY["people"])
            if tick % _EVERY["odom"] == 0:
                physics.command(0.2 * math.sin(now / 3), 0.5 * math.cos(now / 2), now)
                physics.aim({"RShoulderPitch": math.sin(now), "HeadYaw": math.sin(now / 2)})
                physics.advance(now + _EVERY["odom"] / _TICKS)
            told.tell(tick)
        took, used = time.perf_counter() - began, time.process_time() - used
    finally:
        if told.eye is not None:
            told.eye.close()
    return Pace(seconds / took, seconds / used, {name: count / seconds for name, count in told.counted.items()})


def _walk(everybody: Whereabouts, physics: Physics, tick: int) -> None:
    everybody.robot = (physics.base.x_m, physics.base.y_m, physics.base.heading_rad)
    for number, (name, walker) in enumerate(everybody.walkers.items()):
        if not walker.walking and tick % 10 == number % 10:  # not all think at once
            try:
                everybody.goes(name, _PLACES[(tick // 10 + number) % len(_PLACES)])
            except KithError:
                continue  # the robot is in the way just now
    for name, placed in everybody.step(_WALK_S):
        physics.place(name, placed)


# Stopping -----------------------------------------------------------------------------------------------------------
@contextmanager
def _nodes(home: Path) -> Iterator[None]:
    running: list[subprocess.Popen[bytes]] = []
    try:
        for module in ("sim.embedded.node", "nodes.safety.node"):
            command = [sys.executable, "-m", module, "--ros-args", "-p", f"home_dir:={home}", "--log-level", "error"]
            running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(5.0)
            except subprocess.TimeoutExpired:
                process.kill()


class _Driver:
    """Drives as `motion` would, and asks for the stop as the tablet would."""

    def __init__(self) -> None:
        self._context = rclpy.Context()
        self._context.init()
        self._node = rclpy.create_node("bench", context=self._context, start_parameter_services=False)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._wanted = self._node.create_publisher(Twist, graph.CMD_VEL_REQUEST.name, graph.CMD_VEL_REQUEST.qos)
        self._stop = self._node.create_client(SetBool, graph.SAFETY_STOP.name)
        self._node.create_subscription(graph.ODOM.type, graph.ODOM.name, self._on_odometry, graph.ODOM.qos)
        self._speed = math.nan
        self._x = self._stood_at = 0.0

    def _on_odometry(self, message: Any) -> None:
        speed = message.twist.twist.linear.x
        if speed == 0.0 and self._speed != 0.0:
            self._stood_at = time.monotonic()
        self._speed, self._x = speed, message.pose.pose.position.x

    def _until(self, true: Any, what: str, wanted: float | None = None) -> None:
        deadline, asked = time.monotonic() + _WITHIN_S, 0.0
        while not true():
            if time.monotonic() > deadline:
                raise KithError(f"the stop could not be measured: {what} not within {_WITHIN_S:.0f} s")
            if wanted is not None and time.monotonic() - asked > _COMMANDS_S:
                asked = time.monotonic()
                message = Twist()
                message.linear.x = wanted
                self._wanted.publish(message)
            self._executor.spin_once(timeout_sec=0.005)

    def _ask(self, stopped: bool) -> None:
        future = self._stop.call_async(SetBool.Request(data=stopped))
        self._until(future.done, "an answer of safety")

    def run(self, times: int) -> list[float]:
        """Milliseconds from asking to standing, for so many stops at full speed, back and forth."""
        self._until(lambda: self._stop.service_is_ready() and not math.isnan(self._speed), "body and safety")
        found = []
        for number in range(times):
            speed = _SPEED_M_S if number % 2 == 0 else -_SPEED_M_S
            self._ask(False)
            self._until(lambda speed=speed: abs(self._speed) > 0.95 * abs(speed), "full speed", speed)
            asked = time.monotonic()
            future = self._stop.call_async(SetBool.Request(data=True))
            # Whoever drives goes on asking: the stop must hold against it.
            self._until(lambda: self._speed == 0.0, "standstill", speed)
            found.append((self._stood_at - asked) * 1e3)
            self._until(future.done, "an answer of safety")
        self._ask(False)
        return found

    def close(self) -> None:
        self._executor.shutdown(timeout_sec=1.0)
        self._node.destroy_node()
        self._context.shutdown()


def stops(times: int) -> list[float]:
    """Milliseconds from the emergency stop to standstill. Errors: KithError when it cannot be measured."""
    before = dict(os.environ)
    os.environ.update(on_loopback(free_domain()))
    try:
        with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, _nodes(Path(folder)):
            driver = _Driver()
            try:
                return driver.run(times)
            finally:
                driver.close()
    finally:
        os.environ.clear()
        os.environ.update(before)


def approach_people(count: int) -> Tally:
    """So many approaches, shared between two homes that live at the same time."""
    tally = Tally()
    with ProcessPoolExecutor(_HOMES, get_context("spawn")) as pool:
        for each in pool.map(approaches.run, [count // _HOMES] * _HOMES, range(1, _HOMES + 1)):
            tally.add(each)
    return tally


def measure(*, quick: bool) -> dict[str, Any]:
    """All figures."""
    seconds = 10.0 if quick else 60.0
    waited = stops(10 if quick else 100)
    tally = approach_people(20 if quick else 1060)  # some show unease: at least 1000 do not
    paces = {"camera": pace(seconds, camera=True), "no_camera": pace(seconds, camera=False)}
    factor = {name: round(each.real, 1) for name, each in paces.items()}
    stop = {name: round(float(np.percentile(waited, rank))) for name, rank in (("p50", 50), ("p99", 99))}
    return {
        "realtime_factor": factor,
        "processor_time_factor": {name: round(each.processor, 1) for name, each in paces.items()},
        "told_hz": {name: round(rate, 1) for name, rate in paces["camera"].rates_hz.items()},
        "estop_ms": {**stop, "n": len(waited)},
        "approaches": approaches.figures(tally),
        "residents": 12,
        "camera_hz": CAMERA_HZ,
        "within_target": all(factor[name] >= target for name, target in TARGET.items())
        and stop["p99"] <= TARGET_STOP_MS
        and tally.collisions + tally.too_close == 0
        and tally.arrived >= TARGET_ARRIVED * tally.tried,
    }
