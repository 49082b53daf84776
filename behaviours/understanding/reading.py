"""What was understood of one utterance. Plain values; each carries why."""

from dataclasses import dataclass, field

from behaviours.understanding.languages import LevelName


@dataclass(frozen=True)
class Safety:
    """The safety class ("none" when harmless), how soon a person is needed, and the pattern that said so."""

    name: str = "none"
    level: LevelName = "none"
    why: str = ""


@dataclass(frozen=True)
class Statement:
    """A fact that the words state: key, value and whether they deny it. Whether it may be kept is decided elsewhere."""

    key: str
    value: str
    why: str
    denied: bool = False


@dataclass(frozen=True)
class Reading:
    """One utterance, understood. `intents` are in order of weight, `answers` are what it can mean as an answer."""

    text: str
    normalised: str
    language: str
    safety: Safety = field(default_factory=Safety)
    intents: tuple[str, ...] = ()
    answers: frozenset[str] = frozenset()
    statements: tuple[Statement, ...] = ()
    topic: str = ""
    is_question: bool = False
    duration_s: int = 0
    wants_language: str = ""
    why: tuple[str, ...] = ()

    def has(self, *intents: str) -> bool:
        """Whether any of these intents was understood."""
        return any(each in self.intents for each in intents)


def by_hand(meaning: str, language: str) -> Reading:
    """A touch as what it means: "stop" or "yes", as if that had been said. Errors: ValueError for anything else."""
    if meaning == "stop":
        why = "refuse.stop: a hand on the head"
        return Reading(meaning, meaning, language, Safety("consent", "none", why), why=(why,))
    if meaning == "yes":
        accepts = frozenset({"accept"})
        return Reading(meaning, meaning, language, intents=("yes",), answers=accepts, why=("a hand that was taken",))
    raise ValueError(f"a touch that means {meaning!r} is not known")
