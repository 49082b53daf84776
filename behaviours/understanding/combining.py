"""Patterns and likeness weighed together: which intents, and when likeness may raise a safety class."""

from collections.abc import Iterable, Mapping

from behaviours.understanding.languages import LevelName, SafetyName
from behaviours.understanding.meaning import Guess, Meaning
from behaviours.understanding.reading import Safety

WIDER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("joke", "song", "poem", "game", "music", "read_aloud"), ("entertain",)),
    "who_is_on_shift": ("activities_question",),
}
"""Intents that are a kind of another: whoever does not know the narrower one answers the wider."""
_PATTERN = 0.35
"""What a matched pattern adds to the likeness of its intent."""
_LEAST = 0.17
"""What is less like any intent than this is talk."""
_LEAST_REFUSAL = 0.28
"""And less like a refusal than this: being silent at "You go to church?" helps nobody."""
_REFUSALS = {"stop": "refuse.stop", "go_away": "refuse.now"}
_ANSWERS = ("later",)  # understood as answers, never as intents
_GRAVEST: tuple[SafetyName, ...] = (
    "emergency", "self_harm", "abuse", "medical", "pain", "end_of_life", "grief", "confusion", "distress", "privacy",
    "boundary", "consent",
)  # fmt: skip
_LEVELS: Mapping[str, LevelName] = {
    "emergency": "emergency",
    "self_harm": "emergency",
    "abuse": "attend",
    "pain": "attend",
    "medical": "inform",
    "end_of_life": "inform",
}
# Above these a class is believed that no pattern found: (by letters alone, with the sentence model).
_BELIEVED: Mapping[str, tuple[float, float]] = {
    "emergency": (0.75, 0.70),
    "self_harm": (0.70, 0.62),
    "abuse": (0.38, 0.36),
    "medical": (0.20, 0.20),
    "pain": (0.32, 0.30),
    "end_of_life": (0.26, 0.25),
    "grief": (0.19, 0.19),
    "confusion": (0.23, 0.23),
    "distress": (0.30, 0.28),
    "privacy": (0.25, 0.25),
    "boundary": (0.26, 0.25),
    "consent": (0.30, 0.28),
}
_DOUBT = 0.3
_DOUBT_OF_ADVICE = 0.1
"""By so much more where a pattern has found another class; less for advice, which is refused at a little likeness."""
_CLEARLY = 0.05
"""By so much must it exceed ordinary talk and every intent."""


def liken(matched: Iterable[str], guess: Guess) -> tuple[str, ...]:
    """Intents in order of weight: matched by patterns, like the examples, or both."""
    weights = {name: guess.intent(name) + _PATTERN for name in matched}
    best = guess.best
    name = best.removeprefix("intent:")
    strongest = max(weights.values(), default=0.0)
    score = guess.scores[best]
    if best.startswith("intent:") and name not in weights and score >= _LEAST and score > strongest:
        weights = {other: weight for other, weight in weights.items() if guess.intent(other) >= _LEAST}
        weights[name] = score
    order = sorted(weights, key=lambda each: -weights[each])
    named = [each for each in order if each not in _REFUSALS and each not in _ANSWERS]
    return tuple(dict.fromkeys(each for name in named for each in (name, *WIDER.get(name, ()))))


def answers(guess: Guess) -> frozenset[str]:
    """What it is like as an answer rather than as a request: "in a bit", misheard."""
    name = guess.best.removeprefix("intent:")
    return frozenset({name}) if name in _ANSWERS and guess.scores[guess.best] >= _LEAST else frozenset()


def rank(guess: Guess, found: str, with_model: bool) -> tuple[SafetyName, LevelName] | None:
    """A safety class graver than `found` that the words are clearly like; None: leave it."""
    graver = _GRAVEST[: _GRAVEST.index(found)] if found in _GRAVEST else _GRAVEST
    rival = max(guess.ordinary, max((s for label, s in guess.scores.items() if label.startswith("intent:")), default=0))
    for name in sorted(graver, key=lambda each: -guess.safety(each)):
        score = guess.safety(name)
        doubt = 0.0 if found == "none" else _DOUBT_OF_ADVICE if name == "medical" else _DOUBT
        if score >= _BELIEVED[name][with_model] + doubt and score >= rival + _CLEARLY:
            return name, _LEVELS.get(name, "none")
        break
    return None


def as_safety(guess: Guess, intents: tuple[str, ...], meaning: Meaning) -> Safety:
    """A refusal that no pattern found: being asked to stop or to go away is one (care rule 11)."""
    name = guess.best.removeprefix("intent:")
    if intents or name not in _REFUSALS or guess.scores[guess.best] < _LEAST_REFUSAL:
        return Safety()
    return Safety("consent", "none", f"{_REFUSALS[name]} like: {meaning.nearest(guess, guess.best)}")
