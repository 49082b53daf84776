"""Invented people of every look: six tones of skin from very light to very dark, each with six ways to dress a head."""

from collections.abc import Iterator

from sim.worlds.looks import Look

TONES = ("#f3dcc8", "#e3b98f", "#c58f63", "#a06c48", "#6b4430", "#3f281d")
"""From light to dark."""
WORN = ("none", "glasses", "headscarf", "turban", "cap", "kippah")
_CLOTHES = ("#7a4b5d", "#3f5a7a", "#5d7a4b", "#9a4b4b", "#2f6f6a", "#4b4b6a")
_HAIR = ("#d9d9d9", "#e4e0d8", "#8a8a8a", "#3a3a3a", "#9a9a9a", "#f0f0f0")
_AT_ONCE = 12  # as many as the simulated home has residents


def tone(who: str) -> str:
    """tone_1 (lightest) to tone_6."""
    return who.split("/")[0]


def worn(who: str) -> str:
    """What is on the head: one of `WORN`."""
    return who.split("/")[1]


def everybody() -> dict[str, Look]:
    """Looks by "tone_3/cap"."""
    made = {}
    for number, skin in enumerate(TONES):
        for place, each in enumerate(WORN):
            made[f"tone_{number + 1}/{each}"] = Look(
                skin=skin,
                hair=_HAIR[(number + place) % len(_HAIR)],
                clothes=_CLOTHES[(2 * number + place) % len(_CLOTHES)],
                glasses=each in ("glasses", "kippah"),
                covering="none" if each == "glasses" else each,  # type: ignore[arg-type]
                seat="lounge",
            )
    return made


def groups() -> Iterator[dict[str, Look]]:
    """As many at a time as fit into the home, tones mixed."""
    people = everybody()
    names = [f"tone_{number + 1}/{each}" for each in WORN for number in range(len(TONES))]
    for start in range(0, len(names), _AT_ONCE):
        yield {name: people[name] for name in names[start : start + _AT_ONCE]}
