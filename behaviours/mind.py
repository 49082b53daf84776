"""The one mind of one robot: everything that it hears and is told comes in here, everything it does goes out as acts.

Pure: no clock, no chance of its own. Times are aware datetimes handed in, and `rng` is seeded by the caller. Safety
comes first in every turn, before anything else sees the words.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from babel.dates import format_date, format_time

from behaviours import memory, reminding
from behaviours.acts import (
    Act,
    AlertLevel,
    Gesture,
    Hush,
    Outcome,
    RememberState,
    ReminderOutcome,
    ReminderPrompted,
    Speak,
    StoreFact,
)
from behaviours.calls import AlertState, Calls, Telling
from behaviours.floor import Activity, Floor, Priority
from behaviours.identity import Who
from behaviours.manner import address
from behaviours.person import Pending, Person, Refusal
from behaviours.phrases import phrasebook
from behaviours.reminding import Giving, Reminder
from behaviours.smalltalk import SmallTalk
from behaviours.speaking import Speaker
from behaviours.topics import topics
from behaviours.understanding.reading import Reading, Safety
from behaviours.understanding.understander import Topic, Understander
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile

_STILL_HEARD = ("emergency", "self_harm", "abuse", "pain")
_LIFTS_REFUSAL = ("come_here", "greet")
_NOT_AN_INVITATION = frozenset({"yes", "no", "thanks", "goodbye", "again", "love", "quieter", "faster", "entertain"})
_CONVERSATION = "conversation"
_CLOCK = {"en_GB": "h:mm B", "pl_PL": "H:mm", "ja_JP": "H時m分"}


@dataclass(frozen=True)
class MindSettings:
    """Thresholds, with the defaults of the care rules."""

    answer_window: timedelta = timedelta(seconds=20)
    greet_after: timedelta = timedelta(seconds=1.5)
    greet_again_after: timedelta = timedelta(hours=1)
    conversation_ends_after: timedelta = timedelta(minutes=2)
    refusal_lasts: timedelta = timedelta(hours=2)
    new_day: time = time(5, 0)
    night_from: time = time(22, 0)
    night_until: time = time(7, 0)
    least_confidence: float = 0.35
    hard_moments: int = 3
    hard_within: timedelta = timedelta(minutes=15)


@dataclass
class Turn:
    """What the mind made of the last thing it heard; for explaining, never for storing."""

    reading: Reading
    act: str = ""
    why: list[str] = field(default_factory=list)
    topic: str = ""


class Mind:
    """One per robot. Not thread-safe."""

    def __init__(
        self,
        rng: random.Random,
        *,
        robot: str = "",
        zone: tzinfo | None = None,
        settings: MindSettings | None = None,
    ) -> None:
        self.floor = Floor()
        self.turn = Turn(Reading("", "", "en"))
        self._settings = settings or MindSettings()
        self._zone = zone
        self._speaker = Speaker(phrasebook(), rng)
        self._talk = SmallTalk(self._speaker)
        self._calls = Calls(rng, robot)
        self._people: dict[str, Person] = {}
        self._giving: Giving | None = None
        self._locale = "en_GB"
        self._understander = Understander(
            Topic(name, {language: talk.pattern(name)}) for language, talk in topics().items() for name in talk.topics
        )

    # What comes in --------------------------------------------------------------------------------------------------
    def profile_changed(self, profile: Profile, now: datetime) -> list[Act]:
        """Take in a profile, new or changed. The very next sentence follows it."""
        person = self._person(profile.resident_id)
        before = person.profile
        person.profile, person.profile_at = profile, now
        if before is None:
            return []
        if any(before.value(key) != profile.value(key) for key in ("address.form", "address.manner", "name.preferred")):
            person.address_due = True
        for key, wish in (("speech.rate", "rate"), ("speech.pitch", "pitch"), ("speech.volume", "volume")):
            if before.value(key) != profile.value(key):
                setattr(person.wish, wish, "")
        if profile.value("state_of_life") == "died" and before.value("state_of_life") != "died":
            return self._fall_silent_for(person)
        return []

    def profile_checked(self, resident_id: str, now: datetime) -> None:
        """The home has confirmed that the profile held here is the newest."""
        self._person(resident_id).profile_at = now

    def presence(self, who: Who, now: datetime) -> list[Act]:
        """Somebody is here, as far as the evidence goes. Call when it changes and now and then."""
        for person in self._people.values():
            if (
                person.disclosed
                and not who.private
                and person.heard_at
                and now - person.heard_at < timedelta(minutes=5)
            ):
                # Somebody approached while a person confided: fall silent (care rule 5).
                person.disclosed = False
                person.pending = None
                return [Hush()]
        if who.person_id:
            person = self._person(who.person_id)
            person.met_at = person.met_at or now
        return []

    def gone(self, person_id: str) -> None:
        """The evidence of a person has ended."""
        if person_id in self._people:
            person = self._people[person_id]
            person.met_at = None
            holder = self.floor.holder
            if holder is not None and holder.name == _CONVERSATION and holder.person_id == person_id:
                # Who has left holds no conversation: the next to come is greeted.
                self.floor.release(_CONVERSATION)
                person.pending = None
                person.topic = ""

    def hearing(self, person_id: str, now: datetime) -> None:
        """Somebody is speaking at this moment: no initiative, and a reminder waits for the end of the answer."""
        if person_id in self._people and self._people[person_id].met_at is not None:
            self._people[person_id].met_at = now
        giving = self._giving
        if giving is not None and giving.listen_until is not None:
            giving.listen_until = max(giving.listen_until, now + self._settings.answer_window / 2)

    def heard(self, text: str, now: datetime, *, who: Who, locale: str = "", confidence: float = 1.0) -> list[Act]:
        """One whole utterance of somebody. `locale` as the recogniser heard it; empty: found from the words."""
        person = self._person(who.person_id)
        self._new_day(person, now)
        reading = self._understander.read(text, locale or self._expected_language(person, text))
        self.turn = Turn(reading, why=[who.why, *reading.why])
        self._follow_language(person, reading)
        acts = self._answer(person, who, reading, confidence, now)
        person.heard_at = now
        self._note_turn(person, acts)
        return acts

    def remind(self, reminder: Reminder, who: Who, now: datetime) -> list[Act]:
        """Give one reminder, if it may be given now. Ends, now or later, in exactly one ReminderOutcome."""
        person = self._person(reminder.resident_id)
        self._new_day(person, now)
        if who.person_id != reminder.resident_id:
            return [ReminderOutcome(reminder.occurrence_id, Outcome.ABSENT, "not here")]
        if forbidden := reminding.hindrance(reminder, person, now, self._local(now).date()):
            return [ReminderOutcome(reminder.occurrence_id, forbidden[0], forbidden[1])]
        if self._giving is not None or self._calls.emergency():
            return [ReminderOutcome(reminder.occurrence_id, Outcome.INTERRUPTED, "something more urgent")]
        taken = self.floor.take(Activity(_reminder_name(reminder), Priority.REMINDER, person.id, resumable=False))
        if not taken.granted:
            return [ReminderOutcome(reminder.occurrence_id, Outcome.INTERRUPTED, "something more urgent")]
        self._giving = Giving(reminder)
        person.pending = None
        prompt = self._prompt(person, who, reminder, now, excuse=taken.interrupted is not None)
        self._giving.utterance_id = prompt.id
        return [prompt]

    def spoken(self, utterance_id: str, finished: bool, now: datetime) -> list[Act]:
        """An utterance has ended: `finished`, or silenced before its end."""
        giving = self._giving
        if giving is None or giving.utterance_id != utterance_id:
            return []
        giving.listen_until = now + self._settings.answer_window
        if giving.prompted or not finished:
            return []
        giving.prompted = True
        return [ReminderPrompted(giving.reminder.occurrence_id)]

    def cancel_remind(self, occurrence_id: str, now: datetime) -> list[Act]:
        """Whoever asked for this reminder takes it back."""
        giving = self._giving
        if giving is None or giving.reminder.occurrence_id != occurrence_id:
            return []
        return [Hush(Priority.EMERGENCY), *self._end_reminder(Outcome.INTERRUPTED, "taken back", now, resume=False)]

    def store_failed(self, profile: Profile | None, person_id: str, now: datetime) -> list[Act]:
        """What was to be kept or forgotten could not be written: say so instead. `profile` is as the home has it."""
        person = self._person(person_id)
        person.stored = []
        if profile is not None:
            person.profile = profile
        return self._say(person, "facts.failed", "not_kept", now, must=True)

    def alert_state(
        self, alert_id: str, state: int, now: datetime, *, accepted_by: str = "", covered: bool = True
    ) -> list[Act]:
        """What the home says of an alert of this robot."""
        tellings = self._calls.update(alert_id, AlertState(state), accepted_by, covered)
        acts: list[Act] = [self._tell(each, now) for each in tellings]
        if not self._calls.emergency():
            self.floor.release("emergency")
        return [*acts, RememberState()] if acts else []

    def alert_stored(self, alert_id: str) -> list[Act]:
        """The home has written this robot's alert down; that is not yet somebody who comes."""
        self._calls.stored(alert_id)
        return [RememberState()]

    def alerts_listed(self, open_ids: set[str]) -> None:
        """The ids of all open alerts in the home: what is no longer among them has been closed."""
        self._calls.closed_except(open_ids)
        if not self._calls.emergency():
            self.floor.release("emergency")

    def say(self, text: str, person_id: str, now: datetime) -> list[Act]:
        """Something else asks the robot to say a sentence. Refused (no acts) when the person refused talk."""
        person = self._person(person_id)
        if self._refused(person, now) or self.floor.priority > Priority.CONVERSATION:
            return []
        return [self._speaker.speak(person, text, person.locale or self._locale, "say", now, plain=True)]

    def tick(self, now: datetime) -> list[Act]:
        """Let time pass: what is due now and was not caused by anybody's words."""
        acts: list[Act] = []
        for alert, telling in self._calls.due(now):
            acts.append(alert)
            if telling is not None:
                acts.append(self._tell(telling, now))
        giving = self._giving
        if giving is not None and giving.listen_until is not None and now >= giving.listen_until:
            acts += self._end_reminder(Outcome.NO_ANSWER, "no answer", now)
        holder = self.floor.holder
        if holder is not None and holder.name == _CONVERSATION:
            person = self._person(holder.person_id)
            if person.heard_at is None or now - person.heard_at >= self._settings.conversation_ends_after:
                self.floor.release(_CONVERSATION)
                person.pending = None
                person.topic = ""
        return acts + self._initiatives(now)

    def next_due(self, now: datetime) -> datetime | None:
        """When `tick` has something to do next, as far as is known now."""
        times = [self._calls.next_due()]
        if self._giving is not None:
            times.append(self._giving.listen_until)
        times += [
            each.met_at + self._settings.greet_after
            for each in self._people.values()
            if each.met_at is not None and self._may_greet(each, now)
        ]
        return min((each for each in times if each is not None), default=None)

    # Durable state --------------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """What must survive a restart: whom it greeted, what was refused, open calls. No words said by anybody."""
        return {
            "greeted": {each.id: each.greeted_at.isoformat() for each in self._people.values() if each.greeted_at},
            "refused": {
                each.id: [each.refusal.kind, each.refusal.until.isoformat()]
                for each in self._people.values()
                if each.refusal
            },
            "calls": self._calls.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up the state of before. Raises KeyError, TypeError or ValueError when it is damaged."""
        for person_id, when in state["greeted"].items():
            self._person(person_id).greeted_at = datetime.fromisoformat(when)
        for person_id, (kind, until) in state["refused"].items():
            self._person(person_id).refusal = Refusal(kind, datetime.fromisoformat(until))
        self._calls.restore(state["calls"])

    # One turn -------------------------------------------------------------------------------------------------------
    def _answer(self, person: Person, who: Who, reading: Reading, confidence: float, now: datetime) -> list[Act]:
        safety = reading.safety
        if (
            person.profile is not None
            and person.profile.value("consent.talk") == "no"
            and safety.name not in _STILL_HEARD
        ):
            return self._silent("no consent to talk")
        refused = self._refused(person, now)
        if refused and safety.name not in _STILL_HEARD and not self._invited(person, reading):
            self.turn.why.append(f"refused: {refused}")
            return self._silent("asked not to be spoken to")
        if safety.name in _STILL_HEARD or safety.level in ("attend", "emergency"):
            return self._safety_turn(person, reading, now)
        giving = self._giving
        if giving is not None and giving.reminder.resident_id == person.id:
            return self._reminder_answer(person, giving, reading, now)
        self._take_conversation(person)
        if not reading.normalised or (len(reading.normalised) < 2 and reading.normalised.isascii()):
            return self._repair(person, "", now)
        if person.pending is not None and person.pending.kind == "heard" and reading.has("yes"):
            heard, person.pending, person.repairs = person.pending.text, None, 0
            again = self._understander.read(heard, reading.language)
            self.turn = Turn(again, why=["confirmed", *again.why])
            return self._answer(person, who, again, 1.0, now)
        if confidence < self._settings.least_confidence and safety.name == "none":
            return self._repair(person, reading.text, now)
        person.repairs = 0
        if safety.name != "none":
            return self._safety_turn(person, reading, now)
        return [*self._first_greeting(person, reading, now), *self._ordinary(person, who, reading, now)]

    def _ordinary(self, person: Person, who: Who, reading: Reading, now: datetime) -> list[Act]:
        if person.pending is not None:
            pending, person.pending = person.pending, None
            if (acts := self._pending_answer(person, who, pending, reading, now)) is not None:
                return acts
        for intent, handler in self._handlers().items():
            if intent in reading.intents:
                return handler(person, who, reading, now)
        if reading.statements and (acts := self._facts(person, who, reading, now)) is not None:
            return acts
        for intent in ("how_are_you", "thanks", "greet"):
            if intent in reading.intents and not (intent == "greet" and reading.topic):
                return self._polite(person, who, intent, now)
        if reading.has("yes", "no") and not reading.topic:
            key = "after_yes" if reading.has("yes") else "after_no"
            return self._say(person, key, "acknowledge", now, otherwise="acknowledge")
        return self._chat(person, who, reading, now)

    def _handlers(self) -> dict[str, Callable[[Person, Who, Reading, datetime], list[Act]]]:
        """Intents in order of weight, and what answers them."""
        said = self._just_say
        return {
            "forget": self._forget,
            "wrong": self._forget,
            "know_about_me": self._know,
            "who_told": said("know.who_told", "inform"),
            "are_you_robot": said("are_you_robot", "inform"),
            "who_are_you": said("who_are_you", "inform"),
            "love": said("love", "inform"),
            "call_family": self._call("family", AlertLevel.INFORM, "call_family"),
            "call_carer": self._call("carer", AlertLevel.ATTEND, "call_carer"),
            "bodily_need": self._call("need", AlertLevel.ATTEND, "bodily_need"),
            "time": self._time,
            "date": self._date,
            "menu_question": said("menu_unknown", "inform"),
            "activities_question": said("activities_unknown", "inform"),
            "weather_question": said("weather_unknown", "inform"),
            "who_am_i_to_you": self._name,
            "slower": self._change("rate", "slow", "slower"),
            "faster": self._change("rate", "normal", "faster"),
            "quieter": self._change("volume", "soft", "quieter"),
            "again": self._again,
            "louder": self._louder,
            "language_change": self._language,
            "goodbye": self._goodbye,
            "what_can_you_do": self._abilities,
            "entertain": said("entertain", "inform"),
            "come_here": self._come_here,
        }

    # Safety ---------------------------------------------------------------------------------------------------------
    def _safety_turn(self, person: Person, reading: Reading, now: datetime) -> list[Act]:
        safety = reading.safety
        acts: list[Act] = []
        if self._giving is not None and safety.name in (*_STILL_HEARD, "medical"):
            acts += self._end_reminder(Outcome.INTERRUPTED, "something more urgent", now)
        match safety.name:
            case "emergency":
                return [
                    *acts,
                    *self._alarm(person, "emergency", AlertLevel.EMERGENCY, "emergency.calling", safety, now),
                ]
            case "self_harm":
                return [*acts, *self._alarm(person, "self_harm", AlertLevel.EMERGENCY, "self_harm", safety, now)]
            case "pain":
                return [*acts, *self._alarm(person, "pain", AlertLevel.ATTEND, "pain", safety, now)]
            case "abuse":
                return [*acts, *self._disclosure(person, now)]
            case "medical" if safety.level == "attend":
                return [*acts, *self._alarm(person, "unwell", AlertLevel.ATTEND, "unwell", safety, now)]
            case "medical":
                person.pending = Pending("nurse")
                return self._say(person, "medical.question", "refuse_advice", now, must=True)
            case "end_of_life":
                person.pending = Pending("visit")
                return self._say(person, "end_of_life", "listen", now, otherwise="acknowledge")
            case "grief":
                return [
                    *self._hard_moment(person, now),
                    *self._say(person, "grief", "comfort", now, otherwise="acknowledge"),
                ]
            case "confusion":
                return self._confusion(person, safety, now)
            case "distress":
                lasting = self._hard_moment(person, now)
                return lasting or self._say(person, "distress", "comfort", now, otherwise="acknowledge")
            case "privacy":
                return self._say(person, "privacy", "privacy", now, must=True)
            case "boundary":
                key = "insult" if "insult" in safety.why else "boundary"
                return self._say(person, key, "boundary", now, must=True)
            case _:
                return self._refusal(person, safety, now)

    def _alarm(
        self, person: Person, kind: str, level: AlertLevel, key: str, safety: Safety, now: datetime
    ) -> list[Act]:
        alert, new = self._calls.raise_(kind, level, person.id, safety.why, now)
        person.pending = None
        acts: list[Act] = []
        priority = Priority.CONVERSATION
        if level is AlertLevel.EMERGENCY:
            priority = Priority.EMERGENCY
            self.floor.take(Activity("emergency", Priority.EMERGENCY, person.id))
            acts.append(Hush(Priority.EMERGENCY))
            if not new and kind == "emergency":
                key = "emergency.still_calling"
        act = "call" if kind != "self_harm" else "comfort_and_call"
        return [*acts, alert, *self._say(person, key, act, now, must=True, priority=priority), RememberState()]

    def _disclosure(self, person: Person, now: datetime) -> list[Act]:
        alert, new = self._calls.raise_("senior_visit", AlertLevel.ATTEND, person.id, "", now)
        person.disclosed = True
        person.stored.clear()
        if new:
            person.pending = Pending("safe")
        said = self._say(person, "abuse" if new else "abuse.again", "safeguard", now, must=True)
        return [alert, *said, RememberState()]

    def _confusion(self, person: Person, safety: Safety, now: datetime) -> list[Act]:
        lasting = self._hard_moment(person, now)
        if "asks_about_dead" in safety.why:
            alert, _ = self._calls.raise_("question", AlertLevel.ATTEND, person.id, safety.why, now)
            return [alert, *self._say(person, "confusion.direct", "comfort_and_call", now, must=True), RememberState()]
        if lasting:
            return lasting
        key = "confusion.person"
        if "wants_home" in safety.why:
            key = "confusion.home"
        elif "lost_in_place" in safety.why or ("pl.lost" in safety.why and "jestem" in self.turn.reading.normalised):
            key = "confusion.place"
            person.pending = Pending("carer")
        elif "old_duty" in safety.why:
            key = "confusion.duty"
        return self._say(person, key, "comfort", now, otherwise="acknowledge")

    def _hard_moment(self, person: Person, now: datetime) -> list[Act]:
        """Tell staff when distress lasts; a company call is made once in a while, not at every sigh."""
        person.hard_moments.append(now)
        recent = [each for each in person.hard_moments if now - each <= self._settings.hard_within]
        if len(recent) < self._settings.hard_moments:
            return []
        alert, new = self._calls.raise_("company", AlertLevel.ATTEND, person.id, "distress lasts", now)
        if not new:
            return []
        return [alert, *self._say(person, "distress.lasting", "comfort_and_call", now, must=True), RememberState()]

    def _refusal(self, person: Person, safety: Safety, now: datetime) -> list[Act]:
        kind = safety.why.split(" ")[0].removeprefix("refuse.")
        person.pending = None
        if kind == "stop":
            return [Hush(Priority.EMERGENCY), *self._say(person, "stop", "stop", now, plain=True)]
        if kind == "camera":
            return self._say(person, "refuse.camera", "refusal", now)
        if kind == "memory":
            person.memory_refused_on = self._day(now)
            return self._say(person, "refuse.memory", "refusal", now)
        until = now + self._settings.refusal_lasts
        if kind in ("today", "listening"):
            until = self._tomorrow(now)
        person.refusal = Refusal(kind, until)
        self.floor.release(_CONVERSATION)
        person.topic = ""
        said = self._say(person, f"refuse.{kind}", "refusal", now, must=True, plain=True)
        return [Hush(Priority.EMERGENCY), *said, RememberState()]

    # Reminders ------------------------------------------------------------------------------------------------------
    def _prompt(self, person: Person, who: Who, reminder: Reminder, now: datetime, *, excuse: bool) -> Speak:
        key = reminder.wording if self._speaker.book.has(reminder.wording) else f"reminder.{reminder.kind}"
        if not self._speaker.book.has(key) or (reminder.kind == "medicine" and key != "reminder.medicine"):
            key = "reminder.medicine" if reminder.kind == "medicine" else "reminder.custom"
        if not who.private and reminder.kind not in reminding.PUBLIC_KINDS:
            key = "reminder.private"
        title = "" if reminder.kind == "medicine" else reminder.title
        keys = ["reminder.excuse"] if excuse else []
        keys += ["reminder.late"] if reminder.late else []
        keys += ["reminder.may_have_asked"] if reminder.may_have_asked else []
        locale = person.locale or self._preferred(person)
        parts = [self._speaker.phrase(person, each, locale, must=True) for each in keys]
        main = self._speaker.phrase(person, key, locale, must=True, values={"title": title}) or self._speaker.phrase(
            person, "reminder.private", locale, must=True
        )
        assert main is not None
        text = " ".join(each.text for each in (*parts, main) if each is not None)
        return self._speaker.speak(person, text, main.locale, "remind", now, priority=Priority.REMINDER, why=key)

    def _reminder_answer(self, person: Person, giving: Giving, reading: Reading, now: datetime) -> list[Act]:
        reminder = giving.reminder
        if reading.safety.name == "consent":
            acts = self._refusal(person, reading.safety, now)
            return [*acts, *self._end_reminder(Outcome.DECLINED, "asked not to be spoken to", now, resume=False)]
        medicine = reminder.kind == "medicine"
        outcome = reminding.answer(reading, medicine)
        self.turn.why.append(f"answer to a reminder: {outcome or 'not clear'}")
        if outcome is None and reading.safety.name in ("none", "medical"):
            giving.questions += 1
            if giving.questions > 2:
                return self._end_reminder(Outcome.NO_ANSWER, "the answer was not clear", now)
            asked = "question" in reading.answers or reading.is_question or reading.safety.name == "medical"
            key = "reminder.what" if asked else "reminder.yes_or_no"
            if asked and medicine:
                key = "reminder.what_medicine"
            said = self._say(
                person, key, "ask_again", now, must=True, priority=Priority.REMINDER, values={"title": reminder.title}
            )
            for each in said:
                if isinstance(each, Speak):
                    giving.utterance_id, giving.listen_until = each.id, None
            return said
        if outcome is None:
            acts = self._end_reminder(Outcome.INTERRUPTED, "something else came first", now)
            return [*acts, *self._safety_turn(person, reading, now)]
        values = {"minutes": _minutes(reading.duration_s)} if reading.duration_s else {}
        key = f"reminder.{outcome.value}"
        if outcome is Outcome.HINT_TAKEN:
            key = "reminder.taken"
        elif outcome is Outcome.ACCEPTED and medicine:
            key = "reminder.staff_come"
        elif outcome is Outcome.LATER and reading.duration_s:
            key = "reminder.later_in"
        said = self._say(person, key, "reminder_answered", now, must=True, priority=Priority.REMINDER, values=values)
        later = reading.duration_s if outcome is Outcome.LATER else 0
        if later and reminder.window_end is not None:
            later = max(0, min(later, int((reminder.window_end - now).total_seconds()) - 1))
        staff_line = {Outcome.HINT_TAKEN: "hinted that it was taken: please look"}.get(outcome, outcome.value)
        return [*said, *self._end_reminder(outcome, staff_line, now, later_s=later)]

    def _end_reminder(
        self, outcome: Outcome, said: str, now: datetime, *, later_s: int = 0, resume: bool = True
    ) -> list[Act]:
        assert self._giving is not None
        reminder, self._giving = self._giving.reminder, None
        resumed = self.floor.release(_reminder_name(reminder))
        acts: list[Act] = [ReminderOutcome(reminder.occurrence_id, outcome, said, later_s)]
        if resume and outcome in (Outcome.LATER, Outcome.DECLINED) and resumed and resumed.name == _CONVERSATION:
            person = self._person(resumed.person_id)
            topic = person.topic if person.locale.startswith("en") else ""
            acts += self._say(person, "resume" if topic else "resume.plain", "resume", now, values={"topic": topic})
        return acts

    # Facts ----------------------------------------------------------------------------------------------------------
    def _facts(self, person: Person, who: Who, reading: Reading, now: datetime) -> list[Act] | None:
        """Keep what was stated, if it may be kept; None: nothing to say about it, go on talking."""
        if not who.private:
            self.turn.why.append("not kept: needs an identified, sole speaker")
            return None
        facts = [fact for each in reading.statements if (fact := memory.fact_of(each, person, now)) is not None]
        if not facts or person.memory_refused_on == self._day(now):
            self.turn.why.append("not kept: refused today, or no value of its key")
            return None
        staffs = [each for each in facts if memory.is_staffs(each.key)]
        if staffs:
            stores: list[Act] = [StoreFact(each, "a safety entry: a question to staff") for each in staffs]
            return [*stores, *self._say(person, "facts.staff", "ask_staff", now, must=True)]
        if not memory.may_keep(person, who):
            self.turn.why.append("not kept: no consent to remember")
            if person.not_kept_told:
                return None
            person.not_kept_told = True
            return self._say(person, "facts.not_kept", "acknowledge", now)
        new = [each for each in facts if not memory.known_already(each, person)]
        if not new:
            self.turn.why.append("known already: talked about, not learned again")
            return None
        words = memory.joined(filter(None, (memory.telling(each, self._speaker.book, person.locale) for each in new)))
        if any(memory.is_sensitive(each.key) for each in new):
            person.pending = Pending("confirm", facts=tuple(new))
            return self._say(person, "facts.confirm", "ask", now, must=True, values={"fact": words})
        return self._keep(person, new, words, now)

    def _keep(self, person: Person, facts: list[Fact], words: str, now: datetime) -> list[Act]:
        person.stored = facts
        stores: list[Act] = []
        for fact in facts:
            stores.append(StoreFact(fact, "said by the identified, sole speaker"))
            if person.profile is not None:
                person.profile = person.profile.with_fact(fact)
        return [*stores, *self._say(person, "facts.remember", "remember", now, must=True, values={"fact": words})]

    def _forget(self, person: Person, who: Who, reading: Reading, now: datetime) -> list[Act]:
        if person.disclosed:
            return self._say(person, "abuse.cannot_forget", "safeguard", now, must=True)
        if not who.private:
            return self._say(person, "know.not_private" if who.person_id else "know.unknown", "decline", now, must=True)
        gone = memory.meant(reading, person) or person.stored
        if not gone:
            person.pending = Pending("which")
            return self._say(person, "facts.which", "ask", now, must=True)
        return self._retract(person, gone, now, wrong=reading.has("wrong") and not reading.has("forget"))

    def _retract(self, person: Person, facts: list[Fact], now: datetime, *, wrong: bool = False) -> list[Act]:
        person.stored = []
        acts: list[Act] = []
        for fact in facts:
            gone = memory.retraction(fact, now)
            acts.append(StoreFact(gone, "taken back by the person"))
            if person.profile is not None and not memory.is_staffs(fact.key):
                person.profile = person.profile.with_fact(gone)
        if all(memory.is_staffs(fact.key) for fact in facts):
            return [*acts, *self._say(person, "facts.staff_only", "ask_staff", now, must=True)]
        words = memory.joined(filter(None, (memory.telling(each, self._speaker.book, person.locale) for each in facts)))
        key = "facts.wrong" if wrong else "facts.retracted"
        return [*acts, *self._say(person, key, "forget", now, must=True, values={"fact": words})]

    def _know(self, person: Person, who: Who, reading: Reading, now: datetime) -> list[Act]:  # noqa: ARG002
        if not who.person_id:
            return self._say(person, "know.unknown", "decline", now, must=True)
        if not who.private:
            return self._say(person, "know.not_private", "decline", now, must=True)
        return self._recite(person, 0, now)

    def _recite(self, person: Person, begin: int, now: datetime) -> list[Act]:
        person.locale = person.locale or self._preferred(person)
        sentences = memory.recital(person, self._speaker.book)
        if not sentences:
            return self._say(person, "know.nothing", "recite", now, must=True)
        end = begin + memory.AT_A_TIME
        more = end < len(sentences)
        person.pending = Pending("know_more", text=str(end)) if more else Pending("which")
        intro = self._speaker.phrase(person, "know.intro", must=True) if begin == 0 else None
        last = self._speaker.phrase(person, "know.more" if more else "know.end", must=True)
        parts = [intro.text if intro else "", *sentences[begin:end], last.text if last else ""]
        text = " ".join(each for each in parts if each)
        return [self._speaker.speak(person, text, person.locale, "recite", now, why="asked, private", plain=True)]

    # Everyday intents -----------------------------------------------------------------------------------------------
    def _just_say(self, key: str, act: str) -> Callable[[Person, Who, Reading, datetime], list[Act]]:
        return lambda person, _who, _reading, now: self._say(person, key, act, now, must=True)

    def _call(self, kind: str, level: AlertLevel, key: str) -> Callable[[Person, Who, Reading, datetime], list[Act]]:
        def call(person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
            alert, _ = self._calls.raise_(kind, level, person.id, f"asked for: {kind}", now)
            return [alert, *self._say(person, key, "call", now, must=True), RememberState()]

        return call

    def _time(self, person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
        words = format_time(self._local(now).time(), _CLOCK.get(person.locale, _CLOCK["en_GB"]), locale=person.locale)
        return self._say(person, "time", "inform", now, must=True, values={"time": words})

    def _date(self, person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
        words = format_date(self._local(now).date(), "full", locale=person.locale)
        return self._say(person, "date", "inform", now, must=True, values={"date": words})

    def _name(self, person: Person, who: Who, _reading: Reading, now: datetime) -> list[Act]:
        known = who.person_id and address(person.profile)
        return self._say(person, "name.known" if known else "name.unknown", "inform", now, must=True)

    def _change(self, what: str, value: str, key: str) -> Callable[[Person, Who, Reading, datetime], list[Act]]:
        def change(person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
            setattr(person.wish, what, value)
            return self._say(person, key, "manner", now, must=True)

        return change

    def _louder(self, person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
        pitch = person.wish.pitch or (person.profile.value("speech.pitch") if person.profile else "")
        if pitch != "low":  # older ears lose the high tones first
            person.wish.pitch = "low"
            return self._say(person, "louder.pitch", "manner", now, must=True)
        if person.wish.volume != "loud":
            person.wish.volume = "loud"
            return self._say(person, "louder.volume", "manner", now, must=True)
        person.pending = Pending("carer")
        return self._say(person, "louder.most", "manner", now, must=True)

    def _again(self, person: Person, _who: Who, _reading: Reading, now: datetime) -> list[Act]:
        if not person.last_text:
            return self._say(person, "again.nothing", "inform", now, must=True)
        return [self._speaker.speak(person, person.last_text, person.last_locale, "again", now, plain=True)]

    def _language(self, person: Person, _who: Who, reading: Reading, now: datetime) -> list[Act]:
        person.locale = person.locale_wish = self._speaker.book.locale_for(reading.wants_language)
        return self._say(person, "language.changed", "manner", now, must=True)

    def _abilities(self, person: Person, _who: Who, reading: Reading, now: datetime) -> list[Act]:
        key = "help_with" if " help me " in f" {reading.normalised} " else "what_can_you_do"
        return self._say(person, key, "inform", now, must=True)

    def _come_here(self, person: Person, who: Who, _reading: Reading, now: datetime) -> list[Act]:
        said = self._say(person, "offer_listen", "listen", now, otherwise="acknowledge")
        return [*said, *self._ask_something(person, who, now)]

    def _goodbye(self, person: Person, _who: Who, reading: Reading, now: datetime) -> list[Act]:
        night = any(each in reading.normalised for each in ("night", "bed", "sleep", "dobranoc", "おやすみ"))
        self.floor.release(_CONVERSATION)
        person.topic = ""
        return self._say(person, "goodnight" if night else "goodbye", "close", now, must=True, plain=True)

    def _polite(self, person: Person, who: Who, intent: str, now: datetime) -> list[Act]:
        if intent == "thanks":
            return self._say(person, "thanks", "acknowledge", now, must=True)
        if intent == "how_are_you":
            return self._say(person, "how_are_you", "acknowledge", now, otherwise="open_question")
        if person.greeted_at is not None and now - person.greeted_at < timedelta(minutes=2):
            return self._ask_something(person, who, now)
        return [*self._say(person, "greet.again", "greet", now), *self._ask_something(person, who, now)]

    def _pending_answer(
        self, person: Person, who: Who, pending: Pending, reading: Reading, now: datetime
    ) -> list[Act] | None:
        """The answer to the robot's own question; None: the person spoke of something else."""
        if pending.kind == "which":
            if reading.has("yes", "thanks"):
                return self._say(person, "after_yes", "acknowledge", now, otherwise="acknowledge")
            found = memory.meant(reading, person) if who.private else []
            if found and (reading.has("forget", "wrong", "no") or not reading.statements):
                return self._retract(person, found, now)
            return self._say(person, "facts.which", "ask", now) if reading.has("no", "wrong") else None
        if not reading.has("yes", "no"):
            return None
        agreed = reading.has("yes")
        match pending.kind:
            case "nurse" | "carer" | "visit":
                if not agreed:
                    return self._say(person, "call_offer_declined", "acknowledge", now, otherwise="after_no")
                alert, _ = self._calls.raise_(pending.kind, AlertLevel.ATTEND, person.id, "said yes to the offer", now)
                return [alert, *self._say(person, "nurse_asked", "call", now, must=True), RememberState()]
            case "safe":
                if agreed:
                    return self._say(person, "abuse.safe", "safeguard", now, must=True)
                safety = Safety("emergency", "emergency", "says they are not safe")
                return self._alarm(person, "emergency", AlertLevel.EMERGENCY, "emergency.calling", safety, now)
            case "confirm" if agreed and memory.may_keep(person, who):
                texts = (memory.telling(each, self._speaker.book, person.locale) for each in pending.facts)
                return self._keep(person, list(pending.facts), memory.joined(filter(None, texts)), now)
            case "know_more" if agreed and who.private:
                return self._recite(person, int(pending.text), now)
            case "heard" if not agreed:
                return self._say(person, "repair.again", "repair", now, must=True)
            case _:
                return self._say(person, "after_no", "acknowledge", now, otherwise="acknowledge")

    # Small talk and repair ------------------------------------------------------------------------------------------
    def _chat(self, person: Person, who: Who, reading: Reading, now: datetime) -> list[Act]:
        text, locale = self._talk.reply(person, who, reading, self._local(now))
        self.turn.topic = person.topic
        if not text:
            self.turn.act = "listen"
            return [Gesture("nod")]
        act = "ask" if text.endswith(("?", "？")) else "acknowledge"
        return [self._speaker.speak(person, text, locale, act, now, why=f"topic {person.topic or 'none'}")]

    def _ask_something(self, person: Person, who: Who, now: datetime) -> list[Act]:
        text, locale, topic = self._talk.opening(person, who, self._local(now))
        self.turn.topic = topic
        return [self._speaker.speak(person, text, locale, "ask", now, plain=True)] if text else []

    def _first_greeting(self, person: Person, reading: Reading, now: datetime) -> list[Act]:
        """A greeting before the first answer, in the language and form that were stated; none twice in an hour."""
        if reading.has("goodbye") or self._greeted_lately(person, now):
            return []
        return self._greet(person, now)

    def _greet(self, person: Person, now: datetime) -> list[Act]:
        person.greeted_at = now
        stated = person.stated("language.greeting")
        locale = self._speaker.book.locale_for(stated) if stated else person.locale or self._preferred(person)
        hour = self._local(now).hour
        key = "greet.morning" if 4 <= hour < 12 else "greet.afternoon" if 12 <= hour < 18 else "greet.evening"
        phrase = self._speaker.phrase(person, key, locale, must=True)
        assert phrase is not None
        why = f"greeting language stated: {stated}" if stated else "neutral greeting: none stated"
        said = self._speaker.speak(person, phrase.text, phrase.locale, "greet", now, why=why, plain=True)
        return [said, RememberState()]

    def _repair(self, person: Person, heard: str, now: datetime) -> list[Act]:
        person.repairs += 1
        if person.repairs > 2:
            person.repairs = 0
            person.pending = Pending("carer")
            return self._say(person, "repair.give_up", "repair", now, must=True)
        if heard and len(heard.split()) <= 8 and len(heard) <= 60:
            person.pending = Pending("heard", text=heard)
            return self._say(
                person, "repair.echo", "repair", now, must=True, values={"heard": heard.strip().rstrip(".!?")}
            )
        return self._say(person, "repair.again", "repair", now, must=True)

    def _initiatives(self, now: datetime) -> list[Act]:
        """Greet somebody who has come and has not spoken: by day, once, and never against a refusal."""
        if self.floor.priority > Priority.IDLE or self._is_night(now):
            return []
        for person in self._people.values():
            if person.met_at is not None and now - person.met_at >= self._settings.greet_after:
                if not self._may_greet(person, now):
                    continue
                self._new_day(person, now)
                self._take_conversation(person)
                person.heard_at = now
                return self._greet(person, now)
        return []

    def _may_greet(self, person: Person, now: datetime) -> bool:
        profile = person.profile
        if not person.id or profile is None or self._refused(person, now) or self._greeted_lately(person, now):
            return False
        state = profile.value("state_of_life") or "here"
        return state == "here" and profile.value("consent.talk") != "no"

    # Helpers --------------------------------------------------------------------------------------------------------
    def _say(
        self,
        person: Person,
        key: str,
        act: str,
        now: datetime,
        *,
        must: bool = False,
        otherwise: str = "",
        priority: Priority = Priority.CONVERSATION,
        plain: bool = False,
        values: Mapping[str, str] | None = None,
    ) -> list[Act]:
        phrase = self._speaker.phrase(person, key, must=must, values=values)
        if phrase is None and otherwise:
            phrase = self._speaker.phrase(person, otherwise, values=values)
        if phrase is None:
            return [Gesture("nod")]
        said = self._speaker.speak(
            person, phrase.text, phrase.locale, act, now, priority=priority, why=key, plain=plain
        )
        return [said]

    def _tell(self, telling: Telling, now: datetime) -> Speak:
        person = self._person(telling.call.resident_id)
        person.locale = person.locale or self._preferred(person)
        phrase = self._speaker.phrase(person, telling.key, must=True, values={"name": telling.name})
        assert phrase is not None
        return self._speaker.speak(
            person, phrase.text, phrase.locale, "tell_alert", now, priority=Priority.EMERGENCY, why=telling.key
        )

    def _silent(self, why: str) -> list[Act]:
        self.turn.act = "silent"
        self.turn.why.append(why)
        return []

    def _refused(self, person: Person, now: datetime) -> str:
        if person.refusal is not None and now >= person.refusal.until:
            person.refusal = None
        return person.refusal.kind if person.refusal is not None else ""

    def _invited(self, person: Person, reading: Reading) -> bool:
        """Whether the words ask the robot for something, which a refusal of talk does not forbid to answer."""
        assert person.refusal is not None
        if reading.safety.name == "consent" or person.refusal.kind == "listening":
            return False
        if reading.has(*_LIFTS_REFUSAL):
            person.refusal = None
            return True
        asked = [each for each in reading.intents if each not in _NOT_AN_INVITATION]
        if not asked and not reading.is_question and reading.safety.name == "none":
            return False
        if person.refusal.kind == "now":
            person.refusal = None
        return True

    def _fall_silent_for(self, person: Person) -> list[Act]:
        """A resident has died: every queued prompt and word ends at once, and nothing is announced (care rule 23)."""
        person.pending = None
        person.met_at = None
        acts: list[Act] = [Hush(Priority.EMERGENCY)]
        giving = self._giving
        if giving is not None and giving.reminder.resident_id == person.id:
            self._giving = None
            self.floor.release(_reminder_name(giving.reminder))
            acts.append(ReminderOutcome(giving.reminder.occurrence_id, Outcome.ABSENT, "the state of life forbids it"))
        return acts

    def _take_conversation(self, person: Person) -> None:
        if self.floor.priority <= Priority.CONVERSATION:
            self.floor.release(_CONVERSATION)
            self.floor.take(Activity(_CONVERSATION, Priority.CONVERSATION, person.id))

    def _note_turn(self, person: Person, acts: list[Act]) -> None:
        spoken = [each for each in acts if isinstance(each, Speak)]
        if spoken:
            self.turn.act = spoken[-1].act
            self.turn.why += [each.why for each in spoken if each.why]
        if self.turn.reading.safety.name == "none":
            self.turn.topic = self.turn.topic or self.turn.reading.topic or person.topic

    def _follow_language(self, person: Person, reading: Reading) -> None:
        heard = self._speaker.book.locale_for(reading.language)
        if len(reading.normalised) > 1 and not person.locale_wish:
            person.locale = heard
        elif person.locale_wish:
            person.locale = person.locale_wish
        self._locale = person.locale or heard

    def _expected_language(self, person: Person, text: str) -> str:
        expected = (person.locale or self._preferred(person)).split("_")[0]
        return self._understander.language_of(text, expected)

    def _preferred(self, person: Person) -> str:
        if person.profile is None:
            return self._locale
        return self._speaker.book.locale_for(person.profile.value("language.preferred") or "en_GB")

    def _greeted_lately(self, person: Person, now: datetime) -> bool:
        last = person.greeted_at
        return last is not None and timedelta() <= now - last < self._settings.greet_again_after

    def _person(self, person_id: str) -> Person:
        return self._people.setdefault(person_id, Person(person_id))

    def _new_day(self, person: Person, now: datetime) -> None:
        today = self._day(now)
        if person.said_on != today:
            person.said_on = today
            person.said.clear()

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(self._zone)

    def _day(self, now: datetime) -> date:
        """The day as people live it: it ends in the small hours, not at midnight."""
        local = self._local(now)
        begins = self._settings.new_day
        return (local - timedelta(hours=begins.hour, minutes=begins.minute)).date()

    def _tomorrow(self, now: datetime) -> datetime:
        local = self._local(now)
        return datetime.combine(self._day(now) + timedelta(days=1), self._settings.new_day, tzinfo=local.tzinfo)

    def _is_night(self, now: datetime) -> bool:
        clock = self._local(now).time()
        return clock >= self._settings.night_from or clock < self._settings.night_until


def _reminder_name(reminder: Reminder) -> str:
    return f"reminder:{reminder.occurrence_id}"


def _minutes(seconds: int) -> str:
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return "an hour" if hours == 1 else f"{hours} hours"
    minutes = max(1, round(seconds / 60))
    return "half an hour" if minutes == 30 else "one minute" if minutes == 1 else f"{minutes} minutes"
