"""How to begin with a person today: what dialogue asks before the first word.

A background may suggest a manner of speaking, a distance, a way of looking and how long to pause: nothing that says who
somebody is. Gestures and wishes wait for the person's own word (care rule 13), so a profile that is silent but for its
facets gets the same nod and no wish, whatever the facets are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from culture_profiles.culture import calendar
from culture_profiles.culture.facets import Side, sides
from culture_profiles.culture.observances import may_be_shown
from culture_profiles.culture.pack import Facet, Festival, Manner, Pack
from culture_profiles.culture.words import says_any
from culture_profiles.fact import Source, Status
from culture_profiles.profile import Profile

NEUTRAL_GESTURE = "nod"
_DEFAULTS = {"address.manner": "formal", "distance.metres": "1.2", "gaze.manner": "soft", "speech.pauses": "long"}
"""For somebody of whom nothing is known: polite, at arm's length and a half, unhurried."""
_GREETINGS = {"bow": "greetings.bow", "wave": "greetings.wave", "handshake": "greetings.handshake"}
_GESTURES = ("namaste", "hand_on_heart", "bow", "handshake", "wave")
_WISHED = ("faith.festival", "topics.liked")
_KNOWN = (Status.STATED, Status.CONFIRMED, Status.LOCKED)


@dataclass(frozen=True)
class Approach:
    """How to begin. `why` says for each field where it comes from, for staff and for explaining."""

    manner: str
    """formal · warm · plain"""
    distance_m: float
    gaze: str
    """direct · soft"""
    pauses: str
    """short · long"""
    gesture: str
    """The one gesture allowed in greeting: nod unless the person said what they like; none if they want none."""
    wish: Festival | None
    """A joyful day that the person keeps, today; it may be wished well."""
    avoid: tuple[str, ...]
    """Words that the robot does not bring up by itself: what they avoid, and what is painful to people like them."""
    why: Mapping[str, str]


def approach(profile: Profile, today: date, packs: Mapping[str, Pack], *, simulation: bool) -> Approach:
    """How to begin with a person on a day. `simulation`: packs that nobody reviewed count in full."""
    of_person = sides(profile, packs, simulation=simulation)
    chosen = {key: _chosen(key, profile, of_person) for key in _DEFAULTS}
    gesture, why_gesture = _gesture(profile)
    wish = _wish(profile, today, of_person)
    return Approach(
        manner=chosen["address.manner"][0],
        distance_m=float(chosen["distance.metres"][0]),
        gaze=chosen["gaze.manner"][0],
        pauses=chosen["speech.pauses"][0],
        gesture=gesture,
        wish=wish,
        avoid=_avoid(profile, of_person),
        why={
            "manner": chosen["address.manner"][1],
            "distance_m": chosen["distance.metres"][1],
            "gaze": chosen["gaze.manner"][1],
            "pauses": chosen["speech.pauses"][1],
            "gesture": why_gesture,
            "wish": "the person keeps this day" if wish is not None else "no day that the person said they keep",
        },
    )


def says_avoided(text: str, avoid: tuple[str, ...]) -> bool:
    """Whether a sentence would bring up one of the words to avoid."""
    return says_any(text, avoid)


def _avoid(profile: Profile, of_person: tuple[Side, ...]) -> tuple[str, ...]:
    painful = (word for side in of_person for time in side.pack.painful for word in time.words)
    return tuple(dict.fromkeys((*profile.values("topics.avoided"), *profile.values("topics.painful"), *painful)))


# Manner -------------------------------------------------------------------------------------------------------------
def _chosen(key: str, profile: Profile, of_person: tuple[Side, ...]) -> tuple[str, str]:
    fact = profile.fact(key)
    if fact is not None and fact.source is not Source.CULTURE_PRIOR:
        return fact.value, f"{fact.status.value}, {fact.source.value}"
    if key == "address.manner":
        if profile.value("address.formal") == "yes":
            return "formal", "answered: address.formal"
        if profile.value("address.first_name") == "yes":
            return "warm", "answered: address.first_name"
    said = [(side, manner) for side in of_person for manner in side.pack.manner if manner.key == key and side.weight]
    if not said:
        return _DEFAULTS[key], "the same for everybody"
    packs = ", ".join(dict.fromkeys(side.pack.reference for side, _ in said))
    value = _distance(said) if key == "distance.metres" else _likeliest(said)
    return (value, f"assumed: {packs}") if value else (_DEFAULTS[key], "the same for everybody")


def _distance(said: list[tuple[Side, Manner]]) -> str:
    """The mean of the default and what the packs say, each as heavy as its answers."""
    total = 1.0 + sum(side.weight * manner.yes for side, manner in said)
    metres = float(_DEFAULTS["distance.metres"])
    metres += sum(side.weight * manner.yes * float(manner.value) for side, manner in said)
    return f"{metres / total:.2f}"


def _likeliest(said: list[tuple[Side, Manner]]) -> str:
    """The value with the largest share of yes, if that is more than half; half an answer of each kind is added."""
    yes: dict[str, float] = {}
    no: dict[str, float] = {}
    for side, manner in said:
        yes[manner.value] = yes.get(manner.value, 0.5) + side.weight * manner.yes
        no[manner.value] = no.get(manner.value, 0.5) + side.weight * manner.no
    share = {value: yes[value] / (yes[value] + no[value]) for value in yes}
    best = max(sorted(share), key=lambda value: share[value])
    return best if share[best] > 0.5 else ""


# Gesture and wish: the person's own word ---------------------------------------------------------------------------
def _gesture(profile: Profile) -> tuple[str, str]:
    avoided = {_name(value) for value in profile.values("gestures.avoided")}
    liked = {_name(fact.value) for fact in profile.facts if fact.key == "gestures.liked" and fact.status in _KNOWN}
    for gesture, preference in _GREETINGS.items():
        fact = profile.fact(preference)
        if fact is None or fact.source is Source.CULTURE_PRIOR:
            continue
        if fact.value == "no":
            avoided.add(gesture)
        elif fact.status in _KNOWN:
            liked.add(gesture)
    if profile.value("touch.hand") == "no":
        avoided.add("handshake")
    for gesture in _GESTURES:
        if gesture in liked and gesture not in avoided:
            return gesture, "the person said that they like it"
    if NEUTRAL_GESTURE in avoided or "none" in liked:
        return "none", "the person wants none"
    return NEUTRAL_GESTURE, "the same for everybody"


def _name(text: str) -> str:
    return "_".join(text.casefold().split())


def _wish(profile: Profile, today: date, of_person: tuple[Side, ...]) -> Festival | None:
    sad = {time.anniversary for side in of_person for time in side.pack.painful if time.anniversary}
    if f"{today:%m-%d}" in sad:
        return None
    kept = [fact.value for fact in profile.known() if fact.key in _WISHED]
    for side in of_person:
        for festival in side.pack.festivals:
            if festival.mood != "joyful" or side.weight == 0:
                continue
            named = any(says_any(value, _names(festival)) for value in kept)
            stated = side.pack.facet is Facet.FAITH and may_be_shown(side, festival, of_person)
            if (named or stated) and _is_on(festival, today):
                return festival
    return None


def _names(festival: Festival) -> tuple[str, ...]:
    return (festival.name, festival.id.replace("_", " "), *festival.local_name.values())


def _is_on(festival: Festival, today: date) -> bool:
    span = calendar.next_span(festival.when, today)
    return span is not None and today in span
