"""Weeks of talk with simulated residents: is anything said twice, repeated against a no, assumed, or asked again?

Every resident talks through so many half-hours of 28 days, in English, with one mind that also restarts from its
durable state every morning. A sentence counts as repeated when this resident heard it before in these weeks, with names
and numbers left out, or, where a sentence model is installed, one that means the same (0.95 alike). Greetings,
acknowledgements, repairs, answers to belief questions and what was asked to be said again are fixed acts and counted
apart.
"""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from behaviours.acts import Act, RaiseAlert, Speak, StoreFact
from behaviours.calls import AlertState
from behaviours.identity import Level, Who
from behaviours.mind import Mind, MindSettings
from behaviours.phrases import phrasebook
from behaviours.topics import topics
from behaviours.understanding.likeness import Floats
from behaviours.understanding.text import normalise
from culture_profiles.errors import KithError
from culture_profiles.importing import read_resident
from culture_profiles.profile import Profile
from kith.bench.dialogue.talker import Talker
from sim.residents.people import Person, everybody

Encode = Callable[[Sequence[str]], Floats]
"""Sentences to unit vectors, one row each."""
_ALIKE = 0.95
_ENGLISH = "en"
_DAYS = 28
_EXAMPLES = 200
_HALF_HOUR = timedelta(minutes=30)
_EXCHANGE_S = (35.0, 60.0)  # old people take their time: the robot's turn, the pause, the telling
_BEGINS = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
_TALKED = ("open_question",)  # phrases of the language pack that are no fixed acts
_NOT_COUNTED = (
    "again",
    "greet",
    "close",
    "repair",
    "manner",
    "stop",
    "refusal",
    "tell_alert",
    "call",
    "comfort",
    "comfort_and_call",
    "listen",
    "boundary",
    "remember",
    "ask_staff",
    "recite",
    "refuse_advice",
)
_NAMES = ("name.", "address.form", "family.", "friends.", "lifestory.place")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_WORD = re.compile(r"[\w']+")
_SENSITIVE = re.compile(
    r"\b(?:god|church|chapel|mosque|temple|gurdwara|synagogue|pray\w*|hymn\w*|priest|imam|rabbi|faith|relig\w+|christ\w*|"
    r"muslim|hindu|sikh|jew\w*|buddh\w*|catholic|protestant|ramadan|eid|diwali|vaisakhi|easter|passover|lent|fasting|"
    r"halal|kosher|beef|pork|ethnic\w*|black people|refugee\w*|immigra\w*|illness|diagnos\w*|dement\w*|cancer|"
    r"depress\w*|incontinen\w*|widow\w*|divorc\w*|sex\w*|gay|lesbian|politic\w*|vote\w*|union|war|partition|famine|"
    r"your (?:husband|wife|late)|died|dead)\b",
    re.IGNORECASE,
)
_ASKS_FOR = {
    "lifestory.work": re.compile(r"what (?:work|job) did you|what was your (?:work|job|trade)\b", re.IGNORECASE),
    "lifestory.place": re.compile(r"where (?:were you born|did you grow up|do you come from)", re.IGNORECASE),
    "family.daughter": re.compile(r"do you have (?:a daughter|daughters|children)", re.IGNORECASE),
    "family.son": re.compile(r"do you have (?:a son|sons|children)", re.IGNORECASE),
    "address.form": re.compile(r"what (?:would you like me to|shall i) call you", re.IGNORECASE),
    "lifestory.birth_year": re.compile(r"(?:when|what year) were you born|how old are you", re.IGNORECASE),
}


@dataclass
class Counts:
    """What one or all residents heard."""

    turns: int = 0
    hours: float = 0.0
    sentences: int = 0
    repeated: int = 0
    fixed: int = 0
    endings: int = 0
    endings_honoured: int = 0
    declined: int = 0
    declined_repeated: int = 0
    assumed_sensitive: int = 0
    reasked: int = 0
    half_hours: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Sum up."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class LongTalk:
    """Shares are 0..1. `lowest_turns_per_hour` is of the resident with whom the robot spoke least."""

    repeat_rate: float
    endings_honoured: float
    declined_repeated: int
    assumed_sensitive: int
    reasked: int
    turns_per_hour: float
    lowest_turns_per_hour: float
    sentences: int
    fixed_sentences: int
    residents: int
    half_hours: int
    declined: int
    examples: tuple[str, ...] = ()


def long_talk(
    *, residents: int = 24, half_hours: int = 36, seed: int = 1, encode: Encode | None = None
) -> dict[str, float | int]:
    """The five figures of the bench, and how much was said. Errors: KithError with too few English speakers."""
    found = measure(residents=residents, half_hours=half_hours, seed=seed, encode=encode)
    return {name: value for name, value in vars(found).items() if name != "examples"}


