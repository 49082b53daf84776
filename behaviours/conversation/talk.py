"""Chooses what to say next in an ordinary conversation: follow, listen, ask, come back to what was left, move on."""

import random
from collections.abc import Sequence
from datetime import datetime

from behaviours.acquaintance import Acquaintance
from behaviours.conversation import answering, choosing, heard, stories
from behaviours.conversation.names import new_name, without_names
from behaviours.conversation.reflecting import reflected
from behaviours.conversation.said import THREAD, TOPIC, Said
from behaviours.conversation.wording import sentences
from behaviours.identity import Who
from behaviours.person import Pending, Person
from behaviours.speaking import Speaker
from behaviours.topics import Topics, topics
from behaviours.topics.topic import TopicTalk
from behaviours.understanding.reading import Reading
from culture_profiles.culture.approach import says_avoided

_TURNS_PER_TOPIC = 7
_RUN_ITS_COURSE = 4  # turns, after which words in passing may change the subject
_LONG = 16  # words: who tells that much is listened to
_TELLING = 4  # words: so many are more than an answer
_AT_LENGTH = 7  # words about the present, of which more may be asked
_UNSPACED = ("ja", "zh", "ko")
_NOES = 2
_OPEN = "open question"  # declined for the day like a topic
_SEASONED = 0.2  # share of turns with a small fact, where there is one
_DEEPENED = 0.5  # share of questions about what was just told, rather than about the topic
_TOLD = 0.3  # share of new beginnings with something told on another day


