"""Example sentences, from `prototypes/<language>/*.yaml`: what an utterance is likened to where no pattern tells."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from behaviours.understanding.languages import SafetyName
from behaviours.understanding.text import normalise
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).with_name("prototypes")
ORDINARY = "ordinary"
_SLOT = re.compile(r"\{(\w+)\}")
_MOST_OF_ONE = 8  # sentences made of one template: more would outweigh the others
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    before: list[str] = Field(default_factory=list)
    after: list[str] = Field(default_factory=list)
    slots: dict[str, list[str]] = Field(default_factory=dict)
    kinds: dict[str, str] = Field(default_factory=dict)
    """Words that stand for the same kind of thing, such as every first name, separated by spaces."""
    intents: dict[str, list[str]] = Field(default_factory=dict)
    safety: dict[str, list[str]] = Field(default_factory=dict)
    """By class, or `class.kind` where kinds are answered differently."""
    ordinary: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Prototype:
    """A normalised sentence and its label: `intent:time`, `safety:medical`, `safety:privacy.others` or `ordinary`.

    `template`: the number of the sentence it was made from.
    """

    text: str
    label: str
    template: int


@dataclass(frozen=True)
class Prototypes:
    """All example sentences of a language, and the words around a request that do not change it."""

    language: str
    sentences: tuple[Prototype, ...]
    before: frozenset[str]
    after: frozenset[str]
    kinds: Mapping[str, str]
    """Word to kind, such as `<name>`."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label there is, in order."""
        return tuple(dict.fromkeys(each.label for each in self.sentences))

    def core(self, normalised: str) -> str:
        """The request without what politeness puts around it; the whole where nothing else is there."""
        words = normalised.split()
        for fillers, first in ((self.after, False), (self.before, True)):
            while " ".join(words) not in self.texts and (end := _longest(words, fillers, first=first)):
                words = words[end:] if first else words[:-end]
        return " ".join(words)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What the examples say: such words are a request as they stand ("thank you", "go on")."""
        return frozenset(each.text for each in self.sentences)


_LONGEST_FILLER = 5  # words


def _longest(words: list[str], fillers: frozenset[str], *, first: bool) -> int:
    """How many words at one end are a filler; never all of them."""
    for count in range(min(_LONGEST_FILLER, len(words) - 1), 0, -1):
        if " ".join(words[:count] if first else words[-count:]) in fillers:
            return count
    return 0


def _expand(template: str, slots: Mapping[str, list[str]], name: str) -> list[str]:
    wanted = list(dict.fromkeys(_SLOT.findall(template)))
    for slot in wanted:
        if slot not in slots:
            raise KithError(f"{name}: {template!r} names {{{slot}}}, which slots.yaml has not")
    made = []
    choices = [slots[slot] for slot in wanted]
    # Round robin rather than every combination: each word of each list is heard, none too often.
    count = min(_MOST_OF_ONE, max(map(len, choices), default=1))
    for turn in range(count):
        text = template
        for place, (slot, words) in enumerate(zip(wanted, choices, strict=True)):
            text = text.replace(f"{{{slot}}}", words[(turn + place * 2) % len(words)])
        made.append(normalise(text))
    return made


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506
    except ValidationError as problem:
        raise KithError(f"{path.parent.name}/{path.name}: {first_problem(problem)}") from None
    except yaml.YAMLError as problem:
        raise KithError(f"{path.parent.name}/{path.name}: {str(problem).splitlines()[0]}") from None


def load(folder: Path) -> Prototypes:
    """One language's example sentences. Errors: KithError naming the file and the first mistake."""
    files = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    slots = dict(itertools.chain.from_iterable(each.slots.items() for each in files))
    templates: list[tuple[str, str]] = []
    for each in files:
        templates += [(f"intent:{name}", text) for name, texts in each.intents.items() for text in texts]
        templates += [(f"safety:{name}", text) for name, texts in each.safety.items() for text in texts]
        templates += [(ORDINARY, text) for text in each.ordinary]
    sentences = [
        Prototype(text, label, number)
        for number, (label, template) in enumerate(templates)
        for text in _expand(template, slots, folder.name)
    ]
    classes = get_args(SafetyName)
    for name in (name for each in files for name in each.safety):
        if name.split(".")[0] not in classes:
            raise KithError(f"{folder.name}/safety.yaml: {name} is no safety class; known are {', '.join(classes)}")
    once = {(each.text, each.label): each for each in sentences}
    return Prototypes(
        language=folder.name,
        sentences=tuple(once.values()),
        before=_normalised(text for each in files for text in each.before),
        after=_normalised(text for each in files for text in each.after),
        kinds={
            normalise(word): f"<{kind}>"
            for each in files
            for kind, words in each.kinds.items()
            for word in words.split()
        },
    )


def _normalised(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normalise, texts))


@cache
def prototypes() -> Mapping[str, Prototypes]:
    """The example sentences of every language that has them, by code."""
    return {folder.name: load(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}
