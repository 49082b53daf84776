"""The embedded body on the graph: the same topics as a real one (launch/body.yaml), in real time or faster."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

os.environ.setdefault("MUJOCO_GL", "disable")  # physics alone needs no graphics; the camera finds its own

from geometry_msgs.msg import Twist
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from culture_profiles.errors import KithError
from nodes.base import graph, qos, times
from nodes.base.audio import CHUNK_S
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.body.watchdog import SILENCE_S
from sim import graph as stage
from sim import transforms
from sim.embedded import messages
from sim.embedded.battery import Battery
from sim.embedded.camera import Camera
from sim.embedded.lidar import Lidar
from sim.embedded.link_frames import LinkFrames
from sim.embedded.physics import Base, Physics
from sim.embedded.room_sound import RoomSound
from sim.embedded.sound import RATE, Sound
from sim.embedded.world_clock import WorldClock
from sim.room.distance import level
from sim.room.mixing import Room
from sim.worlds import sdf
from sim.worlds.looks import looks
from sim.worlds.mapping import home_map

TICKS_PER_ODOMETRY = 2
"""25 Hz."""
TICKS_PER_LINKS = 4
"""12.5 Hz: joints and the frames of moving links."""
_CLOCK = graph.Topic("/clock", Clock, qos.SENSOR)


@dataclass(frozen=True, kw_only=True)
class EmbeddedSettings(Settings):
    """The room and the robot's share in it."""

    world: str = setting("", "SDF file of the world; empty: the care home that comes with Kith")
    speed: float = setting(
        1.0, "How many times faster than real time; above 1 the body publishes /clock", low=1.0, high=100.0
    )
    noise_dbfs: float = setting(
        -66.0, "RMS level of the room's noise floor in dBFS; -120: none", low=-120.0, high=-10.0
    )
    echo_db: float = setting(
        -6.0, "How loud the microphone hears the loudspeaker, in dB; -120: not at all", low=-120.0, high=6.0
    )
    battery_charge: float = setting(0.9, "Charge of the battery at the start, as a fraction", low=0.0, high=1.0)
    battery_hours: float = setting(8.0, "Hours that a full battery lasts standing still", low=0.01, high=100.0)


