"""Plays a scenario step by step on the stage, and judges what came of each."""

import re
import statistics
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from culture_profiles.errors import KithError
from kith.demo.events import Captioned, FactChanged, Floor, Heard, Log, Played, ReminderMoved, Sound
from kith.demo.recorder import Recorder
from kith.demo.scenario import Reminder, Reply, Scenario, Step, Why

_QUIET_S = 0.6  # so long nobody speaks before the next person does
_BREATH_S = 0.4
_STANDS_BY_M = (0.7, 1.7)
_SETTLES_S = 1.0


class Hands(Protocol):
    """What the player does on the stage."""

    def enter(self, resident_id: str) -> None:
        """A resident comes in."""

    def leave(self, resident_id: str) -> None:
        """A resident leaves."""

    def send(self, resident_id: str) -> None:
        """The robot is sent to a resident."""

    def distance(self, resident_id: str) -> float:
        """Metres between the robot and a resident, as they truly are; not a number while that is not known."""

    def say(self, resident_id: str, text: str) -> None:
        """A resident speaks; returns when the last word has sounded."""

    def accept(self, resident_id: str, person: str, within_s: float) -> str:
        """A member of staff accepts the resident's newest call; returns what it says."""

    def remind(self, resident_id: str, reminder: Reminder, now: datetime) -> str:
        """Add a routine that is due now; returns its id."""

    def facts(self, resident_id: str) -> list[tuple[str, str]]:
        """Key and value of all that is known of a resident."""


class Profiles(Protocol):
    """`kith profiles`, run as its user would. Errors: KithError with what it says."""

    def set(self, resident_id: str, key: str, value: str) -> None:
        """`kith profiles set`."""

    def explain(self, resident_id: str, key: str) -> str:
        """`kith profiles explain`."""


@dataclass(frozen=True)
class StepStarted:
    """A step begins."""

    number: int
    text: str


@dataclass(frozen=True)
class ResidentSpoke:
    """A resident's sentence is over. `heard`: what the recogniser made of it, empty when nothing."""

    resident_id: str
    text: str
    heard: str


@dataclass(frozen=True)
class RobotSpoke:
    """A sentence of the robot. `response_ms`: from the resident's last sound to its first one, if it was an answer."""

    text: str
    locale: str
    response_ms: float | None


@dataclass(frozen=True)
class Noted:
    """Something that happened without a sound: a fact stored, a reminder closed, a profile changed."""

    text: str


@dataclass(frozen=True)
class StepDone:
    """A step is over. `problem`: what did not happen; empty when all did."""

    number: int
    text: str
    problem: str


Line = StepStarted | ResidentSpoke | RobotSpoke | Noted | StepDone


