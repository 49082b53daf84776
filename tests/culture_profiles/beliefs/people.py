"""People and packs for tests of beliefs."""

from pathlib import Path

from culture_profiles.culture.loader import Packs
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from tests.culture_profiles.culture.packs_for_tests import packs
from tests.culture_profiles.profiles import fact, profile

JAPAN, FORTIES = "culture.region.japan", "culture.generation.born_1940s_japan"
MUSIC = ("music.dance_band", "music.folk", "music.classical", "music.jazz", "music.ballads", "music.choir")


def two_packs(folder: Path) -> Packs:
    """Two packs under names of real ones: Japan likes all music, the forties like no ballads."""
    priors = "".join(f"  - {{preference: {name}, yes: 6, no: 2, source: made}}\n" for name in MUSIC)
    return packs(
        folder,
        region__japan=f"priors:\n{priors}  - {{preference: drinks.green_tea, yes: 5, no: 1, source: made}}\n",
        generation__born_1940s_japan="priors:\n  - {preference: music.ballads, yes: 1, no: 7, source: made}\n",
    )


def person(*more: Fact, matters: str = "a_lot", **answers: str) -> Profile:
    """Somebody to whom Japan matters so much, with answers by preference (__ for the dot)."""
    said = [fact(name.replace("__", "."), value, source="resident") for name, value in answers.items()]
    return profile(fact(JAPAN, matters, source="resident"), *said, *more)
