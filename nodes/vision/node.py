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
from hri_msgs.msg import EngagementLevel, IdsList, NormalizedRegionOfInterest2D
from rclpy.event_handler import PublisherEventCallbacks
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Bool, String

from nodes.base import graph, times
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.vision import faces
from nodes.vision.attention import Manner
from nodes.vision.lens import Lens
from nodes.vision.picture import Picture, PictureError, read
from nodes.vision.sight import Seen, Sight

_NO_PICTURE_S = 3.0
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
        self._looking: Future[tuple[Seen, ...]] | None = None
        self._faces_tracked = self.publisher(graph.FACES_TRACKED)
        self._persons_tracked = self.publisher(graph.PERSONS_TRACKED)
        self._camera: Any = None
        self.subscription(graph.LOOKING, self._on_looking)
        self.subscription(graph.CAMERA_INFO, self._on_info)
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
        self._looking = self._worker.submit(self._look, picture)
        self._looking.add_done_callback(lambda done: self.post(lambda: self._on_looked(done, picture)))

    def _look(self, picture: Picture) -> tuple[Seen, ...]:
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
        return self._sight.look(picture)

    def _new_id(self) -> str:
        # Transient (REP-155): nothing follows from it after the face has gone. A topic's name begins with no digit.
        return f"{self.settings.robot or 'f'}_{uuid4().hex[:8]}"

    def _on_looked(self, done: "Future[tuple[Seen, ...]]", picture: Picture) -> None:
        if self._camera is None or done.cancelled():
            return  # it was told to look away meanwhile
        if (problem := done.exception()) is not None:
            self.health.error("looking", f"a picture could not be looked at ({type(problem).__name__})")
            return
        self.health.clear("looking")
        self.health.count("pictures looked at")
        self._publish(done.result(), picture)

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
        self.health.values["faces in sight"] = str(len(self._faces))


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
