"""A place to take pictures of invented people in the simulated home: who stands where, in which light, is known."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import cv2
import mujoco
import numpy as np

from nodes.vision.lens import Lens
from nodes.vision.picture import Picture, in_small
from sim.embedded.camera import Camera
from sim.embedded.physics import Physics
from sim.worlds import sdf
from sim.worlds.faces import Image
from sim.worlds.looks import Look
from sim.worlds.placed import Placed

WIDTH, HEIGHT = 640, 480
EPOCH = datetime(2026, 11, 28, 9, tzinfo=UTC)
_GRAIN = 2.5  # grey levels of noise, as a cheap camera has by lamplight
_AWAY = 40.0  # metres: nobody there is seen


@dataclass(frozen=True)
class Light:
    """`strength`: 1 is a bright room; `slope`: how much brighter the left side of the picture is than its middle, as
    by a window; `grain`: noise in grey levels."""

    strength: float = 1.0
    slope: float = 0.0
    grain: float = _GRAIN


@dataclass(frozen=True)
class Stand:
    """Where the robot stands in the home, and where it looks: metres, radians; `pitch`: the head's, positive down."""

    x_m: float
    y_m: float
    heading_rad: float
    pitch_rad: float = 0.0


class Studio:
    """The home with people of one's own choice. Everybody is away until placed."""

    def __init__(self, people: Mapping[str, Look], seed: int = 1) -> None:
        """`people`: at most as many as the home has residents. Errors: KithError when this machine cannot draw."""
        world = sdf.read(sdf.CARE_HOME)
        names = [each.name.removeprefix("resident_") for each in world.models if each.name.startswith("resident_")]
        self._name = dict(zip(people, names, strict=False))
        self.physics = Physics(world, {self._name[who]: look for who, look in people.items()})
        sensor = self.physics.compiled.sensors["camera"][1]
        size = {"camera/image/width": float(WIDTH), "camera/image/height": float(HEIGHT)}
        self._camera = Camera(self.physics, replace(sensor, settings={**sensor.settings, **size}))
        self.lens = Lens.of_view(WIDTH, HEIGHT, self._camera.horizontal_fov)
        self.sent: Image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        """The last picture as the camera sent it: red, green, blue."""
        self._chance = np.random.default_rng(seed)
        for name in names:
            self.physics.place(name, Placed(_AWAY, _AWAY, 0.0))

    def close(self) -> None:
        """Give the drawing place back."""
        self._camera.close()

    def stand(self, where: Stand) -> None:
        """Put the robot somewhere, without driving."""
        data, model = self.physics.data, self.physics.model
        for name, value in (("base_x", where.x_m), ("base_y", where.y_m), ("base_heading", where.heading_rad)):
            data.qpos[model.joint(name).qposadr[0]] = value
        data.qpos[model.joint("HeadPitch").qposadr[0]] = where.pitch_rad
        self.physics.refresh()

    @property
    def eye(self) -> tuple[float, float, float]:
        """Where the camera is in the home, metres."""
        self.physics.refresh()
        x, y, z = self.physics.data.cam_xpos[self.physics.model.camera("camera").id]
        return float(x), float(y), float(z)

    def place(self, who: str, placed: Placed | None) -> None:
        """Put somebody somewhere; None: away."""
        self.physics.place(self._name[who], placed or Placed(_AWAY, _AWAY, 0.0))

    def before(
        self, where: Stand, distance_m: float, bearing_rad: float, turned_rad: float = 0.0, *, sits: bool = False
    ) -> Placed:
        """A place so far from the camera, so much to the left, the head turned so much from the robot."""
        x, y, _ = self.eye
        way = where.heading_rad + bearing_rad
        return Placed(
            x + distance_m * math.cos(way),
            y + distance_m * math.sin(way),
            way + math.pi,
            sits=sits,
            head_yaw_rad=turned_rad,
        )

    def head(self, who: str) -> tuple[float, float, float, float]:
        """Of a head: column and row in the picture, width in pixels as a face detector frames it, distance in metres.

        Behind the camera the distance is negative.
        """
        self.physics.refresh()
        data, camera = self.physics.data, self.physics.model.camera("camera").id
        middle = data.body(f"{self._name[who]}/head").xpos - data.cam_xpos[camera]
        right, up, back = data.cam_xmat[camera].reshape(3, 3).T @ middle
        ahead = -float(back)
        if ahead <= 0.05:
            return 0.0, 0.0, 0.0, -1.0
        focal = self.lens.focal_px
        return (
            WIDTH / 2 + focal * float(right) / ahead,
            HEIGHT / 2 - focal * float(up) / ahead,
            0.155 * focal / ahead,
            float(np.linalg.norm(middle)),
        )

    def seen_of(self, who: str) -> float:
        """How much of a body is in the picture and not hidden: a share of points along it and across it."""
        self.physics.refresh()
        model, data = self.physics.model, self.physics.data
        camera = model.camera("camera").id
        eye, turned = data.cam_xpos[camera], data.cam_xmat[camera].reshape(3, 3)
        groups = np.array([1, 0, 0, 0, 0, 0], np.uint8)
        inside, hit = 0, np.zeros(1, np.int32)
        points = [
            body.xpos + body.xmat.reshape(3, 3)[:, axis] * far
            for part, axis, reach in (("head", 2, 0.08), ("torso", 2, 0.25), ("legs", 2, 0.35), ("torso", 0, 0.1))
            for body in (data.body(f"{self._name[who]}/{part}"),)
            for far in (-reach, 0.0, reach)
        ]
        for point in points:
            away = point - eye
            right, up, back = turned.T @ away
            if back >= -0.1 or abs(right / back) > math.tan(self._camera.horizontal_fov / 2):
                continue
            if abs(up / back) * self.lens.focal_px > HEIGHT / 2:
                continue
            far = float(np.linalg.norm(away))
            met = mujoco.mj_ray(model, data, eye, away / far, groups, 1, -1, hit, None)
            inside += int(not 0.0 <= met < far)
        return inside / len(points)

    def picture(self, light: Light = Light(), at: datetime = EPOCH) -> Picture:
        """What the camera sees in this light."""
        pixels = self._camera.picture().astype(np.float32) * light.strength
        if light.slope:
            pixels *= np.linspace(1 + light.slope, 1 - light.slope, WIDTH, dtype=np.float32)[None, :, None]
        pixels = np.asarray(cv2.GaussianBlur(pixels, (3, 3), 0.6), np.float32)
        pixels += self._chance.normal(0.0, light.grain, pixels.shape[:2]).astype(np.float32)[..., None]
        shown: Image = np.clip(pixels, 0, 255).astype(np.uint8)
        self.sent = shown
        grey = np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), np.uint8)
        return Picture(grey, at, small=in_small(shown, "rgb8"))


@contextmanager
def studio(people: Mapping[str, Look], seed: int = 1) -> Iterator[Studio]:
    """A studio, closed in the end."""
    made = Studio(people, seed)
    try:
        yield made
    finally:
        made.close()
