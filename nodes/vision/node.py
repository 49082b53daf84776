"""The ROS shell of sight: pictures in, faces and attention out (ROS 4 HRI). No picture leaves this process."""

import math
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
from geometry_msgs.msg import Point, Pose, PoseArray
from hri_msgs.msg import EngagementLevel, IdsList, NormalizedRegionOfInterest2D
from nav_msgs.msg import Odometry
from rclpy.event_handler import PublisherEventCallbacks
from sensor_msgs.msg import CameraInfo, Image, JointState
from std_msgs.msg import Bool, String

from nodes.base import graph, times
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.vision import faces
from nodes.vision.attention import Manner
from nodes.vision.lens import Lens
from nodes.vision.on_the_floor import FARTHEST_M, Low, Mount, nearest_m
from nodes.vision.picture import Picture, PictureError, read
from nodes.vision.sight import Seen, Sight

_NO_PICTURE_S = 3.0
_LOOK_DOWN_S = 0.9  # the floor is looked at about once a second
_STANDS_M_S, _STANDS_RAD_S, _STILL_RAD = 0.01, 0.02, 0.02
_LINGER_S = 1.0
_OFF_AFTER_S = 5.0  # whoever says whether the camera may look has died: then it may not


@dataclass(frozen=True, kw_only=True)
class VisionSettings(Settings):
    """How the robot sees."""

    robot: str = setting("", "The robot's name, part of its face ids; empty for a home's only robot")
    models_dir: str = setting("", "Directory of the installed models; empty: the one `kith models` installs into")
    rate_hz: float = setting(5.0, "Pictures looked at per second, at most", low=0.5, high=30.0)
    horizontal_fov: float = setting(
        1.0, "Opening angle of the camera in radians, where the body tells none", low=0.2, high=3.0
    )
    upside_down: bool = setting(False, "The camera is mounted on its head")
    camera_height_m: float = setting(
        0.0, "The camera's height above the floor in metres; 0: not known, the floor is not watched", low=0.0, high=3.0
    )
    camera_pitch: float = setting(0.0, "How far the camera looks down when the head is level, rad", low=-1.5, high=1.5)
    head_pitch_joint: str = setting("", "The joint that turns the head down, positive; empty: none that is known")
    near_m: float = setting(3.0, "Within so many metres a look at the robot counts, m", low=0.5, high=6.0)
    look_s: float = setting(0.6, "So long a look at the robot is attention, s", low=0.1, high=5.0)
    aside_s: float = setting(1.2, "So long a glance aside is nothing, s", low=0.2, high=10.0)
    ended_s: float = setting(4.0, "So long without a look and the attention is over, s", low=1.0, high=60.0)
    simulation: bool = setting(False, "The camera is simulated: pictures of a room at rest are all the same")


@dataclass(eq=False)
class _Face:
    """The publishers of one face and of the nameless person it belongs to."""

    roi: Any
    belongs: Any
    engagement: Any


@dataclass(frozen=True)
class _Look:
    """What one picture showed. `low`: who is on the floor; None: the floor was not looked at."""

    seen: tuple[Seen, ...]
    low: tuple[Low, ...] | None


