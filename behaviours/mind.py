"""The one mind of one robot: everything that it hears and is told comes in here, everything it does goes out as acts.

Pure: no clock, no chance of its own. Times are aware datetimes handed in, and `rng` is seeded by the caller. What comes
before what is in `behaviours/tree.py`: safety first in every turn.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zlib import crc32

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from behaviours import day_summary, tree
from behaviours.acts import Act, Hush, RememberState, Speak, StoreFact
from behaviours.branches import calling, conversing, falling, moving, playing, reminding
from behaviours.calls import AlertState
from behaviours.conversation import names
from behaviours.conversation.state import TalkState
from behaviours.conversation.tongue import tongue
from behaviours.floor import Floor, Priority
from behaviours.home_day import HomeDay
from behaviours.identity import Who
from behaviours.on_the_floor import Sighting
from behaviours.person import Person, Refusal
from behaviours.reminding import Reminder
from behaviours.scene import CONVERSATION, EMERGENCY, Heard, MindSettings, Scene, Turn
from behaviours.topics import to_be_heard
from behaviours.understanding.meaning import Meaning
from behaviours.understanding.reading import Reading, by_hand
from behaviours.understanding.understander import Understander
from culture_profiles.consent import Purpose
from culture_profiles.profile import Profile

__all__ = ["Mind", "MindSettings"]

_CONFIDED_FOR = timedelta(minutes=5)
_ACTS = (Status.SUCCESS, Status.RUNNING)
_GOES_ON = 8  # letters
_MOST_AT_ONCE = 8  # things due at the same instant

_TAKEN_BY_HAND = frozenset({"carer", "nurse", playing.OFFER})


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
        understander = Understander(to_be_heard())
        self._scene = Scene(rng, robot, zone, settings or MindSettings(), understander)
        self._decided: list[Act] = []
        self._erased: set[str] = set()
        self.tree: Behaviour = tree.build(self._scene, self._decided)

    @property
    def floor(self) -> Floor:
        """Who holds the floor now."""
        return self._scene.floor

    @property
    def turn(self) -> Turn:
        """What was made of the last thing heard."""
        return self._scene.turn

    @property
    def doing(self) -> tuple[str, str]:
        """The branch and the behaviour that decided at the last tick, or go on. The second is private (care rule 5)."""
        branch = next((each for each in self.tree.children if each.status in _ACTS), None)
        tip = self.tree.tip()
        return (branch.name if branch is not None else "", tip.name if tip is not None else "")

    def understand_with(self, meaning: Meaning) -> None:
        """From now on likeness to examples stands beside the patterns. Any time; until then the patterns alone."""
        self._scene.understander.meaning = meaning

    # What comes in --------------------------------------------------------------------------------------------------
    def profile_changed(self, profile: Profile, now: datetime) -> list[Act]:
        """Take in a profile, new or changed. The very next sentence follows it."""
        self._erased.discard(profile.resident_id)
        person = self._at(now).person(profile.resident_id)
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
            # Every queued prompt and word ends at once, and nothing is announced (care rule 23).
            person.pending = None
            person.met_at = None
            return [Hush(), *reminding.fall_silent(self._scene, person)]
        return []

    def profile_checked(self, resident_id: str, now: datetime) -> None:
        """The home has confirmed that the profile held here is the newest."""
        self._scene.person(resident_id).profile_at = now

    def day_is(self, day: HomeDay | None) -> None:
        """What is on in the home, as staff wrote it down; None: nothing is known."""
        self._scene.home_day = day

    def presence(self, who: Who, now: datetime) -> list[Act]:
        """Somebody is here, as far as the evidence goes. Call when it changes and now and then."""
        scene = self._at(now)
        for person in scene.people.values():
            if person.disclosed and not who.private and person.heard_at and now - person.heard_at < _CONFIDED_FOR:
                # Somebody approached while a person confided: fall silent (care rule 5).
                person.disclosed = False
                person.pending = None
                return [Hush()]
        if who.person_id:
            person = scene.person(who.person_id)
            person.met_at = person.met_at or now
        return []

    def gone(self, person_id: str) -> None:
        """The evidence of a person has ended."""
        person = self._scene.people.get(person_id)
        if person is None:
            return
        person.met_at = None
        holder = self.floor.holder
        if holder is not None and holder.name == CONVERSATION and holder.person_id == person_id:
            # Who has left holds no conversation: the next to come is greeted.
            self._scene.end_conversation(person)

    def hearing(self, person_id: str, now: datetime) -> None:
        """Somebody is speaking at this moment: no initiative, and a reminder waits for the end of the answer."""
        scene = self._at(now)
        person = scene.people.get(person_id)
        if person is not None and person.met_at is not None:
            person.met_at = now
        reminding.still_speaking(scene)

    def heard(self, text: str, now: datetime, *, who: Who, locale: str = "", confidence: float = 1.0) -> list[Act]:
        """One whole utterance of somebody. `locale` as the recogniser heard it; empty: found from the words."""
        scene = self._at(now)
        person = scene.person(who.person_id)
        scene.turn_to(person)
        reading = scene.understander.read(text, locale or self._expected_language(person, text))
        reading = names.understood(scene.understander, person, reading)
        self._follow_language(person, reading)
        return self._answer(Heard(person, who, reading, confidence), now)

    def touched(self, meaning: str, now: datetime, *, who: Who) -> list[Act]:
        """A hand instead of words. "stop": laid on the robot's head. "yes": the robot's hand is taken.

        That answers an offer or a reminder that is just being given. It is too little for a medicine, for a fact to be
        kept, for something private or for "are you safe?", and where nothing was asked no more than a hand.
        """
        scene = self._at(now)
        person = scene.person(who.person_id)
        offered = person.pending is not None and person.pending.kind in _TAKEN_BY_HAND
        giving = scene.giving
        reminded = (
            giving is not None and giving.reminder.resident_id == person.id and giving.reminder.kind != "medicine"
        )
        if meaning != "stop" and not offered and not reminded:
            return []
        scene.turn_to(person)
        language = (person.locale or scene.preferred_locale(person)).split("_")[0]
        return self._answer(Heard(person, who, by_hand(meaning, language)), now)

    def _answer(self, heard: Heard, now: datetime) -> list[Act]:
        scene, person, reading = self._scene, heard.person, heard.reading
        scene.turn = Turn(reading, why=[heard.who.why, *reading.why])
        scene.heard = heard
        self.tree.tick_once()
        scene.heard = None
        person.heard_at = now
        acts = self._take_decided()
        self._note_turn(person, acts)
        self._note_day(heard)
        return acts

    def remind(self, reminder: Reminder, who: Who, now: datetime) -> list[Act]:
        """Give one reminder, if it may be given now. Ends, now or later, in exactly one ReminderOutcome."""
        scene = self._at(now)
        scene.turn_to(scene.person(reminder.resident_id))
        return reminding.begin(scene, reminder, who)

    def spoken(self, utterance_id: str, finished: bool, now: datetime) -> list[Act]:
        """An utterance has ended: `finished`, or silenced before its end."""
        return reminding.sounded(self._at(now), utterance_id, finished=finished)

    def attended(self, looked_at: bool | None) -> None:
        """Whether somebody looks at the robot; None: nothing sees them, or may."""
        self._scene.attended = looked_at

    def on_the_floor(self, sightings: Sequence[Sighting], now: datetime) -> list[Act]:
        """One look at the floor: everybody who lies, sits or kneels there. Hand in every look, also with nobody."""
        acts = falling.seen(self._at(now), sightings)
        self._end_emergency()
        return acts

    def refused_today(self, person_id: str, now: datetime) -> frozenset[Purpose]:
        """What this person said no to today, beside what the profile says."""
        scene = self._at(now)
        person = scene.person(person_id)
        days = {Purpose.MEMORY: person.memory_refused_on, Purpose.CAMERA: person.camera_refused_on}
        return frozenset(purpose for purpose, day in days.items() if day == scene.day())

    def be_quiet(self, until: datetime | None, now: datetime) -> list[Act]:
        """Staff ask for peace until then, or end it (None): what is being said stops, a call for help goes on."""
        scene = self._at(now)
        scene.quiet_until = until
        return [RememberState()] if until is None else [Hush(), RememberState()]

    def stops_listening(self, now: datetime) -> list[Act]:
        """Staff turn the microphone off: the robot says that it cannot hear a call for help then (care rule 11)."""
        scene = self._at(now)
        holder = self.floor.holder
        return scene.say(scene.person(holder.person_id if holder else ""), "refuse.listening", "refusal", must=True)

    def cancel_remind(self, occurrence_id: str, now: datetime) -> list[Act]:
        """Whoever asked for this reminder takes it back."""
        return reminding.take_back(self._at(now), occurrence_id)

    def store_failed(self, profile: Profile | None, person_id: str, now: datetime) -> list[Act]:
        """What was to be kept or forgotten could not be written: say so instead. `profile` is as the home has it."""
        scene = self._at(now)
        person = scene.person(person_id)
        person.stored = []
        if profile is not None:
            person.profile = profile
        return scene.say(person, "facts.failed", "not_kept", must=True)

    def come_to(self, resident_id: str, now: datetime, *, called: bool) -> list[Act]:
        """Go to a resident, if the robot may now. `called`: somebody asked for it, or it is an emergency."""
        scene = self._at(now)
        approach = moving.come_to(scene, scene.person(resident_id), called=called)
        return [approach] if approach is not None else []

    def halted(self, cause: str, now: datetime) -> list[Act]:
        """The robot may not move any more (a cause of SafetyState)."""
        return moving.halted(self._at(now), cause)

    def way_is_shut(self, now: datetime) -> list[Act]:
        """Somebody or something has been in the robot's way for a while."""
        return moving.waits(self._at(now))

    def got_no_nearer(self, now: datetime) -> list[Act]:
        """The robot has given a journey to somebody up: nothing has made way for a long while."""
        return moving.gives_up(self._at(now))

    def uneasy(self, person_id: str, now: datetime) -> list[Act]:
        """Somebody raised a hand against the robot that came to them, or stepped back."""
        scene = self._at(now)
        return moving.uneasy(scene, scene.person(person_id))

    def avoids(self, person_id: str) -> tuple[str, ...]:
        """Words that are not brought up with this person."""
        return self._scene.person(person_id).avoid

    def said_instead(self, decided: Speak, text: str) -> Speak:
        """Something made up is said in place of what was decided: a question asked there is not open any more."""
        person = self._scene.person(decided.person_id)
        person.pending = None
        person.last_text = text
        return replace(decided, id=f"{decided.id}-{crc32(text.encode()):08x}", text=text, why="open talk")

    def alert_state(
        self, alert_id: str, state: int, now: datetime, *, accepted_by: str = "", covered: bool = True
    ) -> list[Act]:
        """What the home says of an alert of this robot."""
        scene = self._at(now)
        tellings = scene.calls.update(alert_id, AlertState(state), accepted_by, covered)
        acts: list[Act] = [calling.tell(scene, each) for each in tellings]
        self._end_emergency()
        return [*acts, RememberState()] if acts else []

    def alert_stored(self, alert_id: str) -> list[Act]:
        """The home has written this robot's alert down; that is not yet somebody who comes."""
        self._scene.calls.stored(alert_id)
        return [RememberState()]

    def alerts_listed(self, open_ids: set[str]) -> None:
        """The ids of all open alerts in the home: what is no longer among them has been closed."""
        self._scene.calls.closed_except(open_ids)
        self._end_emergency()

    def say(self, text: str, person_id: str, now: datetime) -> list[Act]:
        """Something else asks the robot to say a sentence. Refused (no acts) when the person refused talk."""
        scene = self._at(now)
        person = scene.person(person_id)
        if scene.quiet or scene.refused(person) or self.floor.priority > Priority.CONVERSATION:
            return []
        locale = person.locale or scene.locale
        return [scene.speaker.speak(person, text, locale, "say", now, plain=True)]

    def tick(self, now: datetime) -> list[Act]:
        """Let time pass: what is due now and was not caused by anybody's words."""
        self._at(now)
        for _ in range(_MOST_AT_ONCE):
            self.tree.tick_once()
            if self.tree.status is not Status.SUCCESS:
                break
        return self._take_decided() or self._take_day_lines()

    def next_due(self, now: datetime) -> datetime | None:
        """When `tick` has something to do next, as far as is known now."""
        scene = self._at(now)
        times = [scene.calls.next_due(), conversing.fades_at(scene)]
        if any(each.day for each in scene.people.values()):
            times.append(now)
        if scene.giving is not None:
            times.append(scene.giving.listen_until)
        if self.floor.holder is None:  # nobody is greeted in the middle of anything
            times += [
                each.met_at + scene.greet_after
                for each in scene.people.values()
                if each.met_at is not None and conversing.may_greet(scene, each)
            ]
        return min((each for each in times if each is not None), default=None)

    # Durable state --------------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """What must survive a restart: whom it greeted, what was refused or asked, open calls. No words of anybody."""
        people = [each for each in self._scene.people.values() if each.id not in self._erased]
        return {
            "greeted": {each.id: each.greeted_at.isoformat() for each in people if each.greeted_at},
            "refused": {
                each.id: [each.refusal.kind, each.refusal.until.isoformat()] for each in people if each.refusal
            },
            "refused_purposes": {
                each.id: {
                    purpose: day.isoformat()
                    for purpose, day in (("memory", each.memory_refused_on), ("camera", each.camera_refused_on))
                    if day is not None
                }
                for each in people
                if each.memory_refused_on or each.camera_refused_on
            },
            "asked": {
                each.id: {name: day.isoformat() for name, day in each.asked.items()} for each in people if each.asked
            },
            "talk": {each.id: each.talk.state(self._scene.day()) for each in people if each.id},
            "calls": self._scene.calls.state(),
            "quiet": self._scene.quiet_until.isoformat() if self._scene.quiet_until else "",
        }

    def remembered(self) -> set[str]:
        """Of whom `state` tells something."""
        people = {each for each in self._scene.people if each and each not in self._erased}
        return people | {each.resident_id for each in self._scene.calls.open() if each.resident_id}

    def forget(self, resident_id: str) -> None:
        """Whom the home has erased is nobody here any more. Open calls are a person's to close.

        A refusal still holds while this process lives (care rule 11); it is written down no more.
        """
        known = self._scene.people.pop(resident_id, None)
        if known is not None:
            self._erased.add(resident_id)
            self._scene.person(resident_id).refusal = known.refusal

    def restore(self, state: dict[str, Any]) -> None:
        """Take up the state of before. Raises KeyError, TypeError or ValueError when it is damaged."""
        for person_id, when in state["greeted"].items():
            self._scene.person(person_id).greeted_at = datetime.fromisoformat(when)
        for person_id, (kind, until) in state["refused"].items():
            self._scene.person(person_id).refusal = Refusal(kind, datetime.fromisoformat(until))
        for person_id, purposes in state.get("refused_purposes", {}).items():
            days = {purpose: date.fromisoformat(day) for purpose, day in purposes.items()}
            person = self._scene.person(person_id)
            person.memory_refused_on, person.camera_refused_on = days.get("memory"), days.get("camera")
        for person_id, asked in state.get("asked", {}).items():
            days = {name: date.fromisoformat(day) for name, day in asked.items()}
            self._scene.person(person_id).asked = days
        for person_id, talk in state.get("talk", {}).items():
            self._scene.person(person_id).talk = TalkState.of_state(talk)
        self._scene.calls.restore(state["calls"])
        if until := state.get("quiet", ""):
            self._scene.quiet_until = datetime.fromisoformat(until)

    # ----------------------------------------------------------------------------------------------------------------
    def _at(self, now: datetime) -> Scene:
        self._scene.now = now
        return self._scene

    def _take_decided(self) -> list[Act]:
        decided = list(self._decided)
        self._decided.clear()
        return decided

    def _end_emergency(self) -> None:
        if not self._scene.calls.emergency():
            self.floor.release(EMERGENCY)

    def _note_turn(self, person: Person, acts: list[Act]) -> None:
        turn = self._scene.turn
        spoken = [each for each in acts if isinstance(each, Speak)]
        if spoken:
            turn.act = spoken[-1].act
            turn.why += [each.why for each in spoken if each.why]
        if turn.reading.safety.name == "none":
            turn.topic = turn.topic or turn.reading.topic or person.topic

    def _note_day(self, heard: Heard) -> None:
        """What of this turn staff may read, with the person's consent: written down once nothing else is to be done."""
        person, scene = heard.person, self._scene
        if person.profile is None or not day_summary.may_keep(person, heard.who, scene.day()):
            return
        for line in day_summary.lines(person, heard.reading, scene.turn.topic, scene.day()):
            fact = line.fact(person.id, scene.now)
            if fact is not None:
                person.profile = person.profile.with_fact(fact)
                person.day.append(fact)

    def _take_day_lines(self) -> list[Act]:
        lines = [fact for each in self._scene.people.values() for fact in each.day]
        for each in self._scene.people.values():
            each.day = []
        return [StoreFact(fact, "the day's summary, with consent") for fact in lines]

    def _follow_language(self, person: Person, reading: Reading) -> None:
        heard = self._scene.speaker.book.locale_for(reading.language)
        elsewhere = person.locale_wish and not person.locale_wish.startswith(reading.language)
        if elsewhere and len(reading.normalised) >= _GOES_ON:
            person.locale_wish = ""  # whoever goes on in another language after all is followed (care rule 18)
        if len(reading.normalised) > 1 and not person.locale_wish:
            person.locale = heard
        elif person.locale_wish:
            person.locale = person.locale_wish
        self._scene.locale = person.locale or heard

    def _expected_language(self, person: Person, text: str) -> str:
        expected = (person.locale or self._scene.preferred_locale(person)).split("_")[0]
        return tongue(self._scene.understander, text, expected)