class EmbeddedBody(KithNode[EmbeddedSettings]):
    """Hears the room, plays the robot's voice in it, drives, moves its joints and sees. What nobody listens to is
    neither worked out nor sent."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[EmbeddedSettings]] = EmbeddedSettings

    def configure(self) -> None:
        """Read the world and create the topics; its clock starts when the node is active."""
        world = sdf.read(Path(self.settings.world) if self.settings.world else sdf.CARE_HOME)
        if world.ignored:
            more = f" ({len(world.ignored) - 1} more)" if len(world.ignored) > 1 else ""
            self.health.warn("world", world.ignored[0] + more)
            self.get_logger().warning(world.ignored[0] + more)
        # A command holds for real time: what may go wrong above goes wrong in real time.
        self._physics = Physics(world, looks(), SILENCE_S * self.settings.speed)
        self._links = LinkFrames(self._physics)
        self._home_map = home_map(world)
        self._camera: Camera | None = None
        self._blind: set[str] = set()
        sensors = self._physics.compiled.sensors
        self._lidar = Lidar(sensors["gpu_lidar"][1]) if "gpu_lidar" in sensors else None
        self._offer()
        self._obey()
        # One timer for all that is frequent: waking up costs more than what is then done.
        self._ticker = self.every(CHUNK_S, self._on_tick, steady=True)
        self.every(1.0, self._on_second, steady=True)

    def _offer(self) -> None:
        self._room = RoomSound(self, lambda who: level(*self._physics.heard_from(who)))
        self._odometry = self.publisher(graph.ODOM)
        self._battery_state = self.publisher(graph.BATTERY_STATE)
        self._bumper = self.publisher(graph.BUMPER)
        self._touch = self.publisher(graph.TOUCH)
        self._joint_states = self.publisher(graph.JOINT_STATES)
        self._scan = self.publisher(graph.SCAN)
        self._image = self.publisher(graph.CAMERA_IMAGE)
        self._camera_info = self.publisher(graph.CAMERA_INFO)
        self._tf = self.publisher(graph.TF)
        self._tf_static = self.publisher(graph.TF_STATIC)
        self._map = self.publisher(graph.MAP)
        self._robot = self.publisher(stage.ROBOT)
        self._time_told = self.publisher(_CLOCK) if self.settings.speed > 1.0 else None

    def _obey(self) -> None:
        self.subscription(graph.CMD_VEL, self._on_cmd_vel)
        self.subscription(graph.JOINT_TARGETS, self._on_joint_targets)
        self.subscription(stage.PEOPLE, self._on_people)
        self.service(stage.TOUCH_ROBOT, self._on_touch)

    def activate(self) -> None:
        """Start the world's clock and the battery's."""
        settings = self.settings
        started_at = datetime.now(UTC) if self._time_told is not None else self.now()
        self._world = WorldClock(self.steady_s(), started_at, settings.speed)
        self._room.begin(Sound(Room(RATE, settings.noise_dbfs), settings.echo_db), self._world)
        self._battery = Battery(settings.battery_charge, settings.battery_hours)
        self._told: tuple[bool | None, bool | None] = (None, None)
        self._told_base: Base | None = None
        self._wanted: frozenset[Any] = frozenset()
        self._ticks = 0
        fixed = [*self._fixed_frames(), *messages.localisation(self._home_map, self._stamp())]
        self._tf_static.publish(TFMessage(transforms=fixed))
        self._map.publish(messages.floor_map(self._home_map, self._stamp()))
        self._on_second()
        self._ticker.reset()  # ticks fall on the ends of blocks

    def cleanup(self) -> None:
        """Give back what was drawn with."""
        if camera := getattr(self, "_camera", None):
            camera.close()
        self._camera = None

    # Time -----------------------------------------------------------------------------------------------------------
    def _world_s(self) -> float:
        """Seconds of the world since the start."""
        return self._world.seconds(self.steady_s())

    def _stamp(self) -> Any:
        return times.to_msg(self._world.time(self._world_s()))

    def _on_tick(self) -> None:
        if self._time_told is not None:
            self._time_told.publish(Clock(clock=self._stamp()))
        self._room.tick()
        self._ticks += 1
        if self._ticks % TICKS_PER_ODOMETRY == 0:
            self._on_motion()
        if self._wanted:
            self._on_sight()

    def _due(self, rate_hz: float) -> bool:
        """Whether a thing of this rate (per second of the world) falls on this tick."""
        every = max(1, round(1.0 / (rate_hz * CHUNK_S * self.settings.speed)))
        return self._ticks % every == 0

    # Motion ---------------------------------------------------------------------------------------------------------
    def _on_cmd_vel(self, message: Twist) -> None:
        self._try("cmd_vel", lambda: self._physics.command(message.linear.x, message.angular.z, self._world_s()))

    def _on_joint_targets(self, message: JointState) -> None:
        if len(message.name) != len(message.position):
            self.health.warn("joint_targets", "not obeyed: as many names as positions are needed")
            return
        targets = dict(zip(message.name, message.position, strict=True))
        self._try("joint_targets", lambda: self._physics.aim(targets))

    def _on_people(self, message: TFMessage) -> None:
        for name, placed in transforms.placed_people(message).items():
            if name in self._physics.people:
                self._try("people", lambda name=name, placed=placed: self._physics.place(name, placed))

    def _try(self, name: str, obey: Any) -> None:
        try:
            obey()
        except ValueError as problem:
            self.health.warn(name, f"not obeyed: {problem}")
        else:
            self.health.clear(name)

    def _on_touch(self, request: Any, response: Any) -> Any:
        self._physics.touch(request.data)
        self._tell_touch()
        response.success = True
        return response

    def _on_motion(self) -> None:
        physics = self._physics
        physics.advance(self._world_s())
        stamp = self._stamp()
        self._odometry.publish(messages.odometry(physics.odometry, stamp))
        self._tell_touch()
        base = physics.base
        if base != self._told_base:
            self._told_base = base
            self._robot.publish(messages.robot_pose(base, stamp))
        if self._ticks % TICKS_PER_LINKS == 0:
            self._tell_links(stamp)

    def _tell_links(self, stamp: Any) -> None:
        physics = self._physics
        if self._joint_states in self._wanted:
            self._joint_states.publish(messages.joint_states(physics.joint_names, *physics.joints(), stamp))
        if self._tf in self._wanted:
            self._tf.publish(self._links.message(physics, stamp))

    def _tell_touch(self, *, again: bool = False) -> None:
        bumped, touched = now = (self._physics.bumped, self._physics.touched)
        if again or bumped is not self._told[0]:
            self._bumper.publish(Bool(data=bumped))
        if again or touched is not self._told[1]:
            self._touch.publish(Bool(data=touched))
        self._told = now

    def _fixed_frames(self) -> list[Any]:
        """What never moves in its parent: sensors, microphone, loudspeaker."""
        stamp, physics = self._stamp(), self._physics
        physics.refresh()
        robot = physics.compiled.robot
        fixed = {joint.child for joint in robot.joints if joint.kind == "fixed"}
        links = {link.name: link.pose for link in robot.links}
        frames = [
            transforms.transform(link, name, links[link].inverse() * pose, stamp)
            for name, (link, pose) in robot.frames.items()
            if link
        ]
        return frames + [
            transforms.transform(parent, child, pose, stamp)
            for parent, child, pose in physics.links()
            if child in fixed
        ]

    # Sight ----------------------------------------------------------------------------------------------------------
    def _on_sight(self) -> None:
        if self._lidar is not None and self._scan in self._wanted and self._due(self._lidar.rate_hz):
            self._scan.publish(messages.scan(self._lidar, self._lidar.scan(self._physics), self._stamp()))
        if self._image not in self._wanted and self._camera_info not in self._wanted:
            return
        if (camera := self._seeing()) is not None and self._due(camera.rate_hz):
            stamp = self._stamp()
            self._camera_info.publish(messages.camera_info(camera, stamp))
            self._image.publish(messages.image(camera.picture(), stamp))

    def _seeing(self) -> Camera | None:
        """The camera, opened when somebody first wants to see."""
        sensors = self._physics.compiled.sensors
        if self._camera is None and "camera" in sensors and "camera" not in self._blind:
            try:
                self._camera = Camera(self._physics, sensors["camera"][1])
            except KithError as problem:
                self._blind.add("camera")
                self.health.warn("camera", str(problem))
                self.get_logger().warning(str(problem))
        return self._camera

    # Once a second --------------------------------------------------------------------------------------------------
    def _on_second(self) -> None:
        self._tell_touch(again=True)
        running_s = self._world_s()
        base = self._physics.base
        on_dock = self._home_map.on_dock(base.x_m, base.y_m)
        self._battery.until(running_s, self._physics.driven_m, on_dock=on_dock)
        self._battery_state.publish(messages.battery(self._battery, self._stamp()))
        by_demand = (self._scan, self._image, self._camera_info, self._tf, self._joint_states)
        self._wanted = frozenset(each for each in by_demand if each.get_subscription_count())
        if stuck := self._physics.stuck_joints:
            self.health.warn("joints", f"does not reach its place: {', '.join(sorted(stuck))}")
        else:
            self.health.clear("joints")
        sound = self._room.sound
        self.health.values["skipped audio blocks"] = str(sound.skipped)
        self.health.values["late room audio ms"] = str(sound.room.late_frames * 1000 // RATE)
        self.health.values["late audio_out chunks"] = str(sound.queue.late)
        if self._time_told is None and self._world.follow(self.steady_s(), self.now()):
            self.health.count("clock changes")


def main() -> int:
    """Run the embedded body."""
    return run(EmbeddedBody)


if __name__ == "__main__":
    sys.exit(main())