class Talk:
    """For one robot. Keeps nothing itself: all it knows of a talk stands in the person's `TalkState`."""

    def __init__(self, speaker: Speaker, acquaintance: Acquaintance, rng: random.Random) -> None:
        self._speaker = speaker
        self._acquaintance = acquaintance
        self._rng = rng

    # Beginning ------------------------------------------------------------------------------------------------------
    def opening(self, person: Person, who: Who, local: datetime) -> Said:
        """A first question: what was left open on another day, what was told, or a topic."""
        talk = _topics(person)
        if talk is not None:
            if (said := self._thread(person, who, talk, local)) is not None:
                return said
            if who.private and self._rng.random() < _TOLD and (said := self._told(person, talk)) is not None:
                return said
            for name in choosing.ranked(person, talk, local, self._acquaintance.likely_clusters(person), self._rng):
                if text := self._begin(person, who, talk, name):
                    self._enter(person, name)
                    return Said(text, person.locale, why=f"topic {name}", pending=Pending(TOPIC, text=name))
        book, locale = self._speaker.book, person.locale or "en_GB"
        open_to_it = not person.talk.is_declined(_OPEN, person.said_on or local.date())
        options = [each.text for each in book.all("open_question", locale, {})] if open_to_it else []
        if text := self._choose(person, options):
            return Said(text, locale, why=_OPEN, pending=Pending(TOPIC, text=_OPEN))
        return self._beyond(person) if talk is None or talk.language != "en" else Said("", locale)

    def how(self, person: Person) -> Said | None:
        """The question how the person is, as a talk begins; None: it has been asked enough."""
        text = self._choose(person, sentences(_language(person), "how"))
        return Said(text, person.locale, why="asks how they are", pending=Pending("how")) if text else None

    def enter(self, person: Person, topic: str) -> None:
        """The talk is about this topic now."""
        self._enter(person, topic)

    def follow(self, person: Person, reading: Reading) -> None:
        """Go where the words lead, before anything is said to them."""
        talk = _topics(person)
        named, _ = self._named(person, reading, talk) if talk is not None else ("", "")
        if named and named != person.topic:
            self._enter(person, named)
            person.talk.raised.add(named)

    # Going on -------------------------------------------------------------------------------------------------------
    def reply(self, person: Person, who: Who, reading: Reading, local: datetime) -> Said:
        """An answer to something told."""
        talk = _topics(person)
        state = person.talk
        if (said := answering.of_the_robot(person, reading, self._choose)) is not None:
            return said
        if (
            said := answering.of_the_thread(person, reading, self.title(person, person.topic), self._choose)
        ) is not None:
            return said
        if state.tender == 0 and heard.says(reading.normalised, "complains"):
            text = self._choose(person, sentences(reading.language, "tender_heavy"))
            if text:
                return Said(text, person.locale, "comfort", "a burden told")
        if state.tender > 0 and self._elsewhere(person, reading, talk):
            state.tender = 0
        if state.tender > 0 and not reading.is_question:
            reflection = self._reflection(person, reading)
            if (said := answering.tenderly(person, reading, reflection, self._choose)) is not None:
                return said
        if talk is None:
            return self._beyond(person)
        if person.topic not in talk.topics:
            person.topic, person.topic_turns = "", 0  # begun in another language, which has more to say about it
        named, word = self._named(person, reading, talk)
        if reading.is_question and not heard.says(reading.normalised, "tag"):
            return self._phrases(person, "question_unknown", "inform")
        if named and named != person.topic:
            self._enter(person, named)
            state.raised.add(named)
        person.topic_turns += 1
        self._count(person)
        astray = not named and len(reading.normalised.split()) >= _AT_LENGTH
        aside = (
            not person.topic or astray or (not named and self._leads(person, reading, talk) not in ("", person.topic))
        )
        if aside and (said := self._invited(person, reading)) is not None:
            return said
        if not person.topic:
            state.only_listened = False
            return self._move_on(person, who, local, self._reflection(person, reading))
        topic = talk.topics[person.topic]
        comment = self._remark(person, topic, reading, named=bool(named))
        if self._should_listen(person, reading):
            listening = comment if comment and not comment.endswith(("?", "？")) else ""
            listening = listening or self._echo(person, word) or self._one(person, "acknowledge")
            if listening:
                state.only_listened = True
                return Said(listening, person.locale, "acknowledge", f"listens, topic {person.topic}")
        state.only_listened = False
        if comment.endswith(("?", "？")):
            return Said(comment, person.locale, "ask", f"topic {person.topic}")
        question = self._follow(person, who, topic, reading) if person.topic_turns <= _TURNS_PER_TOPIC else ""
        if state.reflected and not topic.morning_only:
            question = self._deepen(person, reading)
            if not question:
                return Said(comment, person.locale, "acknowledge", f"says back, topic {person.topic}")
        if not question:
            return self._move_on(person, who, local, comment)
        fact = self._fact(person, topic) if not comment else ""
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
    def _named(self, person: Person, reading: Reading, talk: Topics) -> tuple[str, str]:
        """The topic that the words lead to, and the word that says so; ("", ""): they stay where they were."""
        plain = without_names(person, reading.normalised, talk.language)
        named, word = talk.heard(plain, person.topic)
        if person.said_on is not None and person.talk.is_declined(named, person.said_on):
            return "", ""  # a word in passing does not open again what was closed today
        elsewhere = person.topic and named != person.topic
        passing = bool(named) and (talk.topics[named].passing or answering.of_whom(reading) != "")
        if named and elsewhere and passing and person.topic_turns < _RUN_ITS_COURSE:
            return "", ""  # "She's a nurse" is still about her
        return named, word

    def _leads(self, person: Person, reading: Reading, talk: Topics) -> str:
        """The topic that the words name, whether or not they are followed there."""
        return talk.heard(without_names(person, reading.normalised, talk.language), person.topic)[0]

    def _invited(self, person: Person, reading: Reading) -> Said | None:
        """Something told of their own accord is listened to, not talked over; None: one has just listened."""
        if person.talk.only_listened or not _tells(reading):
            return None
        reflection = self._reflection(person, reading)
        text = reflection or self._choose(person, sentences(reading.language, "invite"))
        if not text:
            return None
        person.talk.only_listened = True
        return Said(text, person.locale, "listen", "told of their own accord")

    def _elsewhere(self, person: Person, reading: Reading, talk: Topics | None) -> bool:
        """Whether they have come to speak of something else by themselves, after words of loss."""
        if talk is None or not _tells(reading) or answering.of_whom(reading):
            return False
        named, _ = talk.heard(without_names(person, reading.normalised, talk.language))
        return bool(named) and talk.topics[named].raised == "freely"

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
        if text := self._from_fact(person, who, topic, ""):
            return text
        if topic.answers and person.stated(topic.answers):
            return self._choose(person, topic.follow)  # what was answered already is not asked again
        if text := self._choose(person, topic.ask):
            return text
        frames = sentences(talk.language, "back_to")
        back = self._choose(person, [frame.format(topic=topic.name) for frame in frames])
        question = self._choose(person, topic.questions()) if back else ""
        return f"{back} {question}" if question else ""

    def _follow(self, person: Person, who: Who, topic: TopicTalk, reading: Reading) -> str:
        if (
            _tells(reading)
            and not topic.morning_only
            and self._rng.random() < _DEEPENED
            and (text := self._deepen(person, reading))
        ):
            return text
        if text := self._from_fact(person, who, topic, reading.normalised):
            return text
        framed = topic.things
        if framed is not None and self._rng.random() < 0.5:
            things = [each for each in framed.of if f"{topic.topic}:{each}" not in person.said]
            things = [each for each in things if not _spoken_of(each, reading.normalised)]
            if things:
                thing = self._rng.choice(things)
                if text := self._choose(person, [frame.format(thing=thing) for frame in framed.frames]):
                    self._speaker.note(person, f"{topic.topic}:{thing}")  # each thing once a day
                    return text
        if text := self._choose(person, topic.follow):
            return text
        known = topic.answers and person.stated(topic.answers)  # what was answered already is not asked again
        return self._choose(person, topic.questions()) or ("" if known else self._choose(person, topic.ask))

    def _deepen(self, person: Person, reading: Reading) -> str:
        """A question about what was just told."""
        language = reading.language
        if name := new_name(person, reading):
            frames = sentences(language, "deepen_name")
            if text := self._choose(person, [frame.format(name=name) for frame in frames]):
                return text
        if heard.says(reading.normalised, "recent") and (
            recent := self._choose(person, sentences(language, "deepen_recent"))
        ):
            return recent
        if person.talk.reflected or heard.says(reading.normalised, "past"):
            return self._choose(person, sentences(language, "deepen_past"))
        if "bad" in reading.answers or language != "en" or len(reading.normalised.split()) < _AT_LENGTH:
            return ""
        return self._choose(person, sentences(language, "deepen"))

    def _from_fact(self, person: Person, who: Who, topic: TopicTalk, said: str) -> str:
        """A question that goes with something they stated; what they speak of just now comes first."""
        if not who.private:  # what is private is not said aloud
            return ""
        lines = choosing.lines_from_facts(person, topic)
        near = [(template, value) for template, value in lines if said and _spoken_of(value, said)]
        for chosen in (near, lines):
            values: dict[str, str] = {}
            for template, value in chosen:
                values.setdefault(template, value)
            if text := self._choose(person, list(values), values):
                return text
        return ""

    def _remark(self, person: Person, topic: TopicTalk, reading: Reading, *, named: bool) -> str:
        """What comes before the question: a word on good or bad news, what was told said back, or a comment."""
        bad, good = "bad" in reading.answers, "good" in reading.answers
        if not bad and not person.talk.reflected and (text := self._reflection(person, reading)):
            person.talk.reflected = True
            return text
        person.talk.reflected = False
        about = named or not _tells(reading)  # a topic's word on news is no answer to news of something else
        if bad:  # "not well" is in both lists; the bad news weighs more
            return self._choose(person, topic.bad) if about else ""
        if good and about:
            return self._choose(person, topic.good) or self._choose(person, topic.neutral)
        if named or _tells(reading):
            return self._choose(person, topic.neutral)
        return ""

    def _reflection(self, person: Person, reading: Reading) -> str:
        if reading.language != "en":
            return ""
        text = reflected(reading.text)
        return self._choose(person, [text]) if text and "{" not in text else ""

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

    def _told(self, person: Person, talk: Topics) -> Said | None:
        """What they told on another day and wanted remembered."""
        frames = sentences(talk.language, "told")
        told = [each for each in stories.told(person) if not says_avoided(each, person.avoid)]
        self._rng.shuffle(told)
        for each in told:
            topic, _ = talk.heard(without_names(person, stories.plain(each), talk.language))
            if topic and person.said_on is not None and person.talk.is_declined(topic, person.said_on):
                continue
            in_words = stories.in_words(each, talk.language)
            if text := self._choose(person, [frame.format(told=in_words) for frame in frames]):
                self._enter(person, topic)
                pending = Pending(TOPIC, text=topic) if topic else None
                return Said(text, person.locale, why=f"told before, topic {topic}", pending=pending)
        return None

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


def _tells(reading: Reading) -> bool:
    """Whether something is told, rather than a word given in answer."""
    words = reading.normalised
    return len(words) >= 2 * _TELLING if reading.language in _UNSPACED else len(words.split()) >= _TELLING


def _spoken_of(value: str, said: str) -> bool:
    """Whether a word of a value was just said, in whatever form ("leek", "leeks"; "quarryman", "quarry")."""
    words = {word[:5] for word in stories.plain(value).split() if len(word) > 3}
    return any(word[:5] in words for word in said.split() if len(word) > 3)


def _nod(person: Person) -> Said:
    return Said("", person.locale, "listen", "listens")