def measure(*, residents: int = 24, half_hours: int = 36, seed: int = 1, encode: Encode | None = None) -> LongTalk:
    """Talk with everybody; `encode`: to find what means the same in other words.

    Errors: KithError when fewer residents than asked for speak English.
    """
    people = [(person, profile) for person, profile in _speakers(everybody().values())][:residents]
    if len(people) < residents:
        raise KithError(f"only {len(people)} simulated residents speak English: ask for no more")
    total, rates = Counts(), []
    for number, (person, profile) in enumerate(people):
        counts = talk_with(person, profile, half_hours=half_hours, seed=seed + number, encode=encode)
        rates.append(counts.turns / counts.hours)
        total.add(counts)
    return LongTalk(
        repeat_rate=round(total.repeated / max(1, total.sentences), 4),
        endings_honoured=round(total.endings_honoured / max(1, total.endings), 4),
        declined_repeated=total.declined_repeated,
        assumed_sensitive=total.assumed_sensitive,
        reasked=total.reasked,
        turns_per_hour=round(total.turns / total.hours, 1),
        lowest_turns_per_hour=round(min(rates), 1),
        sentences=total.sentences,
        fixed_sentences=total.fixed,
        residents=len(people),
        half_hours=total.half_hours,
        declined=total.declined,
        examples=tuple(total.examples[:_EXAMPLES]),
    )


def talk_with(person: Person, profile: Profile, *, half_hours: int, seed: int, encode: Encode | None = None) -> Counts:
    """All half-hours of one resident, spread over the days."""
    rng = random.Random(seed)  # noqa: S311
    talk = _Weeks(person, profile, rng)
    for number in range(half_hours):
        day, of_day = divmod(number * _DAYS, half_hours)
        begins = _BEGINS + timedelta(days=day, hours=2.0 + 6.0 * (of_day / half_hours) + rng.random())
        talk.half_hour(begins)
    if encode is not None:
        talk.count_alike(encode)
    return talk.counts


