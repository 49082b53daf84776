"""A battery that empties with time and with the way driven."""

from dataclasses import dataclass

_EMPTY_V, _FULL_V = 22.0, 28.8
_PER_DRIVEN_M = 0.00005  # 200 m cost one per cent


@dataclass(frozen=True)
class Battery:
    """Charge at the start as a fraction, and how long a full one lasts standing still."""

    charge_at_start: float = 0.9
    lasts_hours: float = 8.0

    def charge(self, running_s: float, driven_m: float) -> float:
        """The fraction left, 0 to 1."""
        used = running_s / (self.lasts_hours * 3600.0) + driven_m * _PER_DRIVEN_M
        return max(0.0, self.charge_at_start - used)

    def voltage(self, charge: float) -> float:
        """Volts at that charge."""
        return _EMPTY_V + (_FULL_V - _EMPTY_V) * charge
