"""How loud somebody is heard from afar.

Sound pressure falls with distance (inverse distance law, 6 dB per doubling: H. Kuttruff, "Room Acoustics"); a wall
between takes most of the rest, as a light partition does.
"""

from sim.room.mixing import gain

TALKING_M = 1.2
"""Up to here a voice is as loud as its level says: nearer, people speak more softly."""
_WALL_DB = -20.0


def level(distance_m: float, blocked: bool) -> float:
    """A factor for a voice so far away; `blocked`: something solid stands between mouth and microphone."""
    return min(1.0, TALKING_M / max(distance_m, 0.01)) * (gain(_WALL_DB) if blocked else 1.0)