class VisionNode(KithNode[VisionSettings]):
    """Looks with one camera, while it may."""

    name = "vision"
    settings_type = VisionSettings

    def configure(self) -> None:
        """Load the detector, open the topics. Errors: KithError without any detector."""
        cv2.setNumThreads(1)  # a picture takes a few milliseconds; other cores have speech to recognise
        models_dir = Path(self.settings.models_dir) if self.settings.models_dir else default_models_dir()
        self._detector = faces.load(models_dir)
        self.health.values["faces by"] = self._detector.name
        self._sight: Sight | None = None
        self._view_rad = self.settings.horizontal_fov
        self._faces: dict[str, _Face] = {}
        self._told_s = self._picture_s = self._looked_s = -math.inf
        self._worker = ThreadPoolExecutor(1, "look")
        self._looking: Future[_Look] | None = None
        self._looked_down_s = -math.inf
        self._head: dict[str, float] = {}
        self._moves = False
        self._on_the_floor = self.publisher(graph.ON_THE_FLOOR)
        self._faces_tracked = self.publisher(graph.FACES_TRACKED)
        self._persons_tracked = self.publisher(graph.PERSONS_TRACKED)
        self._camera: Any = None
        self.subscription(graph.LOOKING, self._on_looking)
        self.subscription(graph.CAMERA_INFO, self._on_info)
        if self.settings.camera_height_m > 0:
            self.subscription(graph.ODOM, self._on_odometry)
            if self.settings.head_pitch_joint:
                self.subscription(graph.JOINT_STATES, self._on_joints)
        self.every(1.0, self._each_second, steady=True)

    def activate(self) -> None:
        """Nothing is seen before somebody says that the camera may look."""
        self._tell_off()

    def deactivate(self) -> None:
        """Nobody is in sight any more."""
        self._close_eyes()

    def cleanup(self) -> None:
        """End the worker."""
        if worker := getattr(self, "_worker", None):
            worker.shutdown(wait=True, cancel_futures=True)
        self._sight = None

    # May it look? ---------------------------------------------------------------------------------------------------
    def _on_looking(self, message: Bool) -> None:
        self._told_s = self.steady_s()
        if message.data and self._camera is None:
            self._camera = self.subscription(graph.CAMERA_IMAGE, self._on_image)
        elif not message.data:
            self._close_eyes()

    def _close_eyes(self) -> None:
        """The body is no longer asked for pictures, and what was seen is forgotten."""
        if self._camera is not None:
            self.destroy_subscription(self._camera)
            self._camera = None
        self._sight = None
        self._publish(())
        self._tell_off()

    def _tell_off(self) -> None:
        self.health.values["looking"] = "on" if self._camera is not None else "off"
        if self._camera is None:
            self.health.clear("camera")

    # Pictures -------------------------------------------------------------------------------------------------------
    def _on_info(self, message: CameraInfo) -> None:
        focal, width = float(message.k[0]), int(message.width)
        if focal > 0 and width > 0 and math.isfinite(focal):
            self._view_rad = 2 * math.atan(width / 2 / focal)

    def _on_image(self, message: Image) -> None:
        now = self.steady_s()
        self._picture_s = now
        if now - self._looked_s < 0.9 / self.settings.rate_hz or (
            self._looking is not None and not self._looking.done()
        ):
            return  # the newest picture is worth more than one that had to wait
        try:
            picture = read(message, times.from_msg(message.header.stamp), upside_down=self.settings.upside_down)
        except PictureError as problem:
            self.health.error("camera", str(problem))
            return
        self._looked_s = now
        mount, moved = None, self._moves
        if self.settings.camera_height_m > 0 and (moved or now - self._looked_down_s >= _LOOK_DOWN_S):
            pitch = self.settings.camera_pitch + self._head.get(self.settings.head_pitch_joint, 0.0)
            mount, self._looked_down_s, self._moves = Mount(self.settings.camera_height_m, pitch), now, False
        self._looking = self._worker.submit(self._look, picture, mount, moved)
        self._looking.add_done_callback(lambda done: self.post(lambda: self._on_looked(done, picture)))

    def _on_odometry(self, message: Odometry) -> None:
        speed = message.twist.twist
        self._moves |= abs(speed.linear.x) > _STANDS_M_S or abs(speed.angular.z) > _STANDS_RAD_S

    def _on_joints(self, message: JointState) -> None:
        for name, angle in zip(message.name, message.position, strict=False):
            if "head" in name.lower() and math.isfinite(angle):
                self._moves |= abs(angle - self._head.get(name, angle)) > _STILL_RAD
                if self._moves or name not in self._head:
                    self._head[name] = angle

    def _look(self, picture: Picture, mount: Mount | None, moved: bool) -> "_Look":
        if self._sight is None:
            settings = self.settings
            manner = Manner(
                settings.near_m,
                timedelta(seconds=settings.look_s),
                timedelta(seconds=settings.aside_s),
                timedelta(seconds=settings.ended_s),
            )
            lens = Lens.of_view(picture.width, picture.height, self._view_rad)
            self._sight = Sight(self._detector, lens, self._new_id, manner)
        if moved:
            self._sight.floor.forget()
        seen = self._sight.look(picture)
        return _Look(seen, None if mount is None else self._sight.look_down(picture, seen, mount))

    def _new_id(self) -> str:
        # Transient (REP-155): nothing follows from it after the face has gone. A topic's name begins with no digit.
        return f"{self.settings.robot or 'f'}_{uuid4().hex[:8]}"

    def _on_looked(self, done: "Future[_Look]", picture: Picture) -> None:
        if self._camera is None or done.cancelled():
            return  # it was told to look away meanwhile
        if (problem := done.exception()) is not None:
            self.health.error("looking", f"a picture could not be looked at ({type(problem).__name__})")
            return
        self.health.clear("looking")
        self.health.count("pictures looked at")
        self._publish(done.result().seen, picture)
        if (low := done.result().low) is not None:
            places = PoseArray(poses=[Pose(position=_point(each)) for each in low])
            places.header.stamp = times.to_msg(picture.at)
            self._on_the_floor.publish(places)

    def _floor_told(self) -> str:
        """What of the floor is watched, for people: the rest is blind."""
        height, sight = self.settings.camera_height_m, self._sight
        if height <= 0:
            return "not watched: the camera's height is not known"
        if sight is None or not sight.floor.learned:
            return "not watched yet: the robot has just come here, or moves"
        pitch = self.settings.camera_pitch + self._head.get(self.settings.head_pitch_joint, 0.0)
        nearest = nearest_m(sight.lens, Mount(height, pitch))
        if not nearest < FARTHEST_M:
            return "not watched: the camera looks above it"
        return f"watched from {nearest:.1f} to {FARTHEST_M:g} m ahead; nearer, behind things and elsewhere it is blind"

    # Telling --------------------------------------------------------------------------------------------------------
    def _publish(self, seen: Iterable[Seen], picture: Picture | None = None) -> None:
        everybody = {each.face_id: each for each in seen}
        for gone in set(self._faces) - set(everybody):
            self._forget(gone)
        stamp = times.to_msg(picture.at if picture is not None else self.now())
        for face_id in set(everybody) - set(self._faces):
            self._meet(face_id)
        for topic, ids in (
            (self._faces_tracked, list(everybody)),
            (self._persons_tracked, [_person(face_id) for face_id in everybody]),
        ):
            message = IdsList(ids=ids)
            message.header.stamp = stamp
            topic.publish(message)
        if picture is None:
            return
        for face_id, each in everybody.items():
            publishers, face = self._faces[face_id], each.face
            roi = NormalizedRegionOfInterest2D(
                xmin=_within(face.x / picture.width),
                ymin=_within(face.y / picture.height),
                xmax=_within((face.x + face.width) / picture.width),
                ymax=_within((face.y + face.height) / picture.height),
                c=face.score,
            )
            level = EngagementLevel(level=int(each.level))
            roi.header.stamp = level.header.stamp = stamp
            publishers.roi.publish(roi)
            publishers.belongs.publish(String(data=face_id))
            publishers.engagement.publish(level)

    def _meet(self, face_id: str) -> None:
        person = _person(face_id)
        self._faces[face_id] = _Face(
            self._open(graph.face_roi(face_id)),
            self._open(graph.person_face(person)),
            self._open(graph.person_engagement(person)),
        )

    def _open(self, topic: graph.Topic) -> Any:
        quiet = PublisherEventCallbacks(use_default_callbacks=False)
        return self.create_publisher(topic.type, topic.name, topic.qos, event_callbacks=quiet)

    def _forget(self, face_id: str) -> None:
        gone = self._faces.pop(face_id)
        gone.engagement.publish(EngagementLevel(level=EngagementLevel.DISENGAGED))
        # What was sent last is on its way yet: a publisher that goes at once may take it along.
        self.after(_LINGER_S, lambda: self._unpublish(gone), steady=True)

    def _unpublish(self, gone: _Face) -> None:
        for publisher in (gone.roi, gone.belongs, gone.engagement):
            self.destroy_publisher(publisher)

    def _each_second(self) -> None:
        now = self.steady_s()
        if self._camera is not None and now - self._told_s > _OFF_AFTER_S:
            self._close_eyes()
        self._tell_off()
        if self._camera is None:
            return
        sight = self._sight
        if now - max(self._picture_s, self._told_s - _NO_PICTURE_S) > 2 * _NO_PICTURE_S:
            self.health.warn("camera", "no picture comes: nobody is seen; look whether the camera is plugged in")
        elif sight is not None:
            self.health.values["light"] = sight.health.light
            self.health.values["pictures per second"] = f"{sight.health.rate_hz:.1f}"
            if problem := sight.health.problem(still_is_strange=not self.settings.simulation):
                self.health.warn("camera", problem)
            else:
                self.health.clear("camera")
        self.health.values["floor"] = self._floor_told()
        self.health.values["faces in sight"] = str(len(self._faces))


def _point(low: Low) -> Point:
    x, y = low.place
    return Point(x=x, y=y, z=0.0)


def _person(face_id: str) -> str:
    """A nameless person (REP-155): who it is, others tell by candidate matches."""
    return f"anonymous_{face_id}"


def _within(share: float) -> float:
    return max(0.0, min(1.0, share))


def main() -> int:
    """Run the vision node."""
    return run(VisionNode)


if __name__ == "__main__":
    sys.exit(main())
