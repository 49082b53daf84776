"""A simulated resident in talk: answers from the tastes and lines of `sim/residents/people`, declines, tires, ends."""

import random
from dataclasses import dataclass, field

from culture_profiles.beliefs.answers import tastes
from sim.residents.people import Person

DECLINES = ("No, thank you.", "I would rather not.", "Something else, please.")
ENDINGS = ("That will do for today.", "I would like to rest now.", "Goodbye.")
_YES = (
    "Yes, I did, for years.",
    "Oh yes.",
    "Yes, now and then.",
    "Yes, and I was good at it.",
    "I did, yes, with my sister.",
    "Yes, that was a happy time.",
    "Of course, everybody did.",
    "Yes, when I was young.",
)
_NO = ("No, never.", "Not really, no.", "No, I didn't.", "No, I don't think so.")
_TELLS = (
    "That was a long time ago, but I remember it well.",
    "My brother did that, and I watched.",
    "On Sundays, mostly.",
    "We walked everywhere, it was cheaper.",
    "It was lovely, I enjoyed every minute.",
    "Nobody had much, but we laughed a lot.",
    "It was rather boring, to tell you the truth.",
    "My aunt showed me, she was very patient.",
    "In the evenings, after supper.",
    "I can still smell it.",
    "Oh, it was terrible, I hated it.",
    "You never forget a thing like that.",
    "Round the corner from us.",
    "We saved up for it all year.",
    "Everybody in the street knew about it.",
    "I was the best of them all.",
    "It depends on the day.",
    "There was an old man who knew all about it.",
    "It rained the whole time and we did not mind.",
    "I couldn't say now.",
    "We used to sing on the way home.",
    "That was before you could buy such things in a shop.",
    "It made me happy.",
    "My hands still know how.",
    "Nobody believes it when I tell them.",
    "The children were always hungry afterwards.",
    "It was cold, and the windows were frozen.",
    "I wore my best coat, and the dog came too, and there was music, and we "
    "did not get home before midnight, and nobody was cross with us.",
)
_TASTE = {
    True: ("Yes, I do.", "Yes, very much.", "Oh yes."),
    False: ("No, not really.", "No, I don't."),
    None: ("I don't mind either way.", "It is all the same to me."),
}
_OPEN = ("do", "did", "was", "were", "have", "has", "are", "is", "could", "can", "would", "any", "ever")
_REMARKS = 0.15
_OPENS_WITH = ("ask", "offer")


@dataclass
class Talker:
    """One resident with English among their languages. `rng` decides; the same seed answers the same."""

    person: Person
    rng: random.Random
    asked_again: bool = False
    _questions: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._questions = {each.question: name for name, each in tastes().items()}

    def preference(self, text: str) -> str:
        """The preference that a robot's sentence asks about; "" for none."""
        return next((name for question, name in self._questions.items() if text.endswith(question)), "")

    def declines(self, *, begins: bool) -> str:
        """A refusal, when the resident does not take up what the robot begins or offers; else ""."""
        if not begins or self.rng.random() >= self.person.simulation.habits.declines:
            return ""
        return self.rng.choice((*self.person.simulation.refusals, *DECLINES))

    def answer(self, text: str) -> str:
        """What the resident says to the robot's turn."""
        habits, lines = self.person.simulation.habits, self.person.simulation
        if not self.asked_again and self.rng.random() < habits.mishears / 4:
            self.asked_again = True
            return "Pardon?"
        self.asked_again = False
        if preference := self.preference(text):
            likes = lines.tastes.by_preference.get(preference)
            return self.rng.choice(_TASTE[True if self.rng.random() < habits.agrees_regardless else likes])
        if lines.remarks and self.rng.random() < _REMARKS:
            return self.rng.choice(lines.remarks)
        last = text.rsplit(".", 1)[-1].strip().casefold()
        if last.endswith("?") and last.split(" ")[0] in _OPEN:
            if self.rng.random() < habits.agrees_regardless:
                return "Yes."
            return self.rng.choice((*_YES, *_NO, *_TELLS))
        return self.rng.choice(_TELLS)

    def ends(self) -> str:
        """How the resident ends a talk."""
        return self.rng.choice((*self.person.simulation.endings, *ENDINGS))
