"""What somebody says of others: deaths, visits, whereabouts. Kept as "said on <date>", never as truth (care rule 19).

One YAML file per language with how it is heard. Staff read it; the robot does not raise it unless staff confirmed it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from behaviours.stated import stated
from behaviours.understanding.reading import Reading
from behaviours.understanding.signs.rules import signs
from behaviours.understanding.text import LONGEST, fold_script, normalise
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, first_problem
from culture_profiles.profile import Profile

FOLDER = Path(__file__).parent
KEY = "said.event"
_PERSON = frozenset({"person", "doctor"})
_SENTENCE = re.compile(r"(?<=[.?!;…。？！।؟۔])\s*|\n+")
_LONGEST_KEPT = 200  # characters: a longer sentence is a story, not a statement
_OTHER_WAYS = frozenset({"emergency", "self_harm", "abuse", "privacy"})  # what is said there is sealed, or not kept


class _HearsayText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    who: str
    never: str
    death: str
    visit: str
    whereabouts: str


@dataclass(frozen=True)
class Said:
    """One statement about somebody: death, visit or whereabouts, in the words it was said in."""

    kind: str
    words: str


@cache
def _languages(folder: Path = FOLDER) -> Mapping[str, _HearsayText]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            text = _HearsayText.model_validate(yaml.safe_load(fold_script(path.read_text(encoding="utf-8"))))
            for pattern in (text.never, *(_pattern(text, kind, "") for kind in ("death", "visit", "whereabouts"))):
                re.compile(pattern)
        except ValidationError as problem:
            raise KithError(f"{path.name}: {first_problem(problem)}") from None
        except (re.error, yaml.YAMLError) as problem:
            raise KithError(f"{path.name}: {str(problem).splitlines()[0]}") from None
        found[text.language] = text
    return found


def said_of_others(reading: Reading, names: Iterable[str] = ()) -> tuple[Said, ...]:
    """The statements in an utterance. `names`: of the person's family and friends, as they are written."""
    text = _languages().get(reading.language)
    if text is None or reading.safety.name in _OTHER_WAYS:
        return ()
    known = "|".join(re.escape(clean) for each in names if len(clean := normalise(each)) > 1)
    found = []
    for sentence in _SENTENCE.split(reading.text[:LONGEST]):
        words = normalise(sentence)
        if not words or len(sentence) > _LONGEST_KEPT or sentence.endswith(("?", "？", "؟")):
            continue
        if re.search(text.never, words):
            continue
        kind = next(
            (kind for kind in ("death", "visit", "whereabouts") if re.search(_pattern(text, kind, known), words)), ""
        )
        if kind:
            found.append(Said(kind, sentence.strip()))
    return tuple(found)


def names_somebody(reading: Reading, names: Iterable[str] = ()) -> bool:
    """Whether an utterance speaks of anybody but the speaker: kin, somebody who works here, a name, he or she."""
    text = _languages().get(reading.language)
    known = {clean for each in names if len(clean := normalise(each)) > 1}
    if text is None or known & set(reading.normalised.split()):
        return True  # where that cannot be told, it may
    parts = signs().read(reading.text, reading.language).parts
    kin = re.search(f"(?:{text.who})", reading.normalised) is not None
    return kin or any(_PERSON & part.signs for part in parts if part.lexicon.language == reading.language)


def _pattern(text: _HearsayText, kind: str, names: str) -> str:
    who = f"(?:{text.who}|{names})" if names else f"(?:{text.who})"
    return str(getattr(text, kind)).replace("{who}", who)


def hearsay_facts(profile: Profile, reading: Reading, now: datetime, day: date) -> tuple[Fact, ...]:
    """What was said of others as facts of this resident, "said on" `day`. What stands there already is left out.

    Whether anything may be kept at all is for the caller (`memory.may_keep`).
    """
    names = [fact.value for fact in profile.known() if fact.key.startswith(("family.", "friends."))]
    there = {fact.value.casefold() for fact in (*profile.hearsay(), *profile.facts) if fact.key == KEY}
    facts = []
    for said in said_of_others(reading, names):
        if said.words.casefold() in there:
            continue
        note = f"{said.kind}, said on {day.isoformat()}"
        if (fact := stated(profile.resident_id, KEY, said.words, now, note)) is None:
            continue
        facts.append(fact)
        there.add(said.words.casefold())
    return tuple(facts)