class _Weeks:
    """One resident and one mind."""

    def __init__(self, person: Person, profile: Profile, rng: random.Random) -> None:
        self.counts = Counts()
        self._rng = rng
        self._person = person
        self._talker = Talker(person, rng)
        self._profile = profile
        self._who = Who(person.id, Level.PRIVATE, "simulated")
        self._mind = self._new_mind()
        self._day: date | None = None
        self._heard: dict[str, date] = {}
        self._first: dict[str, str] = {}  # each counted sentence as it was first said, by its plain form
        self._answered: set[str] = set()
        self._declined: dict[str, date] = {}
        self._said_by_person: set[str] = set()
        self._raised: set[str] = set()
        self._before = ""
        self._stated = " ".join(fact.value for fact in profile.known()).casefold()
        named = (fact.value for fact in profile.known() if fact.key.startswith(_NAMES))
        self._names = {word.casefold() for value in named for word in _WORD.findall(value)}
        self._fixed = _fixed_sentences()

    def half_hour(self, begins: datetime) -> None:
        """One talk, from the greeting to the resident's ending."""
        now = begins
        if self._day != begins.date():
            self._day = begins.date()
            self._restart(now)
        self.counts.half_hours += 1
        lasts = min(_HALF_HOUR, timedelta(minutes=self._person.simulation.habits.tires_after_min))
        words = "Hello."
        while now - begins < lasts:
            now += timedelta(seconds=self._rng.uniform(*_EXCHANGE_S))
            spoken = self._turn(words, now)
            if not spoken and self._mind.turn.reading.safety.name == "consent":
                break
            words = self._next_words(spoken, begins.date())
        self.counts.hours += (now - begins) / timedelta(hours=1)
        self._end(now)

    def _turn(self, words: str, now: datetime) -> list[Speak]:
        self._said_by_person |= set(_WORD.findall(words.casefold()))
        self._raised.add(topics()[_ENGLISH].heard(normalise(words))[0])
        acts = self._mind.heard(words, now, who=self._who, locale="en_GB")
        spoken = self._carry_out(acts, now)
        self.counts.turns += bool(spoken)
        for each in spoken:
            self._count(each, now.date())
        return spoken

    def _next_words(self, spoken: list[Speak], today: date) -> str:
        last = spoken[-1] if spoken else None
        text = last.text if last is not None else ""
        begins = last is not None and last.act in ("ask", "offer") and self._begins(last)
        refusal = self._talker.declines(begins=begins)
        if refusal and last is not None:
            self.counts.declined += 1
            self._declined[_what(last)] = today
            return refusal
        answer = self._talker.answer(text)
        if answer != "Pardon?":
            self._answered |= {self._plain(each) for each in _SENTENCE.split(text) if each.endswith("?")}
        return answer

    def _begins(self, last: Speak) -> bool:
        """Whether the robot began something with this turn: a topic, an offer, a question about tastes."""
        what = _what(last)
        new = what != self._before
        self._before = what
        return new

    def _end(self, now: datetime) -> None:
        words = self._talker.ends()
        now += timedelta(seconds=20)
        spoken = self._carry_out(self._mind.heard(words, now, who=self._who, locale="en_GB"), now)
        later: list[Speak] = []
        for seconds in range(15, 300, 15):
            later += self._carry_out(self._mind.tick(now + timedelta(seconds=seconds)), now)
        self.counts.endings += 1
        honoured = len(spoken) <= 1 and not later and not any("?" in each.text for each in spoken)
        self.counts.endings_honoured += honoured
        if not honoured:
            self.counts.examples.append(f"ending not honoured: {words!r} -> {[each.text for each in spoken + later]}")

    def _count(self, said: Speak, today: date) -> None:
        what = _what(said)
        if said.act in ("ask", "offer") and self._declined.get(what) == today and what not in self._raised_by_person():
            self.counts.declined_repeated += 1
            self.counts.examples.append(f"declined, repeated: {said.text}")
        for key, pattern in _ASKS_FOR.items():
            if pattern.search(said.text) and self._profile.values(key):
                self.counts.reasked += 1
                self.counts.examples.append(f"known, asked: {said.text}")
        preference = self._talker.preference(said.text) if said.act != "again" else ""
        if preference and preference in self._answered:
            self.counts.reasked += 1
            self.counts.examples.append(f"asked again: {said.text}")
        if preference:
            self._answered.add(preference)
        for word in _SENSITIVE.findall(said.text):
            if word.casefold() not in self._said_by_person and word.casefold() not in self._stated:
                self.counts.assumed_sensitive += 1
                self.counts.examples.append(f"sensitive: {said.text}")
        for sentence in _SENTENCE.split(said.text):
            self._count_sentence(said, sentence, today)

    def _count_sentence(self, said: Speak, sentence: str, today: date) -> None:
        plain = self._plain(sentence)
        if not plain:
            return
        if said.act in _NOT_COUNTED or plain in self._fixed:
            self.counts.fixed += 1
            return
        self.counts.sentences += 1
        before = self._heard.get(plain)
        if before is not None and (today - before).days < _DAYS:
            self.counts.repeated += 1
            self.counts.examples.append(f"repeated: {sentence}")
        if plain in self._answered and sentence.endswith("?"):
            self.counts.reasked += 1
            self.counts.examples.append(f"asked again: {sentence}")
        self._heard[plain] = today
        self._first.setdefault(plain, sentence)

    def count_alike(self, encode: Encode) -> None:
        """Sentences heard for the first time that mean what another did, within these weeks."""
        plain = list(self._first)
        if len(plain) < 2:
            return
        rows = encode(plain)
        alike = np.tril(rows @ rows.T, -1)
        for place in np.flatnonzero((alike >= _ALIKE).any(axis=1)):
            self.counts.repeated += 1
            other = self._first[plain[int(alike[place].argmax())]]
            self.counts.examples.append(f"alike: {self._first[plain[int(place)]]} | {other}")

    def _raised_by_person(self) -> set[str]:
        return {f"topic {name}" for name in self._raised}

    def _plain(self, sentence: str) -> str:
        """Without the person's names and without numbers."""
        words = [word for word in _WORD.findall(sentence.casefold()) if not word.isdigit() and word not in self._names]
        return " ".join(words)

    # The mind -------------------------------------------------------------------------------------------------------
    def _new_mind(self) -> Mind:
        settings = MindSettings(simulation=True)
        return Mind(self._rng, robot="bench", zone=ZoneInfo("UTC"), settings=settings)

    def _restart(self, now: datetime) -> None:
        state = self._mind.state()
        self._mind = self._new_mind()
        self._mind.restore(state)
        self._mind.profile_changed(self._profile, now)
        self._mind.presence(self._who, now)
        self._said_by_person = set()
        self._raised = set()

    def _carry_out(self, acts: Iterable[Act], now: datetime) -> list[Speak]:
        spoken = []
        for act in acts:
            match act:
                case Speak():
                    spoken.append(act)
                    self._mind.spoken(act.id, True, now)
                case RaiseAlert():  # somebody comes at once
                    self._mind.alert_state(act.id, AlertState.ACCEPTED, now, accepted_by="Maria")
                    self._mind.alerts_listed(set())
                case StoreFact():
                    stored = act.fact.model_copy(update={"sequence": self._profile.sequence + 1})
                    self._profile = self._profile.with_fact(stored)
                    self._mind.profile_changed(self._profile, now)
        return spoken


def _what(said: Speak) -> str:
    """What a turn is about, as the robot explains it ("topic garden", "worth asking: music.jazz")."""
    return said.why.split(",")[0].replace("open thread", "topic")


def _fixed_sentences() -> frozenset[str]:
    found = set()
    for _, key, template in phrasebook().templates():
        if key not in _TALKED:
            for sentence in _SENTENCE.split(re.sub(r"\[[^\]]*\]|\{\w+\}", "", template)):
                found.add(" ".join(_WORD.findall(sentence.casefold())))
    return frozenset(found)


def _speakers(people: Iterable[Person]) -> Iterable[tuple[Person, Profile]]:
    for person in people:
        facts = read_resident(person.file, _BEGINS)
        numbered = [fact.model_copy(update={"sequence": number}) for number, fact in enumerate(facts, 1)]
        profile = Profile(person.id, facts=numbered)
        spoken = [profile.value("language.preferred") or "", *profile.values("language.spoken")]
        if any(each.startswith(_ENGLISH) for each in spoken) and person.simulation.channel == "speech":
            yield person, profile
