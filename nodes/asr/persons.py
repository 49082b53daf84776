"""What a resident's profile tells about how they are heard."""

from collections.abc import Mapping
from dataclasses import dataclass

from culture_profiles.profile import Profile
from nodes.asr.engines import language_of

_LANGUAGES = ("language.preferred", "language.mother", "language.greeting", "language.spoken", "language.understood")
_NAMES = ("name.preferred", "family.daughter", "family.son")
_NEED_TIME = frozenset({"aphasia", "stammer", "word_finding", "dysarthria"})


@dataclass(frozen=True)
class Speaker:
    """`languages`: codes, the expected one first. `locales`: how each is written in full. `names`: likely words."""

    languages: tuple[str, ...]
    locales: Mapping[str, str]
    names: tuple[str, ...] = ()
    long_waits: bool = False


def speaker(profile: Profile | None, home_locale: str) -> Speaker:
    """How somebody speaks; of whom nothing is known, as the home does."""
    locales: dict[str, str] = {}
    if profile is not None:
        for key in _LANGUAGES:
            for locale in profile.values(key):
                locales.setdefault(language_of(locale), locale)
    locales.setdefault(language_of(home_locale), home_locale)
    if profile is None:
        return Speaker(tuple(locales), locales)
    needs = set(profile.values("speech.needs"))
    return Speaker(
        tuple(locales),
        locales,
        tuple(name for key in _NAMES for name in profile.values(key)),
        profile.value("speech.pauses") == "long" or bool(needs & _NEED_TIME),
    )
