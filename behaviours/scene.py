"""What all behaviours of one robot share: who is here, what was just heard, the time, and the words to say."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from behaviours.acquaintance import Acquaintance
from behaviours.acts import Act, Gesture
from behaviours.calls import Calls
from behaviours.conversation.talk import Talk
from behaviours.floor import Activity, Floor, Priority
from behaviours.home_day import HomeDay
from behaviours.identity import Who
from behaviours.on_the_floor import FloorRule
from behaviours.person import Person
from behaviours.phrases import phrasebook
from behaviours.reminding import Giving
from behaviours.speaking import Speaker
from behaviours.understanding.reading import Reading
from behaviours.understanding.understander import Understander

_THREAD_AFTER = 2  # turns on a topic that make it worth coming back to
CONVERSATION = "conversation"
EMERGENCY = "emergency"


@dataclass(frozen=True)
class MindSettings:
    """Thresholds, with the defaults of the care rules."""

    answer_window: timedelta = timedelta(seconds=20)
    greet_after: timedelta = timedelta(seconds=1.5)
    greet_unseen_after: timedelta = timedelta(seconds=10)
    """Where the camera sees that nobody looks. Not for ever: it does not see every face equally well."""
    greet_again_after: timedelta = timedelta(hours=1)
    conversation_ends_after: timedelta = timedelta(minutes=2)
    refusal_lasts: timedelta = timedelta(hours=2)
    new_day: time = time(5, 0)
    night_from: time = time(22, 0)
    night_until: time = time(7, 0)
    least_confidence: float = 0.35
    hard_moments: int = 3
    hard_within: timedelta = timedelta(minutes=15)
    simulation: bool = False
    """Packs that no community has reviewed count in full (care rule 24)."""


@dataclass
class Turn:
    """What the mind made of the last thing it heard; for explaining, never for storing."""

    reading: Reading
    act: str = ""
    why: list[str] = field(default_factory=list)
    topic: str = ""


@dataclass(frozen=True)
class Heard:
    """One whole utterance: whose, how sure that is, what it means, and the recogniser's confidence 0..1."""

    person: Person
    who: Who
    reading: Reading
    confidence: float = 1.0


class Scene:
    """One per robot; the tree's behaviours read it and change it. `now` is the time of the input being handled."""

    def __init__(
        self, rng: random.Random, robot: str, zone: tzinfo | None, settings: MindSettings, understander: Understander
    ) -> None:
        self.settings = settings
        self.floor = Floor()
        self.calls = Calls(rng, robot)
        self.floor_rule = FloorRule()
        self.speaker = Speaker(phrasebook(), rng)
        self.acquaintance = Acquaintance(simulation=settings.simulation)
        self.talk = Talk(self.speaker, self.acquaintance, rng)
        self.understander = understander
        self.people: dict[str, Person] = {}
        self.giving: Giving | None = None
        self.home_day: HomeDay | None = None
        self.locale = "en_GB"
        self.quiet_until: datetime | None = None
        self.attended: bool | None = None
        """Whether somebody looks at the robot; None where nothing sees them."""
        self.turn = Turn(Reading("", "", "en"))
        self.heard: Heard | None = None
        self.said_of_moving: dict[str, datetime] = {}
        self.follows = False
        """Whether it was asked to come along, and not yet to stay."""
        self.now = datetime.min.replace(tzinfo=UTC)
        self._zone = zone

    def person(self, person_id: str) -> Person:
        """Somebody's side of the talk, made when first met; the id "" is whoever is not known."""
        return self.people.setdefault(person_id, Person(person_id))

    # Words ----------------------------------------------------------------------------------------------------------
    def say(
        self,
        person: Person,
        key: str,
        act: str,
        *,
        must: bool = False,
        otherwise: str = "",
        priority: Priority = Priority.CONVERSATION,
        plain: bool = False,
        values: Mapping[str, str] | None = None,
    ) -> list[Act]:
        """Say a phrase not said yet today, else one of `otherwise`, else nod; `must`: rather repeat than nod."""
        phrase = self.speaker.phrase(person, key, must=must, values=values)
        if phrase is None and otherwise:
            phrase = self.speaker.phrase(person, otherwise, values=values)
        if phrase is None:
            return [Gesture("nod")]
        said = self.speaker.speak(
            person, phrase.text, phrase.locale, act, self.now, priority=priority, why=key, plain=plain
        )
        return [said]

    def silent(self, why: str) -> list[Act]:
        """Say nothing, on purpose."""
        self.turn.act = "silent"
        self.turn.why.append(why)
        return []

    def preferred_locale(self, person: Person) -> str:
        """The locale a person stated for talk; the one spoken last where nobody is known."""
        if person.profile is None:
            return self.locale
        return self.speaker.book.locale_for(person.profile.value("language.preferred") or "en_GB")

    @property
    def quiet(self) -> bool:
        """Whether staff asked the robot to say nothing of its own accord. Who speaks to it is answered all the same."""
        return self.quiet_until is not None and self.now < self.quiet_until

    @property
    def greet_after(self) -> timedelta:
        """How long somebody who came is left to speak first: who looks at the robot is greeted, a wall is not."""
        if self.attended is None:
            return self.settings.greet_after
        return timedelta() if self.attended else self.settings.greet_unseen_after

    def refused(self, person: Person) -> str:
        """The kind of refusal in force, "" for none."""
        if person.refusal is not None and self.now >= person.refusal.until:
            person.refusal = None
        return person.refusal.kind if person.refusal is not None else ""

    # The floor ------------------------------------------------------------------------------------------------------
    def take_conversation(self, person: Person) -> None:
        """Talk with this person now, unless something more urgent holds the floor."""
        if self.floor.priority <= Priority.CONVERSATION:
            self.floor.release(CONVERSATION)
            self.floor.take(Activity(CONVERSATION, Priority.CONVERSATION, person.id))

    def end_conversation(self, person: Person) -> None:
        """The talk is over: what was asked in it is done with, what it was about may be taken up another day."""
        self.floor.release(CONVERSATION)
        person.pending = None
        if person.topic_turns >= _THREAD_AFTER:
            person.talk.leave(person.topic, self.day())
        person.topic, person.topic_turns = "", 0
        person.talk.raised.clear()
        person.talk.game = None
        person.talk.changes = 0
        person.talk.tender = 0
        person.talk.piece = ""

    # Time -----------------------------------------------------------------------------------------------------------
    def local(self) -> datetime:
        """The time on the home's clock."""
        return self.now.astimezone(self._zone)

    def day(self) -> date:
        """The day as people live it: it ends in the small hours, not at midnight."""
        begins = self.settings.new_day
        return (self.local() - timedelta(hours=begins.hour, minutes=begins.minute)).date()

    def tomorrow(self) -> datetime:
        """When the next day begins."""
        return datetime.combine(self.day() + timedelta(days=1), self.settings.new_day, tzinfo=self.local().tzinfo)

    def is_night(self) -> bool:
        """Whether the robot begins nothing by itself now (care rule 20)."""
        clock = self.local().time()
        return clock >= self.settings.night_from or clock < self.settings.night_until

    def turn_to(self, person: Person) -> None:
        """Before a word to a person: with a new day everything may be said anew, and what to avoid may have changed."""
        today = self.day()
        person.avoid = self.acquaintance.approach(person, today).avoid
        if person.said_on != today:
            person.said_on = today
            person.said.clear()
