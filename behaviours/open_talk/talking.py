"""From a model's stream of text to sentences that may be spoken, within the time there is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml

from behaviours.acts import Act, RaiseAlert, Speak, StoreFact
from behaviours.guard import guard
from behaviours.guard.guard import Known
from behaviours.scene import Turn
from behaviours.topics import topics
from culture_profiles.keys import keys
from culture_profiles.profile import Profile

_SMALL_TALK = ("acknowledge", "ask", "tell", "listen")
BUDGET_S = 1.5
"""Until the first sentence must have passed: people wait a second gladly and two at most."""
_MOST_SENTENCES = 2
_MOST_REFUSED = 3
_MOST_FACTS = 12
_END = re.compile(r"(?<=[.!?])[\"')]*(?:\s+|$)")
_SENSITIVITIES = ("none", "personal")
_NEVER_TOLD = ("safety.", "medicine.", "consent.", "faith.", "health.", "statements.", "state_of_life", "care_")


class TextStream(Protocol):
    """A language model: pieces of text, as they come. May end early; raises nothing."""

    def stream(self, messages: list[Mapping[str, str]]) -> Iterator[str]:
        """The answer to a conversation in the usual form, role and content."""


@dataclass(frozen=True)
class OpenReply:
    """What may be spoken: nothing when the model was too slow or the guard refused. `refused`: by which rules."""

    sentences: tuple[str, ...]
    refused: tuple[str, ...] = ()
    why: str = ""


def may_tell(profile: Profile) -> tuple[str, ...]:
    """Values of the profile that a model may be told: stated, not sensitive, nothing of staff's."""
    vocabulary = keys()
    told = []
    for fact in profile.known():
        entry = vocabulary.get(fact.key)
        if entry is None or entry.sensitivity not in _SENSITIVITIES or fact.key.startswith(_NEVER_TOLD):
            continue
        told.append(f"{fact.key.replace('.', ' ').replace('_', ' ')}: {fact.value}")
    return tuple(told[:_MOST_FACTS])


@cache
def _persona() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(Path(__file__).with_name("persona.yaml").read_text(encoding="utf-8"))
    return found


def messages(known: Known) -> list[Mapping[str, str]]:
    """What the model is asked: who it is, what it may know, and the person's last words."""
    persona = _persona()
    told = [persona["persona"]]
    if known.facts:
        told.append(persona["knows"].format(facts="; ".join(known.facts)))
    if known.knowledge:
        told.append(persona["topic"].format(knowledge=" ".join(known.knowledge)))
    return [
        {"role": "system", "content": " ".join(told)},
        *({"role": "user", "content": each} for each in known.said[-1:]),
    ]


def is_small_talk(turn: Turn, decided: Sequence[Act]) -> bool:
    """Whether nothing but talk was asked for: no need, no request, no fact, nobody called, no game, nothing sad.

    And the guard must know the language: where it does not, nothing made up is spoken.
    """
    return (
        guard.rules(turn.reading.language) is not None
        and any(isinstance(each, Speak) for each in decided)
        and not any(isinstance(each, RaiseAlert | StoreFact) for each in decided)
        and turn.reading.safety.name == "none"
        and not turn.reading.intents
        and turn.act in _SMALL_TALK
    )


def known_for(profile: Profile | None, turn: Turn, *, others: Iterable[str] = (), avoid: Iterable[str] = ()) -> Known:
    """What a model may be told: the words, stated facts, and what there is to know of the topic."""
    talk = topics().get(turn.reading.language)
    about = talk.topics.get(turn.topic) if talk is not None else None
    return Known(
        said=(turn.reading.text,),
        facts=may_tell(profile) if profile is not None else (),
        knowledge=tuple(each.text for each in about.facts) if about is not None else (),
        others=tuple(others),
        avoid=tuple(avoid),
    )


def answer(
    model: TextStream,
    known: Known,
    clock: Callable[[], float],
    *,
    language: str = "en",
    budget_s: float = BUDGET_S,
    passes: Callable[[str], None] | None = None,
) -> OpenReply:
    """Sentences that passed the guard, in order; `clock`: seconds, steady. Call it in a worker thread.

    `passes` is called with each as soon as it has passed, while the model goes on. A sentence that is refused ends the
    answer: what follows would lean on it. Nothing within the budget: no sentence.
    """
    began = clock()
    passed: list[str] = []
    refused: list[str] = []
    for sentence in _sentences(model.stream(messages(known)), lambda: clock() - began > budget_s and not passed):
        verdict = guard.check(sentence, known, language)
        if verdict.allowed and sentence not in passed:
            passed.append(sentence)
            if passes is not None:
                passes(sentence)
        elif not verdict.allowed:
            refused.append(verdict.why)
            if passed or len(refused) >= _MOST_REFUSED:
                break
        if len(passed) == _MOST_SENTENCES:
            break
        if clock() - began > budget_s:
            break
    if not passed:
        return OpenReply((), tuple(refused), "the guard refused" if refused else "nothing in time")
    return OpenReply(tuple(passed), tuple(refused), "open talk")


def _sentences(pieces: Iterable[str], late: Callable[[], bool]) -> Iterator[str]:
    """Whole sentences of a stream; an unfinished last one is dropped."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        while found := _END.search(waiting):
            sentence, waiting = waiting[: found.start()].strip(), waiting[found.end() :]
            if sentence:
                yield sentence
        if late():
            return
