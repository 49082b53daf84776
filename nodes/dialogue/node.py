"""The ROS shell of the one mind: its parts bring in what happens, and carry out what the mind decides."""

import random
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from behaviours import acts
from behaviours.mind import Mind, MindSettings
from behaviours.understanding.meaning import Meaning
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.base.node import KithNode
from nodes.base.resident_records import ResidentRecords
from nodes.base.run import run
from nodes.dialogue.calls import Calls
from nodes.dialogue.day import Day
from nodes.dialogue.eyes import Eyes
from nodes.dialogue.floor import ToldFloor
from nodes.dialogue.gestures import Gestures
from nodes.dialogue.hearing import Hearing
from nodes.dialogue.journeys import Journeys
from nodes.dialogue.keeping import Keeping, store
from nodes.dialogue.meaning import load_meaning
from nodes.dialogue.open_talk import OpenTalk
from nodes.dialogue.orders import Orders
from nodes.dialogue.reminders import Reminders
from nodes.dialogue.saying import Saying
from nodes.dialogue.settings import DialogueSettings
from nodes.dialogue.surroundings import Surroundings
from nodes.dialogue.voice import Voice

_TICK_S = 0.2
_UNDERSTAND_AFTER_S = 2.0  # the other nodes start first


class DialogueNode(KithNode[DialogueSettings]):
    """Hears, and does what the mind says."""

    name = "dialogue"
    settings_type = DialogueSettings

    _keeping: Keeping | None = None

    # Life cycle -----------------------------------------------------------------------------------------------------
    def configure(self) -> None:
        """Make the mind, take up what an earlier life left, open the topics. Errors: KithError."""
        self._mind = mind = _mind(self.settings)
        self._keeping = keeping = Keeping(self, mind)
        perform = self._perform
        self._gestures = Gestures(self)
        self._journeys = journeys = Journeys(self, mind, perform)
        self._surroundings = here = Surroundings(
            self, mind, perform, needs=lambda resident_id: self._orders.needs(resident_id), told=self._profile_told
        )
        self._orders = Orders(self, mind, journeys, perform, lambda: here.here, self.settings.folder)
        self._voice = voice = Voice(
            self, volume=self._orders.volume, begins=self._begins, sounds=self._gestures.sounds, spoken=self._spoken
        )
        self._calls = Calls(self, mind, keeping.outbox, perform)
        self._reminders = Reminders(self, mind, here, journeys, keeping, perform)
        name = f"{self.settings.robot or 'robot'}'s notes"
        self._records = ResidentRecords(self, name, keeping.residents, self._erase, announce=True)
        self._saying = Saying(self, mind, here, perform, voice.take_back)
        self._floor = ToldFloor(self, mind, speaking=lambda: voice.speaking, halted=lambda: journeys.halted)
        self._open_talk = OpenTalk(self, mind, here, perform)
        Hearing(self, mind, here, voice, self._answer)
        Day(self, mind, self.settings.home_dir)
        Eyes(
            self,
            mind,
            here=lambda: here.here,
            strangers=here.strangers,
            profile=here.profiles.profile,
            senses_on=lambda: self._orders.senses_on,
            perform=perform,
        )
        self.every(_TICK_S, self._tick)
        self.health.values["understanding"] = "by patterns"
        if self.settings.understanding:
            self.after(_UNDERSTAND_AFTER_S, self._begin_to_understand, steady=True)
        if self.settings.open_talk:
            self._open_talk.load(self.settings.models_dir)

    def activate(self) -> None:
        """Evidence of who is here comes in again within seconds: until then nobody counts as absent."""
        self._surroundings.be_patient(self.settings.come_back_s)
        self._floor.tell()

    def deactivate(self) -> None:
        """End every goal: nobody is left waiting."""
        self._open_talk.end()
        self._reminders.end_all()
        self._saying.end_all()
        self._voice.silence()

    def cleanup(self) -> None:
        """Close the files."""
        if self._keeping is not None:
            self._keeping.close()
            self._keeping = None

    def next_due(self) -> datetime | None:
        """When the mind has something to do, evidence of somebody ends, a profile is confirmed, a call sent again."""
        if not self.active:
            return None
        now = self.now()
        times = (self._mind.next_due(now), self._surroundings.next_due(now), self._calls.next_due(now))
        return min((each for each in times if each is not None), default=None)

    def real_wait_s(self) -> float:
        """What is left of the time after a start in which evidence of who is here may come in, if a reminder waits."""
        return self._surroundings.patience_s

    # Understanding --------------------------------------------------------------------------------------------------
    def _begin_to_understand(self) -> None:
        """Load what stands beside the patterns in a thread of its own: until it is there, the patterns alone tell."""
        load_meaning(self.settings.models_dir, self._understood, self._not_understood)

    def _understood(self, meaning: Meaning) -> None:
        def use() -> None:
            self._mind.understand_with(meaning)
            self.health.values["understanding"] = "by meaning" if meaning.with_model else "by likeness"
            self.health.clear("understanding")

        self.post(use)

    def _not_understood(self, problem: str) -> None:
        self.post(lambda: self.health.error("understanding", problem))

    # Doing ----------------------------------------------------------------------------------------------------------
    def _perform(self, decided: list[acts.Act]) -> None:
        """What the mind decides goes to the part that does it."""
        facts = [each.fact for each in decided if isinstance(each, acts.StoreFact)]
        if facts:
            self._store(facts, [each for each in decided if not isinstance(each, acts.StoreFact)])
            return
        assert self._keeping is not None
        spoken_with: acts.Speak | None = None
        for act in decided:
            match act:
                case acts.Speak():
                    spoken_with = act
                    self._voice.add(act)
                case acts.Hush(priority):
                    self._open_talk.end()
                    self._voice.hush(priority)
                case acts.RaiseAlert():
                    self._calls.call(act)
                case acts.Gesture(name):
                    self._gestures.make(name, spoken_with)
                case acts.Approach():
                    self._journeys.begin(act)
                case acts.StandStill():
                    self._journeys.stand()
                case acts.ReminderPrompted(occurrence_id):
                    self._reminders.listens(occurrence_id)
                case acts.ReminderOutcome():
                    self._reminders.end(act)
                case acts.RememberState():
                    self._keeping.remember()
        self._voice.go_on()
        self._floor.tell()

    def _store(self, facts: list[Fact], after: list[acts.Act]) -> None:
        """Write facts, then go on: "I'll remember" is only said of what is on the home's disk."""
        resident_id, profiles = facts[0].resident_id, self._surroundings.profiles

        def then(kept: bool) -> None:
            promised = any(isinstance(each, acts.Speak) and each.act in ("remember", "forget") for each in after)
            if kept or not promised:
                self._perform(after)
            else:
                self._perform(self._mind.store_failed(profiles.profile(resident_id), resident_id, self.now()))

        store(self, profiles, facts, then)

    def _answer(self, decided: list[acts.Act]) -> None:
        self._show_doing()
        self._open_talk.end()
        if not self._open_talk.takes(decided):
            self._perform(decided)

    def _begins(self, said: acts.Speak) -> None:
        if said.act == "remind":
            self._reminders.sounds(said.person_id)

    def _spoken(self, utterance_id: str, finished: bool) -> None:
        self._saying.spoken(utterance_id, finished)
        self._perform(self._mind.spoken(utterance_id, finished, self.now()))

    def _profile_told(self, profile: Profile) -> None:
        self._orders.profile(profile)

    def _erase(self, resident_id: str) -> None:
        """The home has erased a resident: nothing more is said to them of a reminder, and no note of them stays."""
        assert self._keeping is not None
        self._reminders.take_back_all(resident_id)
        self._keeping.erase(resident_id)

    def _tick(self) -> None:
        self._surroundings.look()
        self._voice.watch()
        due = self._mind.tick(self.now())
        if due:
            self._show_doing()
        self._perform(due)
        self._calls.send()

    def _show_doing(self) -> None:
        branch, behaviour = self._mind.doing
        self.health.values["doing"] = f"{branch}: {behaviour}" if self.settings.show_behaviour else branch


def _mind(settings: DialogueSettings) -> Mind:
    try:
        zone = ZoneInfo(settings.time_zone) if settings.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        raise KithError("the parameter time_zone is no time zone: use one such as Europe/London") from None
    if settings.seed and not settings.simulation:
        raise KithError("the parameter seed is for simulation alone: the ids of two runs would be the same")
    return Mind(
        random.Random(settings.seed) if settings.seed else random.SystemRandom(),  # noqa: S311 - words, not secrets
        robot=settings.robot,
        zone=zone,
        settings=MindSettings(
            answer_window=timedelta(seconds=settings.answer_window_s),
            greet_after=timedelta(seconds=settings.greet_after_s),
            least_confidence=settings.least_confidence,
            simulation=settings.simulation,
        ),
    )


def main() -> int:
    """Run the node."""
    return run(DialogueNode)


if __name__ == "__main__":
    sys.exit(main())
