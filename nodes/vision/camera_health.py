"""Whether the camera sees at all: dark, glaring, covered, frozen, slow."""

import zlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import cv2

from nodes.vision.picture import Picture

_BLACK, _DIM, _GLARING = 8.0, 40.0, 235.0  # mean grey
_PLAIN = 2.5  # standard deviation of a picture in which nothing is to be seen
_FROZEN_AFTER = timedelta(seconds=5)
_SLOW_HZ = 2.0
_OVER = timedelta(seconds=6)
_SMALL = (64, 48)


@dataclass
class CameraHealth:
    """Hand in every picture; `problem` is one line for people, or empty."""

    _times: deque[datetime] = field(default_factory=lambda: deque(maxlen=60))
    _mark: int = -1
    _changed_at: datetime | None = None
    _mean: float = 0.0
    _spread: float = 0.0

    def see(self, picture: Picture) -> None:
        """Look at one picture: costs a tenth of a millisecond."""
        small = cv2.resize(picture.grey, _SMALL, interpolation=cv2.INTER_AREA)
        self._mean, self._spread = float(small.mean()), float(small.std())
        self._times.append(picture.at)
        # A real sensor's noise differs in every picture, also of a room at rest.
        mark = zlib.crc32(picture.grey.data)
        if mark != self._mark:
            self._mark, self._changed_at = mark, picture.at

    @property
    def rate_hz(self) -> float:
        """Pictures per second lately; 0 before the second one."""
        recent = [each for each in self._times if self._times[-1] - each <= _OVER]
        span = (recent[-1] - recent[0]).total_seconds() if len(recent) > 1 else 0.0
        return (len(recent) - 1) / span if span > 0 else 0.0

    @property
    def light(self) -> str:
        """dark, dim, good or glaring; "" before the first picture."""
        if not self._times:
            return ""
        if self._mean < _BLACK:
            return "dark"
        if self._mean < _DIM:
            return "dim"
        return "glaring" if self._mean > _GLARING else "good"

    def problem(self, *, still_is_strange: bool = True) -> str:
        """What is wrong, in one line that says what to do. `still_is_strange`: false for a simulated camera."""
        if not self._times:
            return "no picture has come yet"
        if self._mean < _BLACK:
            return "the camera sees only black: take off its cover, or turn on the light"
        if self._spread < _PLAIN:
            return "the camera sees nothing but one shade: look whether something covers it"
        if still_is_strange and self._changed_at is not None and self._times[-1] - self._changed_at >= _FROZEN_AFTER:
            return "the camera sends the same picture again and again: unplug it and plug it in"
        if len(self._times) > 4 and 0 < self.rate_hz < _SLOW_HZ:
            return f"only {self.rate_hz:.1f} pictures a second: attention is noticed late"
        return ""
