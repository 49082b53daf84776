"""The robot's camera: the world as its eyes see it, rendered off screen in software."""

import importlib
from typing import Any

import mujoco
import numpy as np

from culture_profiles.errors import KithError
from sim.embedded.mjcf import ROBOT_GROUP
from sim.embedded.physics import Physics
from sim.worlds.description import Sensor
from sim.worlds.faces import Image

_RENDERERS = ("osmesa", "egl")


def _context(width: int, height: int) -> Any:
    """A place to draw in. Errors: KithError that says what to install."""
    for name in _RENDERERS:
        try:
            # Its own import, so that a machine without it still has everything else.
            made = importlib.import_module(f"mujoco.{name}").GLContext(width, height)
            made.make_current()
        except Exception:  # noqa: S112 - whatever a graphics driver comes up with
            continue
        return made
    raise KithError("the camera cannot see: install the system package libosmesa6; all else works")


class Camera:
    """Pictures of `width` x `height` pixels. Close it in the end: the drawing place is not Python's to free."""

    def __init__(self, physics: Physics, sensor: Sensor) -> None:
        """Errors: KithError when this machine cannot draw."""
        settings = sensor.settings
        self.rate_hz = sensor.rate_hz
        self.width, self.height = (
            max(16, min(640, round(settings.get(f"camera/image/{side}", default))))
            for side, default in (("width", 320), ("height", 240))
        )
        self.horizontal_fov = settings.get("camera/horizontal_fov", 1.0)
        self._physics = physics
        self._context = _context(self.width, self.height)
        self._scene = mujoco.MjvScene(physics.model, maxgeom=1000)
        self._draw = mujoco.MjrContext(physics.model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._draw)
        self._view = mujoco.MjvCamera()
        self._view.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._view.fixedcamid = physics.model.camera("camera").id
        self._option = mujoco.MjvOption()
        self._option.geomgroup[ROBOT_GROUP] = 1
        for flag in ("SHADOW", "REFLECTION", "HAZE"):
            self._scene.flags[getattr(mujoco.mjtRndFlag, f"mjRND_{flag}")] = 0
        self._window = mujoco.MjrRect(0, 0, self.width, self.height)
        self._pixels = np.zeros((self.height, self.width, 3), np.uint8)

    def picture(self) -> Image:
        """What the camera sees now: rows from the top, red, green, blue."""
        physics = self._physics
        physics.refresh()
        self._context.make_current()
        mujoco.mjv_updateScene(
            physics.model, physics.data, self._option, None, self._view, mujoco.mjtCatBit.mjCAT_ALL, self._scene
        )
        mujoco.mjr_render(self._window, self._scene, self._draw)
        mujoco.mjr_readPixels(self._pixels, None, self._window, self._draw)
        return np.ascontiguousarray(self._pixels[::-1])

    def close(self) -> None:
        """Free what was drawn with."""
        self._draw.free()
        self._context.free()