def plain(text: str) -> str:
    """Letters and digits alone, without case: `Any more!` and `anymore` are the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def says(text: str, wanted: str) -> bool:
    """Whether one of the alternatives `a|b` is in a text."""
    folded = " ".join(text.casefold().split())
    return any(each.strip().casefold() in folded for each in wanted.split("|"))


def missing(reply: Reply, captions: list[Captioned]) -> str:
    """What a reply still lacks, for a person to read; empty when nothing."""
    text = " ".join(each.text for each in captions)
    if not captions:
        return "no answer"
    for wanted in reply.contains:
        if not says(text, wanted):
            return f"the robot did not say {wanted!r}"
    for unwanted in reply.never:
        if says(text, unwanted):
            return f"the robot said {unwanted!r}"
    if reply.language and not any(each.locale.split("_")[0] == reply.language for each in captions):
        return f"the robot did not speak {reply.language}"
    return ""


@dataclass
class Player:
    """One performance. `show` is given each line as it happens."""

    scenario: Scenario
    stage: Hands
    log: Log
    recorder: Recorder
    show: Callable[[Line], None]
    profiles: Profiles
    response_ms: list[float] = field(default_factory=list)
    done: int = 0
    _mark: int = 0
    _told: int = 0
    _asked_at: float | None = None
    _routine: dict[str, str] = field(default_factory=dict)
    _letters_per_s: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def play(self) -> str:
        """Play all steps. Returns the first one that did not happen, with why; empty when all did."""
        for number, step in enumerate(self.scenario.steps, 1):
            self.show(StepStarted(number, step.step))
            self._mark = self.log.mark()
            self._asked_at = None
            try:
                problem = self._play(step)
            except KithError as trouble:
                problem = str(trouble)
            self.show(StepDone(number, step.step, problem))
            if problem:
                return f"{step.step}: {problem}"
            self.done += 1
        return ""

    def _play(self, step: Step) -> str:
        problem = ""
        for _ in range(step.tries):
            self._mark = self.log.mark()
            self._act(step)
            problem = self._judge(step)
            if not problem:
                break
        return problem

    # What happens ---------------------------------------------------------------------------------------------------
    def _act(self, step: Step) -> None:
        if step.enters:
            self.stage.enter(step.resident)
            self.show(Noted(f"{step.resident} comes in"))
        elif step.leaves:
            self.stage.leave(step.resident)
            self.show(Noted(f"{step.resident} leaves"))
        elif step.sent:
            self.stage.send(step.resident)
            self.show(Noted(f"the robot is sent to {step.resident}"))
        elif step.says:
            self._say(step)
        elif step.silent:
            self.show(Noted(f"{step.resident} says nothing"))
        elif step.accepts:
            what = self.stage.accept(step.resident, step.accepts, step.within_s)
            self.show(Noted(f"{step.accepts} accepts: {what}"))
        elif step.remind:
            self._routine[step.resident] = self.stage.remind(step.resident, step.remind, datetime.now(UTC))
            self.show(Noted(f"due now: {step.remind.kind}, {step.remind.title}"))
        for key, value in step.profile.items():
            self.profiles.set(step.resident, key, value)
            self.show(Noted(f"kith profiles set {step.resident} {key} {value!r}"))

    def _say(self, step: Step) -> None:
        self.stage.say(step.resident, step.says)
        self._asked_at = self.recorder.spoken_until(step.resident)

        def heard_or_answered() -> bool | None:
            return bool(self.log.since(self._mark, Heard) or self.log.since(self._mark, Captioned)) or None

        self.log.wait(heard_or_answered, step.within_s)
        heard = " ".join(each.text for each in self.log.since(self._mark, Heard))
        self.show(ResidentSpoke(step.resident, step.says, heard))

    # What comes of it -----------------------------------------------------------------------------------------------
    def _judge(self, step: Step) -> str:
        problem = self._judge_journey(step) if step.sent else ""
        if not problem and step.reply:
            problem = self._judge_reply(step)
        if not problem and step.known:
            problem = self._judge_known(step)
        if not problem and step.reminder:
            problem = self._judge_reminder(step)
        if not problem and step.why:
            problem = self._judge_why(step.resident, step.why)
        self._tell_robot()
        return problem

    def _judge_journey(self, step: Step) -> str:
        nearest, farthest = _STANDS_BY_M

        def there() -> bool | None:
            return self.stage.distance(step.resident) <= farthest or None

        if not self.log.wait(there, step.within_s, again_s=0.1):
            return f"the robot did not get to {step.resident}"
        self.log.wait(lambda: None, _SETTLES_S)
        distance = self.stage.distance(step.resident)
        if distance < nearest:
            return f"the robot came too near: {distance:.2f} m"
        self.show(Noted(f"the robot stands {distance:.1f} m from {step.resident}"))
        return ""

    def _judge_reply(self, step: Step) -> str:
        assert step.reply
        reply = step.reply

        def complete() -> bool | None:
            self._tell_robot()
            return True if not missing(reply, self._captions()) and self._quiet() else None

        self.log.wait(complete, step.within_s, again_s=0.1)
        # What was begun in time is heard to its end.
        self.log.wait(lambda: self._quiet() or None, step.within_s, again_s=0.1)
        return missing(reply, self._captions()) or self._judge_rate(step, reply)

    def _judge_rate(self, step: Step, reply: Reply) -> str:
        rates: dict[str, list[float]] = {}
        for caption in self._captions():
            played = self.recorder.played_s(caption.utterance_id)
            if played and len(plain(caption.text)) >= 10:
                rates.setdefault(caption.locale, []).append(len(plain(caption.text)) / played)
        problem = ""
        for locale, now in rates.items():
            before = self._letters_per_s.setdefault((step.resident, locale), [])
            if reply.slower_by and before:
                ratio = statistics.median(before) / statistics.median(now)
                if ratio < reply.slower_by:
                    problem = f"the robot spoke only {ratio:.2f} times slower than before"
            before.extend(now)
        return problem if rates or not reply.slower_by else "too little was said to tell how fast"

    def _judge_known(self, step: Step) -> str:
        assert step.known
        known, asked = step.known, -1

        def stored() -> str | None:
            nonlocal asked
            changes = len(self.log.since(0, FactChanged))
            if changes == asked:
                return None
            asked = changes
            facts = self.stage.facts(step.resident)
            return next((value for key, value in facts if key == known.key and says(value, known.value)), None)

        value = self.log.wait(stored, step.within_s)
        if value is None:
            return f"the store does not hold {known.key} = {known.value}"
        self.show(Noted(f"stored: {known.key} = {value}"))
        return ""

    def _judge_reminder(self, step: Step) -> str:
        routine = self._routine.get(step.resident, "")

        def moved() -> str | None:
            states = [each.state for each in self.log.since(0, ReminderMoved) if each.routine_id == routine]
            return states[-1] if states and states[-1] in step.reminder else None

        state = self.log.wait(moved, step.within_s)
        if state is None:
            return f"the reminder did not become {' or '.join(step.reminder)}"
        self.show(Noted(f"the reminder is {state}"))
        return ""

    def _judge_why(self, resident_id: str, why: Why) -> str:
        text = self.profiles.explain(resident_id, why.key)
        self.show(Noted(f"why, of {resident_id} and {why.key}? {text}"))
        lacking = [wanted for wanted in why.contains if not says(text, wanted)]
        return f"the explanation does not say {lacking[0]!r}" if lacking else ""

    def _captions(self) -> list[Captioned]:
        return self.log.since(self._mark, Captioned)

    def _quiet(self) -> bool:
        """Whether the robot has said what it had to say, and a moment has passed since."""
        sounding: set[str] = set()
        last = 0.0
        for event in self.log.since(self._mark, Played):
            (sounding.add if event.sound is Sound.STARTED else sounding.discard)(event.utterance_id)
            last = max(last, event.at)
        floor = self.log.since(0, Floor)
        return not sounding and not (floor and floor[-1].speaking) and time.time() - last > _QUIET_S

    def _tell_robot(self) -> None:
        """Show each sentence of the robot once, as soon as its first sound is known."""
        captions = self.log.since(0, Captioned)
        for caption in captions[self._told :]:
            first = self.recorder.first_sound(caption.utterance_id)
            if first is None and self.recorder.played_s(caption.utterance_id) is None:
                return
            response = None
            # What had begun before the resident's last sound is no answer to it.
            if self._asked_at is not None and first is not None and first > self._asked_at:
                response = (first - self._asked_at) * 1000
                self.response_ms.append(response)
                self._asked_at = None
            self._told += 1
            self.show(RobotSpoke(caption.text, caption.locale, response))
