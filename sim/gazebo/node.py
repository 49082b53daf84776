"""The robot in Gazebo as a body: what the bridge brings from Gazebo, as launch/body.yaml has it.

Gazebo simulates wheels, joints, lidar, camera and contacts. The room's sound and the battery it does not know: those
are the embedded simulator's own. The watchdog is the body's, because Gazebo's drive keeps the last velocity for ever.
"""

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from nav_msgs.msg import Odometry
from ros_gz_interfaces.msg import Contacts
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64
from tf2_msgs.msg import TFMessage

from culture_profiles.errors import KithError
from nodes.base import graph, qos, times
from nodes.base.audio import CHUNK_S
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.body.camera import Camera
from nodes.body.contact import Contact
from nodes.body.drive import Drive
from nodes.body.inlet import Inlet
from nodes.body.joints import Joints
from nodes.body.laser import Laser
from sim import graph as stage
from sim import transforms
from sim.embedded import messages
from sim.embedded.battery import Battery
from sim.embedded.physics import Base
from sim.embedded.room_sound import RoomSound
from sim.embedded.sound import RATE, Sound
from sim.embedded.world_clock import WorldClock
from sim.gazebo.ears import Ears
from sim.gazebo.robot import Links, limits, robot_of
from sim.room.mixing import Room
from sim.worlds import sdf
from sim.worlds.mapping import home_map

_TOUCH_HELD_S = 0.3  # Gazebo tells contacts while they last, and nothing when they end


@dataclass(frozen=True, kw_only=True)
class GazeboSettings(Settings):
    """Which world, and the robot's share in it."""

    world: str = setting("", "SDF file of the world; empty: the care home that comes with Kith")
    driver: str = setting("gazebo", "Namespace of what the bridge brings from Gazebo, relative to the robot's")
    camera_hz: float = setting(5.0, "How many pictures a second are handed on", low=0.5, high=30.0)
    noise_dbfs: float = setting(
        -66.0, "RMS level of the room's noise floor in dBFS; -120: none", low=-120.0, high=-10.0
    )
    echo_db: float = setting(
        -6.0, "How loud the microphone hears the loudspeaker, in dB; -120: not at all", low=-120.0, high=6.0
    )
    battery_charge: float = setting(0.9, "Charge of the battery at the start, as a fraction", low=0.0, high=1.0)
    battery_hours: float = setting(8.0, "Hours that a full battery lasts standing still", low=0.01, high=100.0)


