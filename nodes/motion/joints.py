"""Whether joints follow: one that does not move is told of, and a gesture with it ends. Pure; radians, seconds."""

from collections.abc import Mapping

_OFF_RAD = 0.35
_FOR_S = 1.5
_MOVES_RAD = 0.02


class Joints:
    """Compares where joints shall be with where they say they are."""

    def __init__(self) -> None:
        self._aims: dict[str, float] = {}
        self._places: dict[str, float] = {}
        self._stands_s: dict[str, float] = {}
        self._stood_at: dict[str, float] = {}

    def aim(self, angles: Mapping[str, float]) -> None:
        """Where joints shall go."""
        self._aims.update(angles)

    def told(self, places: Mapping[str, float]) -> None:
        """Where joints are. What is no number is not taken."""
        self._places.update({name: angle for name, angle in places.items() if angle == angle})

    def stuck(self, elapsed_s: float) -> tuple[str, ...]:
        """Joints that have stood far from where they shall be for a while. Ask at a steady rate."""
        for name, place in self._places.items():
            moved = abs(place - self._stood_at.get(name, place)) > _MOVES_RAD
            far = abs(self._aims.get(name, place) - place) > _OFF_RAD
            if moved or not far or name not in self._stood_at:
                self._stood_at[name], self._stands_s[name] = place, 0.0
            else:
                self._stands_s[name] += elapsed_s
        return tuple(sorted(name for name, seconds in self._stands_s.items() if seconds > _FOR_S))
