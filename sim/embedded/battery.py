"""A battery that empties with time and with the way driven, and fills on the dock."""

_EMPTY_V, _FULL_V = 22.0, 28.8
_PER_DRIVEN_M = 0.00005  # 200 m cost one per cent
_FILLS_HOURS = 2.0


class Battery:
    """`charge` is a fraction, 0 to 1."""

    def __init__(self, charge: float = 0.9, lasts_hours: float = 8.0) -> None:
        """`lasts_hours`: how long a full one lasts standing still."""
        self.charge = charge
        self.charging = False
        self._lasts_s = lasts_hours * 3600.0
        self._at_s = self._driven_m = 0.0

    def until(self, now_s: float, driven_m: float, *, on_dock: bool) -> None:
        """So much time and way have passed since the start; `on_dock`: whether it stands where it is charged."""
        elapsed_s, way_m = max(0.0, now_s - self._at_s), max(0.0, driven_m - self._driven_m)
        self._at_s, self._driven_m, self.charging = now_s, driven_m, on_dock
        used = elapsed_s / self._lasts_s + way_m * _PER_DRIVEN_M
        filled = elapsed_s / (_FILLS_HOURS * 3600.0) if on_dock else 0.0
        self.charge = max(0.0, min(1.0, self.charge - used + filled))

    @property
    def voltage(self) -> float:
        """Volts at that charge."""
        return _EMPTY_V + (_FULL_V - _EMPTY_V) * self.charge
