"""Ordinary talk: following a topic, asking from what was stated, and listening."""

from datetime import datetime

from behaviours.identity import Who
from behaviours.person import Person
from behaviours.speaking import Speaker
from behaviours.topics import Topics, TopicTalk, topics
from behaviours.understanding.reading import Reading

_TURNS_PER_TOPIC = 4
_MORNING = range(4, 12)


class SmallTalk:
    """Chooses what to say next in an ordinary conversation; "" when all it could say has been said."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def opening(self, person: Person, who: Who, local: datetime) -> tuple[str, str, str]:
        """A first question: (text, locale, topic)."""
        talk = topics().get(person.locale.split("_")[0])
        if talk is not None:
            for name in talk.order:
                if self._may_open(person, talk, name, local) and (text := self._ask(person, who, talk, name)):
                    person.topic, person.topic_turns = name, 0
                    return text, person.locale, name
        phrase = self._speaker.phrase(person, "open_question")
        return (phrase.text, phrase.locale, "") if phrase else ("", person.locale, "")

    def reply(self, person: Person, who: Who, reading: Reading, local: datetime) -> tuple[str, str]:
        """An answer to something told: a comment and, as a rule, one question. (text, locale)."""
        talk = topics().get(person.locale.split("_")[0])
        if reading.is_question:
            return self._phrases(person, "question_unknown")
        if talk is None:
            return self._phrases(person, "acknowledge")
        name = reading.topic or person.topic
        if name != person.topic:
            person.topic, person.topic_turns = name, 0
        person.topic_turns += 1
        parts = []
        if name and (reading.topic or person.topic_turns == 1):
            # "not well" is in both lists; the bad news weighs more.
            valence = "bad" if "bad" in reading.answers else "good" if "good" in reading.answers else ""
            if valence:
                options = talk.topics[name].bad if valence == "bad" else talk.topics[name].good
                parts.append(self._speaker.choose(person, f"{talk.language}/{name}/{valence}", options, {}))
        question = ""
        if not (parts and parts[0].endswith("?")):
            question = self._next_question(person, who, talk, name, local)
        parts = [each for each in (*parts, question) if each]
        if not parts:
            return self._phrases(person, "acknowledge")
        return " ".join(parts), person.locale

    def _next_question(self, person: Person, who: Who, talk: Topics, name: str, local: datetime) -> str:
        if name and person.topic_turns <= _TURNS_PER_TOPIC:
            if text := self._from_fact(person, who, talk.topics[name], f"{talk.language}/{name}"):
                return text
            options = talk.topics[name].follow
            if text := self._speaker.choose(person, f"{talk.language}/{name}/follow", options, {}):
                return text
        if person.topic_turns % 2 or not name:
            # Now and then only listen: a question in every breath is an interrogation.
            phrase = self._speaker.phrase(person, "acknowledge")
            if phrase is not None:
                return phrase.text
        return self.opening(person, who, local)[0]

    def _may_open(self, person: Person, talk: Topics, name: str, local: datetime) -> bool:
        avoided = person.profile.values("topics.avoided") if person.profile is not None else ()
        if any(talk.pattern(name).search(each.casefold()) or each.casefold() == name for each in avoided):
            return False
        return name not in talk.morning_only or local.hour in _MORNING

    def _ask(self, person: Person, who: Who, talk: Topics, name: str) -> str:
        topic = talk.topics[name]
        label = f"{talk.language}/{name}"
        if topic.from_fact is not None and person.stated(topic.from_fact.key):
            # What was answered already is not asked again; what is private is not said aloud.
            return self._from_fact(person, who, topic, label)
        if any(f"{label}/ask/{place}" in person.said for place in range(len(topic.ask))):
            return ""
        return self._speaker.choose(person, f"{label}/ask", topic.ask, {})

    def _from_fact(self, person: Person, who: Who, topic: TopicTalk, label: str) -> str:
        if topic.from_fact is None or not who.private:
            return ""
        value = person.stated(topic.from_fact.key)
        if not value or (topic.from_fact.key == "topics.liked" and not _about(value, topic)):
            return ""
        return self._speaker.choose(person, f"{label}/fact", topic.from_fact.ask, {"value": value})

    def _phrases(self, person: Person, key: str) -> tuple[str, str]:
        phrase = self._speaker.phrase(person, key) or self._speaker.phrase(person, "acknowledge")
        return (phrase.text, phrase.locale) if phrase else ("", person.locale)


def _about(value: str, topic: TopicTalk) -> bool:
    words = topic.heard.replace("(?:", "").replace(")?", "").replace(")", "").split("|")
    return any(word in value.casefold() for word in words if len(word) > 3)
