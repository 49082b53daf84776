"""Answers that need no topic: questions and remarks about the robot, and words about somebody or something lost."""

import re
from collections.abc import Callable, Sequence

from behaviours.conversation import heard
from behaviours.conversation.said import Said
from behaviours.conversation.wording import sentences
from behaviours.person import Pending, Person
from behaviours.understanding.reading import Reading
from behaviours.understanding.text import sentences as clauses

Choose = Callable[[Person, Sequence[str]], str]
_ASKED = (
    ("asks_opinion", "asked_opinion"),
    ("asks_known", "asked_known"),
    ("asks_favour", "asked_favour"),
    ("asks_robot", "asked_robot"),
)
_TOLD = (("asks_told", "asked_told"),)
_REMARKS = (("criticises", "criticised"), ("praises", "praised"))
_THEM = (
    (re.compile(r"\b(?:she|her|hers|shes|shed)\b"), "her"),
    (re.compile(r"\b(?:he|him|his|hes|hed)\b"), "him"),
    (re.compile(r"\b(?:they|them|their|theyre)\b"), "them"),
)


def of_the_robot(person: Person, reading: Reading, choose: Choose) -> Said | None:
    """A question about the robot is answered as a machine answers it and turned back; a remark is taken."""
    asked = reading.is_question and not heard.says(reading.normalised, "tag")
    said = (reading.normalised, *clauses(reading.text)[-1:])
    for kind, wording in (*_TOLD, *_ASKED) if asked else (*_TOLD, *_REMARKS):
        if not any(heard.says(each, kind) for each in said):
            continue
        text = choose(person, sentences(reading.language, wording))
        if text:
            pending = Pending("carer") if wording == "asked_favour" else None
            return Said(text, person.locale, "inform" if asked else "acknowledge", wording, pending)
    return None


def of_the_thread(person: Person, reading: Reading, title: str, choose: Choose) -> Said | None:
    """Asked what the talk was about, it says so; `title`: the topic as it is spoken of, "" for none."""
    if not heard.says(reading.normalised, "asks_thread"):
        return None
    kind = "asked_thread" if title else "asked_thread_lost"
    text = choose(person, [each.format(topic=title) for each in sentences(reading.language, kind)])
    return Said(text, person.locale, "inform", kind) if text else None


def of_whom(reading: Reading) -> str:
    """The pronoun for somebody whom the words speak of: her, him, them; "" for none."""
    return next((pronoun for pattern, pronoun in _THEM if pattern.search(reading.normalised)), "")


def tenderly(person: Person, reading: Reading, reflection: str, choose: Choose) -> Said | None:
    """After words of loss: what is told is said back or asked on gently; no other subject is brought in."""
    person.talk.tender -= 1
    them = of_whom(reading)
    gentle = (
        choose(person, [each.format(her=them) for each in sentences(reading.language, "tender_of")]) if them else ""
    )
    if heard.says(reading.normalised, "heavy") or "bad" in reading.answers:
        gentle, reflection = choose(person, sentences(reading.language, "tender_heavy")), ""
    elif not gentle and heard.says(reading.normalised, "past"):
        gentle = choose(person, sentences(reading.language, "tender_past"))
    gentle = gentle or choose(person, sentences(reading.language, "tender"))
    text = " ".join(each for each in (reflection, gentle) if each)
    return Said(text, person.locale, "comfort", "speaks of somebody lost") if text else None
