"""One look: a picture in, who is in sight and how they attend. The time comes with the picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nodes.vision.attention import Attention, Level, Manner
from nodes.vision.camera_health import CameraHealth
from nodes.vision.faces import Face, FaceDetector
from nodes.vision.lens import Lens
from nodes.vision.on_the_floor import FloorWatch, Low, Mount
from nodes.vision.picture import Picture
from nodes.vision.tracks import Track, Tracker

_FACING_RAD = 0.6
"""A face turned further than this does not look at the camera."""


@dataclass(frozen=True)
class Seen:
    """One person in sight, or just gone from it: where the face was last, how far and where to (radians to the left),
    whether it looks here now, and how the person attends."""

    face_id: str
    face: Face
    distance_m: float
    bearing_rad: float
    facing: bool
    level: Level
    in_sight: bool = True
    """Whether this picture shows the face; else it was there a moment ago."""


@dataclass
class Sight:
    """What one camera sees. `new_id` gives the ids of faces."""

    detector: FaceDetector
    lens: Lens
    new_id: Callable[[], str]
    manner: Manner = field(default_factory=Manner)
    health: CameraHealth = field(default_factory=CameraHealth)
    floor: FloorWatch = field(default_factory=FloorWatch)

    def __post_init__(self) -> None:
        self._tracker = Tracker(self.new_id)
        self._attention: dict[str, Attention] = {}

    def look(self, picture: Picture) -> tuple[Seen, ...]:
        """Everybody in sight, and those gone for less than the tracker's patience."""
        self.health.see(picture)
        lens = self.lens.scaled(picture.width / self.lens.width)
        found = self.detector.find(picture.grey, self._tracker.faces)
        tracks = self._tracker.update(found, picture.at)
        seen = tuple(self._seen(track, lens, picture.at) for track in tracks)
        here = {each.face_id for each in seen}
        self._attention = {face_id: each for face_id, each in self._attention.items() if face_id in here}
        return seen

    def look_down(self, picture: Picture, seen: Sequence[Seen], mount: Mount) -> tuple[Low, ...]:
        """Everybody on the floor; `seen`: what `look` saw in this picture."""
        lens = self.lens.scaled(picture.width / self.lens.width)
        return self.floor.look(picture, [each.face for each in seen if each.in_sight], lens, mount)

    def forget(self) -> None:
        """The camera is off: nobody is in sight."""
        self.floor.forget()
        self._tracker.forget()
        self._attention.clear()

    def _seen(self, track: Track, lens: Lens, now: datetime) -> Seen:
        face = track.face
        facing = track.is_seen(now) and (face.yaw is None or abs(face.yaw) <= _FACING_RAD)
        distance = lens.distance(face.width)
        attention = self._attention.setdefault(track.id, Attention(self.manner))
        level = attention.see(now, facing=facing, distance_m=distance)
        return Seen(track.id, face, distance, lens.bearing(face.centre[0]), facing, level, track.is_seen(now))
