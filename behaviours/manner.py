"""How a resident is spoken to: rate, pitch, volume and form of address, from what the profile states."""

from dataclasses import dataclass, replace

from behaviours.acts import Manner
from culture_profiles.profile import Profile

RATES = {"slow": 115.0, "normal": 145.0, "fast": 175.0}  # words per minute; eSpeak's own default is 175
PITCHES = {"low": 0.8, "normal": 0.95, "high": 1.05}
VOLUMES = {"soft": 0.6, "normal": 0.8, "loud": 1.0}
_ENDS = ".?!।۔؟…"
_COMMAS = {"ja": "、", "zh": "，", "ko": ", "}
"""Languages in which the form of address comes first, with the comma that follows it."""
UNKNOWN = Manner(RATES["normal"], PITCHES["normal"], VOLUMES["normal"])


@dataclass
class Wish:
    """What the person asked for just now ("slower", "louder"); "" is: as the profile says."""

    rate: str = ""
    pitch: str = ""
    volume: str = ""


def manner(profile: Profile | None, wish: Wish | None = None) -> Manner:
    """The manner for a person; a stranger gets the plain one."""
    result = UNKNOWN
    if profile is not None:
        result = Manner(
            RATES.get(profile.value("speech.rate") or "", result.rate),
            PITCHES.get(profile.value("speech.pitch") or "", result.pitch),
            VOLUMES.get(profile.value("speech.volume") or "", result.volume),
        )
    if wish is None:
        return result
    return replace(
        result,
        rate=RATES.get(wish.rate, result.rate),
        pitch=PITCHES.get(wish.pitch, result.pitch),
        volume=VOLUMES.get(wish.volume, result.volume),
    )


def address(profile: Profile | None) -> str:
    """How the person is addressed, if it was stated; "" otherwise: nothing is made up from a name."""
    if profile is None:
        return ""
    for key in ("address.form", "name.preferred"):
        fact = profile.fact(key)
        if fact is not None and fact in profile.known():
            return fact.value
    return ""


def with_address(text: str, form: str, locale: str) -> str:
    """A sentence with the form of address worked into it once: before the end of its first clause."""
    if not form or form.casefold() in text.casefold():
        return text
    if locale[:2] in _COMMAS:
        return f"{form}{_COMMAS[locale[:2]]}{text}"
    comma = "،" if locale.startswith("ur") else ","
    for place, character in enumerate(text):
        if character in _ENDS:
            return f"{text[:place]}{comma} {form}{text[place:]}"
    return f"{text}{comma} {form}"
