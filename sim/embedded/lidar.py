"""The laser scanner: rays into the world, as far as the sensor in the robot's description reaches."""

import mujoco
import numpy as np
import numpy.typing as npt

from sim.embedded.mjcf import PEOPLE_GROUP, STATIC_GROUP
from sim.embedded.physics import Physics
from sim.worlds.description import Sensor


class Lidar:
    """Ranges in metres, counter-clockwise from `angle_min`; infinite where nothing is met."""

    def __init__(self, sensor: Sensor, seed: int = 0) -> None:
        settings = sensor.settings
        scan = "lidar/scan/horizontal/"
        self.rate_hz = sensor.rate_hz
        self.angle_min = settings.get(scan + "min_angle", -np.pi)
        self.angle_max = settings.get(scan + "max_angle", np.pi)
        count = max(2, min(4096, round(settings.get(scan + "samples", 360))))
        self.angle_step = (self.angle_max - self.angle_min) / (count - 1)
        self.nearest_m = settings.get("lidar/range/min", 0.1)
        self.farthest_m = settings.get("lidar/range/max", 10.0)
        self._noise_m = settings.get("lidar/noise/stddev", 0.0)
        angles = self.angle_min + self.angle_step * np.arange(count)
        self._rays = np.stack([np.cos(angles), np.sin(angles), np.zeros(count)], axis=1)
        self._random = np.random.default_rng(seed)
        self._hit = np.zeros(count, np.int32)
        self._distance = np.zeros(count)
        self._groups = np.zeros(6, np.uint8)
        self._groups[[STATIC_GROUP, PEOPLE_GROUP]] = 1

    def scan(self, physics: Physics) -> npt.NDArray[np.float32]:
        """One turn of the scanner. The robot itself is not seen."""
        physics.refresh()
        data = physics.data
        site = data.site("lidar")
        directions = (self._rays @ site.xmat.reshape(3, 3).T).ravel()
        mujoco.mj_multiRay(
            physics.model, data, site.xpos, directions, self._groups, 1, -1, self._hit, self._distance, None,
            len(self._rays), self.farthest_m,
        )  # fmt: skip
        met = self._hit >= 0
        ranges = self._distance + self._random.normal(0.0, self._noise_m, len(met)) if self._noise_m else self._distance
        inside = met & (self._distance >= self.nearest_m) & (self._distance <= self.farthest_m)
        return np.where(inside, ranges, np.inf).astype(np.float32)
