"""What is to be said and kept after a request of the person about their own facts."""

from dataclasses import dataclass

from culture_profiles.fact import Fact
from culture_profiles.profile import Profile


@dataclass(frozen=True)
class Reply:
    """`phrase` is the key of what to say, and `about` the facts its {fact} tells; `name` fills its {name}.

    `store` goes to the home, in order: retractions, corrections; of a key of staff it becomes a question to them there.
    `hide` takes effect at once in the profile that the robot holds, before the home has answered, also where nothing
    may be stored. `ask_staff`: an alert has to bring the request to staff, since no question of the home does.
    `question`: the robot waits for the answer to this (a kind of `Pending`).
    """

    phrase: str
    act: str
    why: str
    store: tuple[Fact, ...] = ()
    hide: tuple[Fact, ...] = ()
    about: tuple[Fact, ...] = ()
    name: str = ""
    ask_staff: bool = False
    question: str = ""

    def applied(self, profile: Profile) -> Profile:
        """The profile as the robot holds it from now on."""
        for fact in self.hide:
            profile = profile.with_fact(fact)
        return profile
