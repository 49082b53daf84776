"""A driver's camera picture as the contract has it: three bytes a pixel, rgb8 or bgr8."""

import numpy as np
from numpy.typing import NDArray

_CHANNELS = {"rgb8": 3, "bgr8": 3, "rgba8": 4, "bgra8": 4, "mono8": 1, "8UC1": 1, "8UC3": 3}
_AS = {"rgba8": "rgb8", "bgra8": "bgr8", "mono8": "rgb8", "8UC1": "rgb8", "8UC3": "bgr8"}


def colours(
    data: bytes | bytearray | memoryview, height: int, width: int, step: int, encoding: str
) -> tuple[str, NDArray[np.uint8]]:
    """Encoding and pixels, height x width x 3. Errors: ValueError for an encoding or a size that cannot be read."""
    channels = _CHANNELS.get(encoding)
    if channels is None:
        raise ValueError(f"pictures in {encoding!r} cannot be used: set the camera to rgb8 or bgr8")
    flat = np.frombuffer(data, np.uint8)
    if height < 1 or width < 1 or step < width * channels or len(flat) < height * step:
        raise ValueError(f"a picture of {width} x {height} with {len(flat)} bytes is cut off")
    rows = flat[: height * step].reshape(height, step)[:, : width * channels]
    pixels: NDArray[np.uint8] = rows.reshape(height, width, channels)
    if channels == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    return _AS.get(encoding, encoding), np.ascontiguousarray(pixels[:, :, :3])
