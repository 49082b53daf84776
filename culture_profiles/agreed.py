"""What the care team has agreed for one resident, each with its date (care rules 4, 6, 7, 14)."""

from dataclasses import dataclass
from datetime import date, time

from culture_profiles.fact import Source
from culture_profiles.profile import Profile

FLOOR_POSITIONS = ("prayer", "futon", "exercise")
_UNRESTRICTED = frozenset({"no restriction", "no restrictions"})


def may_be_offered_food(profile: Profile, today: date) -> bool:
    """Whether food and drink may be offered: staff set "no restriction", its review date is not past, and nothing in
    the safety keys contradicts it. In doubt not: thin drinks can kill."""
    offering, review = profile.fact("food.offering"), _day(profile.value("food.offering_review"))
    if offering is None or offering.source is not Source.CARER or offering.value != "no_restriction":
        return False
    if review is None or review < today:
        return False
    limits = (profile.value("safety.swallowing"), profile.value("safety.fluids"))
    return all(limit is None or limit.strip().casefold() in _UNRESTRICTED for limit in limits)


def takes_own_medicine(profile: Profile, today: date) -> bool:
    """Whether an assessment in force found that the person takes medicines alone; only then may a prompt be spoken."""
    review = _day(profile.value("medicine.self_administration_review"))
    return profile.value("medicine.self_administration") == "yes" and review is not None and review > today


def agreed_wording(profile: Profile) -> str:
    """The care team's answer to a direct question about the dead; "" when none is agreed: fetch a person."""
    fact = profile.fact("grief.wording")
    return fact.value if fact is not None and fact.source is Source.CARER else ""


@dataclass(frozen=True)
class FloorPosition:
    """When it is usual to find the person on the floor, and why: prayer, futon, exercise."""

    kind: str
    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether it is expected at this time of the home's day; from evening to morning is one span."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


def floor_positions(profile: Profile, today: date) -> tuple[FloorPosition, ...]:
    """The floor positions staff expect, each time-boxed and within its review; an incomplete one is not expected."""
    found = []
    for kind in FLOOR_POSITIONS:
        review = _day(profile.value(f"floor.{kind}.review"))
        begins, ends = (_clock(profile.value(f"floor.{kind}.{side}")) for side in ("from", "until"))
        expected = profile.value(f"floor.{kind}.expected") == "true"
        if expected and review is not None and review >= today and begins is not None and ends is not None:
            found.append(FloorPosition(kind, begins, ends))
    return tuple(found)


def expected_on_floor(profile: Profile, today: date, at: time) -> str:
    """The position that is expected on the floor now (prayer, futon, exercise); "": none, look again and call."""
    return next((each.kind for each in floor_positions(profile, today) if each.holds(at)), "")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _clock(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
