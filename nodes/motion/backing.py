"""Off again from what the bumper has met: first let go, then a little back the way it came. Pure; m/s, seconds."""

_LETS_GO_S = 1.0
_BACK_M_S = 0.08
_BACK_FOR_S = 2.5


class BackingOff:
    """Told every moment how fast the robot was to go and whether it stands by its bumper."""

    def __init__(self) -> None:
        self._direction = 1.0
        self._stood_s = 0.0

    def drove(self, speed: float) -> None:
        """So it was to go, with nothing in the way."""
        self._stood_s = 0.0
        if speed:
            self._direction = 1.0 if speed > 0 else -1.0

    def speed(self, elapsed_s: float) -> float:
        """The speed for the next moment while the bumper is pressed."""
        self._stood_s += elapsed_s
        back = _LETS_GO_S < self._stood_s < _LETS_GO_S + _BACK_FOR_S
        return -_BACK_M_S * self._direction if back else 0.0
