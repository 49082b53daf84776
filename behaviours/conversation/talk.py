"""Chooses what to say next in an ordinary conversation: follow, listen, ask, come back to what was left, move on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from behaviours.acquaintance import Acquaintance
from behaviours.conversation import choosing
from behaviours.conversation.wording import sentences
from behaviours.identity import Who
from behaviours.person import Pending, Person
from behaviours.speaking import Speaker
from behaviours.topics import Topics, topics
from behaviours.topics.topic import TopicTalk
from behaviours.understanding.reading import Reading
from culture_profiles.culture.approach import says_avoided

TOPIC = "topic"
"""The kind of pending question with which the robot began a topic; its text is the topic."""
THREAD = "thread"
"""The kind of pending offer to go on with a topic of another day."""
_TURNS_PER_TOPIC = 7
_LONG = 16  # words: who tells that much is listened to
_NOES = 2
_SEASONED = 0.3  # share of turns with a small fact, where there is one


@dataclass(frozen=True)
class Said:
    """What to say, as data: "" is to listen in silence. `act`: ask, acknowledge, inform."""

    text: str
    locale: str
    act: str = "ask"
    why: str = ""
    pending: Pending | None = None


class Talk:
    """For one robot. Keeps nothing itself: all it knows of a talk stands in the person's `TalkState`."""

    def __init__(self, speaker: Speaker, acquaintance: Acquaintance, rng: random.Random) -> None:
        self._speaker = speaker
        self._acquaintance = acquaintance
        self._rng = rng

    # Beginning ------------------------------------------------------------------------------------------------------
    def opening(self, person: Person, who: Who, local: datetime) -> Said:
        """A first question, or the offer to go on with what was left open on another day."""
        talk = _topics(person)
        if talk is not None:
            if (said := self._thread(person, who, talk, local)) is not None:
                return said
            for name in choosing.ranked(person, talk, local, self._acquaintance.likely_clusters(person), self._rng):
                if text := self._begin(person, who, talk, name):
                    self._enter(person, name)
                    return Said(text, person.locale, why=f"topic {name}", pending=Pending(TOPIC, text=name))
        book, locale = self._speaker.book, person.locale or "en_GB"
        if text := self._choose(person, [each.text for each in book.all("open_question", locale, {})]):
            return Said(text, locale, why="open question")
        return self._beyond(person) if talk is None or talk.language != "en" else Said("", locale)

    def enter(self, person: Person, topic: str) -> None:
        """The talk is about this topic now."""
        self._enter(person, topic)

    # Going on -------------------------------------------------------------------------------------------------------
    def reply(self, person: Person, who: Who, reading: Reading, local: datetime) -> Said:
        """An answer to something told."""
        talk = _topics(person)
        state = person.talk
        if talk is None:
            return self._beyond(person)
        if person.topic not in talk.topics:
            person.topic, person.topic_turns = "", 0  # begun in another language, which has more to say about it
        named, word = talk.heard(reading.normalised, person.topic)
        if reading.is_question:
            return self._phrases(person, "question_unknown", "inform")
        if person.said_on is not None and state.is_declined(named, person.said_on):
            named, word = "", ""  # a word in passing does not open again what was closed today
        if named and named != person.topic:
            self._enter(person, named)
            state.raised.add(named)
        person.topic_turns += 1
        self._count(person)
        if not person.topic:
            return self._move_on(person, who, local, "")
        topic = talk.topics[person.topic]
        comment = self._comment(person, topic, reading, named=bool(named))
        if self._should_listen(person, reading):
            listening = comment if comment and not comment.endswith(("?", "？")) else ""
            listening = listening or self._echo(person, word) or self._one(person, "acknowledge")
            if listening:
                state.only_listened = True
                return Said(listening, person.locale, "acknowledge", f"listens, topic {person.topic}")
        state.only_listened = False
        if comment.endswith(("?", "？")):
            return Said(comment, person.locale, "ask", f"topic {person.topic}")
        question = self._follow(person, who, topic) if person.topic_turns <= _TURNS_PER_TOPIC else ""
        if not question:
            return self._move_on(person, who, local, comment)
        fact = self._fact(person, topic)
        text = " ".join(each for each in (comment, fact, question) if each)
        return Said(text, person.locale, "ask", f"topic {person.topic}")

    def no_more(self, person: Person, talk_of: str) -> None:
        """The person does not want this topic today."""
        assert person.said_on is not None
        person.talk.declined[talk_of] = person.said_on
        person.talk.threads.pop(talk_of, None)
        person.topic, person.topic_turns, person.talk.noes = "", 0, 0

    def says_no(self, person: Person) -> bool:
        """A plain no to a question within a topic; True: that was one too many."""
        person.talk.noes += 1
        return person.talk.noes >= _NOES

    def title(self, person: Person, topic: str) -> str:
        """A topic as it is spoken of."""
        talk = _topics(person)
        return talk.topics[topic].name if talk is not None and topic in talk.topics else ""

    # Parts of a turn ------------------------------------------------------------------------------------------------
    def _enter(self, person: Person, name: str) -> None:
        if name != person.topic:
            person.talk.changes += 1
            person.talk.noes = 0
        person.topic, person.topic_turns = name, 0
        if person.said_on is not None and name:
            person.talk.talked[name] = person.said_on
            person.talk.threads.pop(name, None)

    def _count(self, person: Person) -> None:
        state = person.talk
        if state.turns_on != person.said_on:
            state.turns_on, state.turns = person.said_on, {}
        if person.topic:
            state.turns[person.topic] = state.turns.get(person.topic, 0) + 1

    def _move_on(self, person: Person, who: Who, local: datetime, comment: str) -> Said:
        said = self.opening(person, who, local)
        bridge = self._choose(person, sentences(_language(person), "bridge")) if not comment and said.text else ""
        text = " ".join(each for each in (comment or bridge, said.text) if each)
        if not text:
            return self._phrases(person, "acknowledge", "acknowledge")
        return Said(text, said.locale, said.act, said.why, said.pending)

    def _begin(self, person: Person, who: Who, talk: Topics, name: str) -> str:
        topic = talk.topics[name]
        if text := self._from_fact(person, who, topic):
            return text
        if topic.answers and person.stated(topic.answers):
            return self._choose(person, topic.follow)  # what was answered already is not asked again
        if text := self._choose(person, topic.ask):
            return text
        frames = sentences(talk.language, "back_to")
        back = self._choose(person, [frame.format(topic=topic.name) for frame in frames])
        question = self._choose(person, topic.questions()) if back else ""
        return f"{back} {question}" if question else ""

    def _follow(self, person: Person, who: Who, topic: TopicTalk) -> str:
        if text := self._from_fact(person, who, topic):
            return text
        framed = topic.things
        if framed is not None and self._rng.random() < 0.5:
            things = [each for each in framed.of if f"{topic.topic}:{each}" not in person.said]
            if things:
                thing = self._rng.choice(things)
                if text := self._choose(person, [frame.format(thing=thing) for frame in framed.frames]):
                    self._speaker.note(person, f"{topic.topic}:{thing}")  # each thing once a day
                    return text
        if text := self._choose(person, topic.follow):
            return text
        return self._choose(person, topic.questions()) or self._choose(person, topic.ask)

    def _from_fact(self, person: Person, who: Who, topic: TopicTalk) -> str:
        if not who.private:  # what is private is not said aloud
            return ""
        lines = choosing.lines_from_facts(person, topic)
        values: dict[str, str] = {}
        for template, value in lines:
            values.setdefault(template, value)
        return self._choose(person, list(values), values)

    def _comment(self, person: Person, topic: TopicTalk, reading: Reading, *, named: bool) -> str:
        # "not well" is in both lists; the bad news weighs more.
        if "bad" in reading.answers:
            return self._choose(person, topic.bad)
        if "good" in reading.answers:
            return self._choose(person, topic.good) or self._choose(person, topic.neutral)
        if named or len(reading.normalised.split()) > 3:
            return self._choose(person, topic.neutral)
        return ""

    def _fact(self, person: Person, topic: TopicTalk) -> str:
        if not topic.facts or self._rng.random() > _SEASONED:
            return ""
        return self._choose(person, [each.text for each in topic.facts])

    def _should_listen(self, person: Person, reading: Reading) -> bool:
        if person.talk.only_listened:
            return False
        if person.stated("talk.silence") == "yes" or len(reading.normalised.split()) >= _LONG:
            return True
        return person.topic_turns % 4 == 3  # a question in every breath is an interrogation

    def _echo(self, person: Person, word: str) -> str:
        if not word or " " in word or says_avoided(word, person.avoid):
            return ""
        frames = sentences(_language(person), "echo")
        options = [frame.format(word=word, Word=word[:1].upper() + word[1:]) for frame in frames]
        return self._choose(person, options)

    def _thread(self, person: Person, who: Who, talk: Topics, local: datetime) -> Said | None:
        today = person.said_on or local.date()
        name = person.talk.thread(today) if who.private else ""
        if name not in talk.topics:
            return None
        frames = sentences(talk.language, "thread")
        topic = talk.topics[name]
        text = self._choose(person, [frame.format(topic=topic.name) for frame in frames])
        person.talk.threads.pop(name, None)
        if not text:
            return None
        return Said(text, person.locale, "offer", f"open thread {name}", Pending(THREAD, text=name))

    def _beyond(self, person: Person) -> Said:
        """Beyond what it can talk about in this language it says so, once a day; else it listens."""
        key = "acknowledge"
        if person.talk.beyond_on != person.said_on:
            person.talk.beyond_on = person.said_on
            key = "language.cannot_yet"
        return self._phrases(person, key, "acknowledge")

    def _phrases(self, person: Person, key: str, act: str) -> Said:
        phrase = self._speaker.phrase(person, key) or self._speaker.phrase(person, "acknowledge")
        return Said(phrase.text, phrase.locale, act, key) if phrase else _nod(person)

    def _one(self, person: Person, key: str) -> str:
        phrase = self._speaker.phrase(person, key)
        return phrase.text if phrase is not None else ""

    def _choose(self, person: Person, options: Sequence[str], values: dict[str, str] | None = None) -> str:
        return self._speaker.choose(person, options, values or {})


def _topics(person: Person) -> Topics | None:
    return topics().get(_language(person))


def _language(person: Person) -> str:
    return (person.locale or "en").split("_")[0]


def _nod(person: Person) -> Said:
    return Said("", person.locale, "listen", "listens")
