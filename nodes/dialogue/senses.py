"""When a robot's microphone and camera are off: while somebody cares for a resident, and when staff say so."""

from dataclasses import dataclass, field

from culture_profiles.profile import Profile

CARE = "care_in_progress"


@dataclass
class Senses:
    """Off for each reason until that very reason ends: evidence of who is here may fade while care goes on."""

    ordered_off: bool = False
    _in_care: set[str] = field(default_factory=set)

    @property
    def on(self) -> bool:
        """Whether the robot hears and sees."""
        return not self.ordered_off and not self._in_care

    def needs(self, resident_id: str) -> bool:
        """Whether the resident's profile must be followed, although they may not be seen any more."""
        return resident_id in self._in_care

    def profile(self, profile: Profile, *, here: bool) -> None:
        """A profile, new or changed. Care of somebody who is elsewhere is nothing to this robot."""
        if (profile.value(CARE) or "no") == "no":
            self._in_care.discard(profile.resident_id)
        elif here:
            self._in_care.add(profile.resident_id)