class GazeboBody(KithNode[GazeboSettings]):
    """The same topics as every body, over the bridge's."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[GazeboSettings]] = GazeboSettings

    def configure(self) -> None:
        """Read the world that Gazebo simulates, and open both sides."""
        world = sdf.read(Path(self.settings.world) if self.settings.world else sdf.CARE_HOME)
        robot = robot_of(world)
        if robot is None:
            raise KithError(f"{self.settings.world}: there is no kith_robot in this world")
        self._links, self._limits = Links(robot), limits(robot)
        self._start = Base(robot.pose.position[0], robot.pose.position[1], robot.pose.yaw, 0.0, 0.0)
        self._here = self._start
        self._driven_m = 0.0
        self._home_map = home_map(world)
        self._ears = Ears(world)
        self._drive = Drive(self, self._theirs("cmd_vel"), self._theirs("odom"), stamped=False)
        Laser(self, self._theirs("scan"))
        Camera(self, self._theirs("camera/image_raw"), self._theirs("camera/camera_info"), self.settings.camera_hz)
        self._configure_joints()
        self._configure_touch()
        self._room = RoomSound(self, lambda who: self._ears.level(who, (self._here.x_m, self._here.y_m)))
        self.every(CHUNK_S, self._room.tick, steady=True)
        self._battery_state = self.publisher(graph.BATTERY_STATE)
        self._map = self.publisher(graph.MAP)
        self._robot = self.publisher(stage.ROBOT)
        self._tf_static = self.publisher(graph.TF_STATIC)
        self.subscription(stage.PEOPLE, lambda message: self._ears.people.update(transforms.placed_people(message)))
        self.subscription(graph.Topic(self._theirs("odom"), Odometry, qos.SENSOR), self._on_odom)
        self.every(1.0, self._on_second, steady=True)

    def _theirs(self, topic: str) -> str:
        return f"{self.settings.driver}/{topic}"

    def activate(self) -> None:
        """Stand still, and begin to hear."""
        settings = self.settings
        self._world = WorldClock(self.steady_s(), self.now())
        self._room.begin(Sound(Room(RATE, settings.noise_dbfs), settings.echo_db), self._world)
        self._battery = Battery(settings.battery_charge, settings.battery_hours)
        stamp = times.to_msg(self.now())
        fixed = [transforms.transform(up, name, at, stamp) for up, name, at in self._links.fixed()]
        self._tf_static.publish(TFMessage(transforms=[*fixed, *messages.localisation(self._home_map, stamp)]))
        self._map.publish(messages.floor_map(self._home_map, stamp))
        self._drive.stand()
        self._on_second()

    def deactivate(self) -> None:
        """Leave nothing moving."""
        self._drive.stand()

    # Where it is ----------------------------------------------------------------------------------------------------
    def _on_odom(self, message: Odometry) -> None:
        """The robot's place in the world is where it started and where its wheels have taken it."""
        at, start = message.pose.pose.position, self._start
        heading = transforms.yaw(message.pose.pose.orientation)
        if not all(map(math.isfinite, (at.x, at.y, heading))):
            return
        cosine, sine = math.cos(start.heading_rad), math.sin(start.heading_rad)
        here = Base(
            start.x_m + at.x * cosine - at.y * sine,
            start.y_m + at.x * sine + at.y * cosine,
            start.heading_rad + heading,
            0.0,
            0.0,
        )
        moved = math.dist((here.x_m, here.y_m), (self._here.x_m, self._here.y_m))
        self._driven_m += moved
        if moved > 0.001 or abs(here.heading_rad - self._here.heading_rad) > 0.002:
            self._here = here
            self._tell_place()

    def _tell_place(self) -> None:
        self._robot.publish(messages.robot_pose(self._here, times.to_msg(self.now())))

    def _on_second(self) -> None:
        on_dock = self._home_map.on_dock(self._here.x_m, self._here.y_m)
        self._battery.until(self._world.seconds(self.steady_s()), self._driven_m, on_dock=on_dock)
        self._battery_state.publish(messages.battery(self._battery, times.to_msg(self.now())))
        self._tell_place()
        if late := self._joints.late(self.steady_s()):
            self.health.warn("joints", f"does not reach its place: {', '.join(late)}")
        else:
            self.health.clear("joints")
        if self._world.follow(self.steady_s(), self.now()):
            self.health.count("clock changes")

    # Joints ---------------------------------------------------------------------------------------------------------
    def _configure_joints(self) -> None:
        self._joints = Joints(self._limits)
        self._inlet = Inlet(25.0)
        self._angles = {
            name: self.publisher(graph.Topic(self._theirs(f"joint/{name}"), Float64, qos.EVENT))
            for name in self._limits
        }
        self._joint_states = self.publisher(graph.JOINT_STATES)
        self.subscription(graph.JOINT_TARGETS, self._on_joint_targets)
        self.subscription(graph.Topic(self._theirs("joint_states"), JointState, qos.SENSOR), self._on_joint_states)

    def _on_joint_targets(self, message: JointState) -> None:
        if len(message.name) != len(message.position):
            self.health.warn("joint_targets", "not obeyed: as many names as positions are needed")
            return
        try:
            targets = self._joints.aim(dict(zip(message.name, message.position, strict=True)), self.steady_s())
        except ValueError as problem:
            self.health.warn("joint_targets", f"not obeyed: {problem}")
            return
        self.health.clear("joint_targets")
        for name, angle in targets.items():
            self._angles[name].publish(Float64(data=angle))

    def _on_joint_states(self, message: JointState) -> None:
        now_s = self.steady_s()
        if not self._inlet.take(now_s):
            return
        told = zip(message.name, message.position, message.velocity, strict=False)
        known = {name: (angle, speed) for name, angle, speed in told if name in self._limits and math.isfinite(angle)}
        angles = {name: angle for name, (angle, _) in known.items()}
        self._joints.told(angles, now_s)
        stamp = times.to_msg(self.now())
        self._joint_states.publish(
            messages.joint_states(list(known), list(angles.values()), [speed for _, speed in known.values()], stamp)
        )
        moving = self._links.moving(angles)
        self._drive.tf.publish(
            TFMessage(transforms=[transforms.transform(up, name, at, stamp) for up, name, at in moving])
        )

    # Touch ----------------------------------------------------------------------------------------------------------
    def _configure_touch(self) -> None:
        self._bumper, self._touch = Contact(self, graph.BUMPER), Contact(self, graph.TOUCH)
        self._felt_s: dict[str, float] = {}
        for name, contact in (("bumper", self._bumper), ("touch", self._touch)):
            self.subscription(graph.Topic(self._theirs(name), Contacts, qos.SENSOR), self._feeler(name, contact))
        self.service(stage.TOUCH_ROBOT, self._on_touch)
        self.every(0.1, self._let_go, steady=True)

    def _feeler(self, name: str, contact: Contact) -> Any:
        def feel(message: Contacts) -> None:
            others = [each for each in message.contacts if not _own(each)]
            if others:
                self._felt_s[name] = self.steady_s()
                contact.feel("gazebo", True)

        return feel

    def _let_go(self) -> None:
        for name, contact in (("bumper", self._bumper), ("touch", self._touch)):
            if self.steady_s() - self._felt_s.get(name, -math.inf) > _TOUCH_HELD_S:
                contact.feel("gazebo", False)

    def _on_touch(self, request: Any, response: Any) -> Any:
        self._touch.feel("hand", request.data)
        response.success = True
        return response


def _own(contact: Any) -> bool:
    """Whether both ends are the robot's: a part that touches its neighbour is no touch."""
    return all(end.name.startswith("kith_robot::") for end in (contact.collision1, contact.collision2))


def main() -> int:
    """Run the body in Gazebo."""
    return run(GazeboBody)


if __name__ == "__main__":
    sys.exit(main())
