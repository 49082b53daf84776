"""The ROS shell of the one mind: who is here, what is heard, and carrying out what the mind decides."""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from communication_skills.action import Say
from hri_msgs.msg import IdsMatch
from kith_msgs import msg, srv
from kith_msgs.action import Gesture, Remind, Speak
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future
from std_skills.msg import Result as SkillResult

from behaviours import acts
from behaviours.floor import Priority
from behaviours.identity import Kind, Presence
from behaviours.mind import Mind, MindSettings
from behaviours.reminding import Reminder
from behaviours.understanding.meaning import Meaning
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.base import graph, times
from nodes.base.durable import FileInUseError
from nodes.base.node import KithNode
from nodes.base.profile_client import robot_profiles
from nodes.base.resident_records import ResidentRecords
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.dialogue.eyes import Eyes
from nodes.dialogue.journeys import Journeys
from nodes.dialogue.meaning import load_meaning
from nodes.dialogue.orders import Orders
from nodes.dialogue.outbox import Outbox
from nodes.dialogue.prompts import Prompts
from nodes.dialogue.utterances import Utterance, Utterances

_TICK_S = 0.2
_RAISE_AGAIN = timedelta(seconds=2)
_RAISE_AGAIN_AT_LAST = timedelta(seconds=60)
_FIRST_SOUND_S = 4.0  # a voice that has not begun by then has died or hangs
_LAST_WORD_S = 5.0  # longest that a sentence may take beyond twice its words
_ARRIVED_S = 1.0  # evidence of somebody comes in so soon after the robot came to them
_SHORT_S = 0.01
_LONGEST_GESTURE_S = 3.0
_GESTURES_AHEAD = 5
_TAKE_UP_AFTER_S = 3.0  # so long after the last sound words may still come
_UNDERSTAND_AFTER_S = 2.0  # the other nodes start first
_REMIND_RESULTS_S = 300  # longer than a lease: a home that was restarted still learns how a prompt ended
_RESULT_S = 1.0  # the voice tells how it ended so soon after the loudspeaker did
_KINDS = {IdsMatch.FACE: Kind.FACE, IdsMatch.BODY: Kind.BODY, IdsMatch.VOICE: Kind.VOICE, IdsMatch.UNSET: Kind.OTHER}
_LEVELS = {
    acts.AlertLevel.INFORM: msg.Alert.INFORM,
    acts.AlertLevel.ATTEND: msg.Alert.ATTEND,
    acts.AlertLevel.EMERGENCY: msg.Alert.EMERGENCY,
}
_OUTCOMES = {each: getattr(Remind.Result, each.name) for each in acts.Outcome}


@dataclass(frozen=True, kw_only=True)
class DialogueSettings(Settings):
    """What the dialogue node can be told."""

    robot: str = setting("", "The robot's name; empty for a home's only robot")
    time_zone: str = setting("", "Time zone of the home, such as Europe/London; empty: the machine's own")
    evidence_expires_s: float = setting(30.0, "Evidence of who is here lasts so many seconds", low=5.0, high=300.0)
    answer_window_s: float = setting(20.0, "Seconds to wait for the answer to a reminder", low=3.0, high=120.0)
    greet_after_s: float = setting(1.5, "Seconds somebody who came is left to speak first", low=0.0, high=60.0)
    least_confidence: float = setting(0.3, "Below this the robot asks whether it heard right", low=0.0, high=1.0)
    simulation: bool = setting(
        False, "The residents are simulated: culture packs that no community has reviewed count in full"
    )
    show_behaviour: bool = setting(
        False, "Tell on /diagnostics which behaviour acts, not only which branch of the tree: for simulation alone"
    )
    understanding: bool = setting(True, "Liken what is said to examples, beside the patterns; by meaning if installed")
    models_dir: str = setting("", "Folder of the models; empty: where `kith models install` puts them")
    come_back_s: float = setting(
        6.0, "After a start, seconds in which evidence of who is here may still come in", low=0.0, high=30.0
    )


@dataclass
class _Errand:
    """A goal that waits for its end."""

    goal: Any
    over: Future
    prompted: bool = False
    says_asked: bool = False  # it says that it may have asked already


class DialogueNode(KithNode[DialogueSettings]):
    """Hears, and does what the mind says."""

    name = "dialogue"
    settings_type = DialogueSettings

    _outbox: Outbox | None = None
    _prompts: Prompts | None = None

    def configure(self) -> None:
        """Make the mind, take up what an earlier life left, open the topics. Errors: KithError."""
        settings = self.settings
        try:
            zone = ZoneInfo(settings.time_zone) if settings.time_zone else None
        except (ZoneInfoNotFoundError, ValueError):
            raise KithError("the parameter time_zone is no time zone: use one such as Europe/London") from None
        self._mind = Mind(
            random.SystemRandom(),
            robot=settings.robot,
            zone=zone,
            settings=MindSettings(
                answer_window=timedelta(seconds=settings.answer_window_s),
                greet_after=timedelta(seconds=settings.greet_after_s),
                least_confidence=settings.least_confidence,
                simulation=settings.simulation,
            ),
        )
        self._presence = Presence(expiry=timedelta(seconds=settings.evidence_expires_s))
        self._here: tuple[str, ...] = ()
        self._awaiting_news: list[Future] = []
        self._open_outbox()
        self._utterances = Utterances()
        self._goal: Any = None
        self._goal_deadline = 0.0
        self._played = 0
        self._reminds: dict[str, _Errand] = {}
        self._says: dict[str, _Errand] = {}
        self._raising: dict[str, tuple[datetime, timedelta]] = {}  # when a call was sent last, and how long it waits
        self._merged: dict[str, str] = {}  # id under which the home keeps a call, by the id it was raised with
        self._voices: dict[str, list[Any]] = {}
        self._utterance_of: dict[str, msg.Utterance] = {}  # the latest, by voice
        self._broken_off: acts.Speak | None = None
        self._silent_since: float | None = None  # steady seconds; None: somebody speaks
        self._floor_now: tuple[Any, ...] = ()
        self._profiles = robot_profiles(self, self._on_profile, self.settings.home_dir, self.settings.robot or "robot")
        name = f"{self.settings.robot or 'robot'}'s notes"
        self._records = ResidentRecords(self, name, self._has_notes_of, self._erase, announce=True)
        self._raise = self.client(graph.RAISE_ALERT)
        self._speak = self.action_client(graph.SPEAK)
        self._gesture = self.action_client(graph.GESTURE)
        self._gestures: dict[str, str] = {}  # by the utterance with whose first sound they begin
        self._journeys = Journeys(self, self._mind, self._perform)
        self._orders = Orders(self, self._mind, self._journeys, self._perform, lambda: self._here, self._folder)
        Eyes(
            self,
            self._mind,
            here=lambda: self._here,
            strangers=self._presence.strangers,
            profile=self._profiles.profile,
            senses_on=lambda: self._orders.senses_on,
        )
        self._floor = self.publisher(graph.FLOOR)
        self.subscription(graph.VOICES_TRACKED, self._on_voices)
        self.subscription(graph.HEARING, self._on_hearing)
        self.subscription(graph.CANDIDATE_MATCHES, self._on_match)
        self.subscription(graph.BODIES_TRACKED, self._on_bodies)
        self.subscription(graph.AUDIO_PLAYBACK, self._on_playback)
        self.subscription(graph.OPEN_ALERTS, self._on_alerts)
        self.subscription(graph.TOUCH, self._feeler("stop"))
        self.subscription(graph.HAND_TOUCH, self._feeler("yes"))
        accept_if_active = self._accept_if_active
        self.action_server(
            graph.REMIND,
            self._remind,
            keep_results_s=_REMIND_RESULTS_S,
            goal_callback=accept_if_active,
            cancel_callback=self._on_cancel_remind,
        )
        self.action_server(graph.SAY, self._say, goal_callback=accept_if_active, cancel_callback=self._on_cancel_say)
        self.every(_TICK_S, self._tick)
        self.health.values["understanding"] = "by patterns"
        if self.settings.understanding:
            self.after(_UNDERSTAND_AFTER_S, self._begin_to_understand, steady=True)

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

    def activate(self) -> None:
        """Evidence of who is here comes in again within seconds: until then nobody counts as absent."""
        self._patient_until = self.steady_s() + self.settings.come_back_s
        self._publish_floor()

    def deactivate(self) -> None:
        """End every goal: nobody is left waiting."""
        for occurrence_id in list(self._reminds):
            self._end_remind(acts.ReminderOutcome(occurrence_id, acts.Outcome.INTERRUPTED, "the robot stops"))
        for utterance_id in list(self._says):
            self._end_say(utterance_id, SkillResult.ROS_EINTR)
        self._silence()

    def next_due(self) -> datetime | None:
        """When the mind has something to do, evidence of somebody ends, a profile is confirmed, a call sent again."""
        if not self.active or self._outbox is None:
            return None
        now = self.now()
        times = [self._mind.next_due(now), self._presence.next_expiry(now), self._profiles.next_due()]
        for alert, _ in self._outbox.waiting():
            sent_at, pause = self._raising.get(alert.id, (now, timedelta()))
            times.append(sent_at + pause)
        return min((each for each in times if each is not None), default=None)

    def real_wait_s(self) -> float:
        """What is left of the time after a start in which evidence of who is here may come in, if a reminder waits."""
        return max(_SHORT_S, self._patient_until - self.steady_s()) if self._awaiting_news else 0.0

    def cleanup(self) -> None:
        """Close the files."""
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None
        if self._prompts is not None:
            self._prompts.close()
            self._prompts = None

    @property
    def _folder(self) -> Path | None:
        """Where this robot keeps what must outlive a restart; None: it keeps nothing."""
        home = self.settings.home_dir
        return Path(home) / "robots" / (self.settings.robot or "robot") if home else None

    def _open_outbox(self) -> None:
        folder = self._folder
        try:
            self._outbox = Outbox(folder / "outbox.db" if folder is not None else None)
            if state := self._outbox.state():
                self._mind.restore(state)
        except FileInUseError:
            raise
        except (KithError, KeyError, TypeError, ValueError) as problem:
            # A mind without its notes still hears a call for help; one that does not start hears nothing.
            line = str(problem) if isinstance(problem, KithError) else "the mind's notes cannot be read: begun anew"
            self.health.error("outbox", line)
            if self._outbox is None:
                self._outbox = Outbox(None)
        try:
            self._prompts = Prompts(folder / "prompts.db" if folder is not None else None)
        except FileInUseError:
            raise
        except KithError as problem:
            self.health.error("prompts", str(problem))
            self._prompts = Prompts(None)

    # Who is here ----------------------------------------------------------------------------------------------------
    def _on_match(self, message: Any) -> None:
        sides = [(message.id1, message.id1_type), (message.id2, message.id2_type)]
        people = [each for each in sides if each[1] == IdsMatch.PERSON]
        others = [each for each in sides if each[1] != IdsMatch.PERSON]
        if len(people) != 1 or len(others) != 1 or not people[0][0]:
            return
        (person_id, _), (transient_id, kind) = people[0], others[0]
        self._presence.observe(person_id, _KINDS.get(kind, Kind.OTHER), transient_id, message.confidence, self.now())
        self._look_around()

    def _on_bodies(self, message: Any) -> None:
        self._presence.bodies(list(message.ids), self.now())
        self._look_around()

    def _look_around(self) -> None:
        now = self.now()
        here = self._presence.people(now)
        for gone in set(self._here) - set(here):
            self._mind.gone(gone)
            if not self._orders.needs(gone):
                self._profiles.unfollow(gone)
        for come in set(here) - set(self._here):
            self._profiles.follow(come)
        self._here = here
        self.health.values["people"] = str(len(here))
        for person_id in here:
            self._perform(self._mind.presence(self._presence.who(person_id, now), now))
        self._tell_news()

    def _on_profile(self, profile: Profile, _fact: Fact | None) -> None:
        self._orders.profile(profile)
        if profile.resident_id not in self._here and not self._orders.needs(profile.resident_id):
            self.post(lambda: self._profiles.unfollow(profile.resident_id))
        self._perform(self._mind.profile_changed(profile, self.now()))
        self._tell_news()

    # Hearing --------------------------------------------------------------------------------------------------------
    def _on_voices(self, message: Any) -> None:
        for voice_id in set(self._voices) - set(message.ids):
            for subscription in self._voices.pop(voice_id):
                self.destroy_subscription(subscription)
        for voice_id in message.ids:
            if voice_id not in self._voices:
                self._voices[voice_id] = [
                    self.subscription(graph.voice_speech(voice_id), self._hearer(voice_id)),
                    self.subscription(graph.voice_is_speaking(voice_id), self._listener(voice_id)),
                ]

    def _on_hearing(self, utterance: msg.Utterance) -> None:
        """What hearing knows of an utterance; its words follow as the final with the same stamp."""
        self._utterance_of[utterance.voice_id] = utterance

    def _hearer(self, voice_id: str) -> Callable[[Any], None]:
        def hear(message: Any) -> None:
            now = self.now()
            who = self._presence.speaker(now, voice_id)
            if not message.final:
                self._mind.hearing(who.person_id, now)
                return
            self._broken_off = None
            known = self._utterance_of.get(voice_id)
            if known is not None and known.continues and known.header.stamp == message.header.stamp:
                # The robot answered too early: what it was about to say to the first half goes unsaid.
                self._hush(Priority.REMINDER)
            confidence = message.confidence or 1.0  # 0 is what an engine without confidences leaves
            done = self._mind.heard(message.final, now, who=who, locale=message.locale, confidence=confidence)
            self.health.count("utterances heard")
            self.get_logger().debug(f"safety {self._mind.turn.reading.safety.name}, act {self._mind.turn.act}")
            self._show_doing()
            self._perform(done)
            self._publish_floor()

        return hear

    def _listener(self, voice_id: str) -> Callable[[Any], None]:
        def listen(message: Any) -> None:
            if message.data:
                now = self.now()
                self._mind.hearing(self._presence.speaker(now, voice_id).person_id, now)
                self._give_way()
            self._silent_since = None if message.data else self.steady_s()

        return listen

    def _feeler(self, meaning: str) -> Callable[[Any], None]:
        felt = False

        def feel(message: Any) -> None:
            nonlocal felt
            begins, felt = message.data and not felt, message.data
            if not begins:
                return
            self._broken_off = None
            now = self.now()
            self.health.count("touches")
            self._perform(self._mind.touched(meaning, now, who=self._presence.speaker(now)))
            self._publish_floor()

        return feel

    def _give_way(self) -> None:
        """Somebody speaks into a sentence of the robot: it falls silent, unless it is calling for help."""
        current = self._utterances.current
        if current is not None and current.speak.priority < Priority.EMERGENCY:
            self._broken_off = current.speak
            self.health.count("sentences broken off")
            self._silence()

    def _take_up(self) -> None:
        """Nothing intelligible followed: the sentence that was broken off is said after all."""
        silent_since = self._silent_since
        if self._broken_off is None or silent_since is None or self.steady_s() - silent_since < _TAKE_UP_AFTER_S:
            return
        broken_off, self._broken_off = self._broken_off, None
        if self._utterances.empty:
            self._utterances.add(broken_off, self.steady_s())

    # Doing ----------------------------------------------------------------------------------------------------------
    def _perform(self, decided: list[acts.Act]) -> None:
        facts = [each.fact for each in decided if isinstance(each, acts.StoreFact)]
        if facts:
            self._store(facts, [each for each in decided if not isinstance(each, acts.StoreFact)])
            return
        spoken_with: acts.Speak | None = None
        for act in decided:
            match act:
                case acts.Speak():
                    spoken_with = act
                    if self._utterances.add(act, self.steady_s()):
                        self._silence()
                case acts.Hush(priority):
                    self._hush(priority)
                case acts.RaiseAlert():
                    self._call(act)
                case acts.Gesture(name):
                    self._make_gesture(name, spoken_with)
                case acts.Approach():
                    self._journeys.begin(act)
                case acts.StandStill():
                    self._journeys.stand()
                case acts.ReminderPrompted(occurrence_id):
                    self._feedback(occurrence_id)
                case acts.ReminderOutcome():
                    self._end_remind(act)
                case acts.RememberState():
                    self._remember()
        self._next_utterance()

    def _store(self, facts: list[Fact], after: list[acts.Act]) -> None:
        """Write facts, then go on: "I'll remember" is only said of what is on the home's disk."""
        waiting = len(facts)
        failed = False

        def written(done: Future) -> None:
            nonlocal waiting, failed
            waiting -= 1
            if done.exception() is not None:
                failed = True
                self.health.count("facts not kept")
            if waiting:
                return
            if failed and any(isinstance(each, acts.Speak) and each.act in ("remember", "forget") for each in after):
                person_id = facts[0].resident_id
                profile = self._profiles.profile(person_id)
                self._perform(self._mind.store_failed(profile, person_id, self.now()))
            else:
                self._perform(after)

        for fact in facts:
            future = self._profiles.set_fact(fact)
            if future.done():
                written(future)
            else:
                future.add_done_callback(written)

    def _make_gesture(self, name: str, spoken_with: acts.Speak | None) -> None:
        """Now, or with the first sound of the sentence it belongs to: a greeting and its nod begin together."""
        if spoken_with is None:
            self._send_gesture(name)
            return
        self._gestures = dict(list(self._gestures.items())[-_GESTURES_AHEAD:])
        self._gestures[spoken_with.id] = name

    def _send_gesture(self, name: str, said: acts.Speak | None = None) -> None:
        if not self._gesture.server_is_ready():
            return
        # About as long as the sentence, and never so long that it looks asleep.
        seconds = min(_LONGEST_GESTURE_S, len(said.text.split()) / said.manner.rate * 60) if said is not None else 0.0
        self._gesture.send_goal_async(Gesture.Goal(name=name, duration_s=seconds))

    def _hush(self, priority: Priority) -> None:
        """Silence what is less urgent than this, and drop what is still to be said of it."""
        self._broken_off = None
        silence, dropped = self._utterances.hush(priority)
        for each in dropped:
            self._spoken(each.id, False)
        if silence:
            self._silence()

    # Speaking -------------------------------------------------------------------------------------------------------
    def _next_utterance(self) -> None:
        if not self._speak.server_is_ready():
            if not self._utterances.empty:
                self.health.wait_for("speak")
            return
        self.health.found("speak")
        utterance = self._utterances.next()
        if utterance is None:
            return
        said = utterance.speak
        if said.act == "remind":
            self._prompt_sounds(said.person_id)
        goal = Speak.Goal(
            utterance_id=said.id,
            text=said.text,
            locale=said.locale,
            rate=said.manner.rate,
            pitch=said.manner.pitch,
            volume=self._orders.volume(said),
            interruptible=True,
            confidential=said.confidential,
        )
        self._goal_deadline = self.steady_s() + _FIRST_SOUND_S
        self._played = 0
        self._speak.send_goal_async(goal).add_done_callback(lambda done: self._on_speak_goal(utterance, done))
        self._publish_floor()

    def _on_speak_goal(self, utterance: Utterance, done: Future) -> None:
        goal = done.result()
        if self._utterances.current is not utterance:
            if goal is not None and goal.accepted:
                goal.cancel_goal_async()
            return
        if goal is None or not goal.accepted:
            self._utterance_over(utterance, finished=False)
            return
        self._goal = goal
        goal.get_result_async().add_done_callback(lambda done: self._on_speak_result(utterance, done))

    def _on_speak_result(self, utterance: Utterance, done: Future) -> None:
        if self._utterances.current is utterance:
            answer = done.result()
            finished = answer is not None and answer.result.outcome == Speak.Result.FINISHED
            if answer is not None and answer.result.outcome == Speak.Result.FAILED:
                self.health.count("utterances not spoken")
            self._utterance_over(utterance, finished=finished)

    def _utterance_over(self, utterance: Utterance, *, finished: bool) -> None:
        self._utterances.end()
        self._goal = None
        self._spoken(utterance.speak.id, finished)
        self._next_utterance()
        self._publish_floor()

    def _spoken(self, utterance_id: str, finished: bool) -> None:
        self._end_say(utterance_id, SkillResult.ROS_ENOERR if finished else SkillResult.ROS_EINTR)
        self._perform(self._mind.spoken(utterance_id, finished, self.now()))

    def _silence(self) -> None:
        """Cut off what sounds now."""
        utterance = self._utterances.end()
        if self._goal is not None:
            self._goal.cancel_goal_async()
            self._goal = None
        if utterance is not None:
            self._spoken(utterance.speak.id, False)

    def _on_playback(self, message: msg.Playback) -> None:
        """What the loudspeaker did is known even when the voice that sent it has died."""
        utterance = self._utterances.current
        if utterance is None or utterance.speak.id != message.utterance_id:
            return
        said, now = utterance.speak, self.steady_s()
        self._played = message.state
        if message.state == msg.Playback.STARTED:
            if gesture := self._gestures.pop(said.id, ""):
                self._send_gesture(gesture, said)
            words = max(len(said.text.split()), len(said.text) / 5)
            self._goal_deadline = now + _LAST_WORD_S + words / said.manner.rate * 60 * 2
        else:
            self._goal_deadline = now + _RESULT_S

    def _watch_voice(self) -> None:
        """A voice that died or hangs must not silence the mind for good."""
        now = self.steady_s()
        utterance = self._utterances.current
        if utterance is not None and not self._speak.server_is_ready():
            self._goal = None
            if utterance.tries < 2:
                self._utterances.again()
            else:
                self._utterance_over(utterance, finished=False)
        elif utterance is not None and now > self._goal_deadline:
            self.health.count("utterances without an end")
            if self._goal is not None:
                self._goal.cancel_goal_async()
                self._goal = None
            if self._played != msg.Playback.FINISHED and utterance.tries < 2:
                self._utterances.again()
            else:
                self._utterance_over(utterance, finished=self._played == msg.Playback.FINISHED)
        for stale in self._utterances.stale(now):
            self._spoken(stale.id, False)

    # Reminding and saying for others --------------------------------------------------------------------------------
    def _accept_if_active(self, _: Any) -> GoalResponse:
        return GoalResponse.ACCEPT if self.active else GoalResponse.REJECT

    async def _remind(self, goal: Any) -> Any:
        request, occurrence = goal.request, goal.request.occurrence
        goal.publish_feedback(Remind.Feedback(state=Remind.Feedback.WAITING_FOR_FLOOR))
        over = Future(executor=self.executor)
        if occurrence.id in self._reminds:
            goal.succeed()
            return Remind.Result(outcome=Remind.Result.INTERRUPTED, said="this reminder is being given already")
        assert self._prompts is not None
        lost = self._prompts.of(request.lost_goal)
        if request.may_have_asked and lost is not None and lost.outcome:
            goal.succeed()  # it has been answered before: nothing is asked twice
            return Remind.Result(outcome=lost.outcome, later_s=lost.later_s, said=lost.said, prompted=lost.sounding)
        # Only who had the lost goal knows that nothing of it has sounded.
        unheard = request.lost_robot == occurrence.robot and (lost is None or not lost.sounding)
        errand = _Errand(goal, over, says_asked=request.may_have_asked and not unheard)
        self._reminds[occurrence.id] = errand
        if occurrence.resident_id not in self._here:
            await self._come_to(occurrence.resident_id, over)
        while not over.done() and not self._knows(occurrence.resident_id):
            await self._news_or(_TICK_S)
        if not over.done():
            now = self.now()
            reminder = Reminder(
                occurrence.id,
                occurrence.resident_id,
                occurrence.kind,
                occurrence.title,
                times.from_msg(occurrence.window_end) if times.is_set(occurrence.window_end) else None,
                request.wording,
                errand.says_asked,
                request.late,
                times.from_msg(occurrence.lease_until) if times.is_set(occurrence.lease_until) else None,
                request.text,
            )
            if (checked := self._profiles.as_of(occurrence.resident_id)) is not None:
                self._mind.profile_checked(occurrence.resident_id, checked)
            self._perform(self._mind.remind(reminder, self._presence.who(occurrence.resident_id, now), now))
            self._publish_floor()
        result = await over
        if goal.is_cancel_requested:
            goal.canceled()
        else:
            goal.succeed()
        return result

    async def _come_to(self, resident_id: str, over: Future) -> None:
        """Go to a resident who is not here, if this robot can and may. Ends early with the reminder."""
        if not self._journeys.ready:
            return
        for wanted in self._mind.come_to(resident_id, self.now(), called=False):
            if isinstance(wanted, acts.Approach):
                self._reminds_feedback(resident_id, Remind.Feedback.APPROACHING)
                await self._journeys.come(wanted, over)
                # There: evidence of who is here comes in within a moment.
                self._patient_until = max(self._patient_until, self.steady_s() + _ARRIVED_S)

    def _prompt_sounds(self, resident_id: str) -> None:
        """Written down before the sound: what crashes afterwards may have been heard."""
        for errand in self._reminds.values():
            if errand.goal.request.occurrence.resident_id == resident_id and not errand.prompted:
                errand.prompted = True
                goal_id = _goal_id(errand.goal)
                self._note(partial(Prompts.sounding, goal_id=goal_id, resident_id=resident_id, now=self.now()))
        self._reminds_feedback(resident_id, Remind.Feedback.PROMPTED)

    def _reminds_feedback(self, resident_id: str, state: int) -> None:
        for errand in self._reminds.values():
            if errand.goal.request.occurrence.resident_id == resident_id:
                errand.goal.publish_feedback(Remind.Feedback(state=state))

    def _note(self, write: Callable[[Prompts], None]) -> None:
        assert self._prompts is not None
        try:
            write(self._prompts)
            self.health.clear("prompts")
        except KithError as problem:
            self.health.error("prompts", str(problem))

    def _knows(self, resident_id: str) -> bool:
        """Whether the resident is here and known, or there has been time enough to find out."""
        ready = resident_id in self._here and self._profiles.profile(resident_id) is not None
        return ready or self.steady_s() >= self._patient_until

    def _news_or(self, seconds: float) -> Future:
        """Done with the next word of who is here or what is known of them, or after so many real seconds."""
        news = Future(executor=self.executor)
        self._awaiting_news.append(news)
        self.after(seconds, lambda: self._no_news(news), steady=True)
        return news

    def _no_news(self, news: Future) -> None:
        if news in self._awaiting_news:
            self._awaiting_news.remove(news)
            news.set_result(None)

    def _tell_news(self) -> None:
        for news in list(self._awaiting_news):
            self._no_news(news)

    def _feedback(self, occurrence_id: str) -> None:
        if errand := self._reminds.get(occurrence_id):
            errand.goal.publish_feedback(Remind.Feedback(state=Remind.Feedback.LISTENING))

    def _end_remind(self, outcome: acts.ReminderOutcome) -> None:
        errand = self._reminds.pop(outcome.occurrence_id, None)
        if errand is None or errand.over.done():
            return
        code = _OUTCOMES[outcome.outcome]
        if errand.prompted:
            goal_id, later_s, said = _goal_id(errand.goal), outcome.later_s, outcome.said
            self._note(lambda notes: notes.ended(goal_id, code, later_s, said, self.now()))
        errand.over.set_result(
            Remind.Result(
                outcome=code,
                later_s=outcome.later_s,
                said=outcome.said,
                prompted=errand.prompted,
                may_have_asked=errand.prompted and errand.says_asked,
            )
        )

    def _on_cancel_remind(self, goal: Any) -> CancelResponse:
        occurrence_id = goal.request.occurrence.id

        self.post(lambda: self._take_back(occurrence_id))
        return CancelResponse.ACCEPT

    def _take_back(self, occurrence_id: str) -> None:
        self._perform(self._mind.cancel_remind(occurrence_id, self.now()))
        self._end_remind(acts.ReminderOutcome(occurrence_id, acts.Outcome.INTERRUPTED, "taken back"))

    async def _say(self, goal: Any) -> Any:
        request = goal.request
        said = []
        if request.input.strip():
            person_id = request.person_id or self._presence.speaker(self.now()).person_id
            said = self._mind.say(request.input, person_id, self.now())
        code = SkillResult.ROS_EBADMSG if not request.input.strip() else SkillResult.ROS_EINTR
        for each in said:
            if isinstance(each, acts.Speak):
                self._says[each.id] = _Errand(goal, Future(executor=self.executor))
                over = self._says[each.id].over
                self._perform(said)
                code = await over
                break
        if goal.is_cancel_requested:
            goal.canceled()
            code = SkillResult.ROS_ECANCELED
        elif code == SkillResult.ROS_ENOERR:
            goal.succeed()
        else:
            goal.abort()
        return Say.Result(result=SkillResult(error_code=code))

    def _end_say(self, utterance_id: str, code: int) -> None:
        errand = self._says.pop(utterance_id, None)
        if errand is not None:
            errand.over.set_result(code)

    def _on_cancel_say(self, goal: Any) -> CancelResponse:
        def cancel() -> None:
            for utterance_id, errand in list(self._says.items()):
                if errand.goal.goal_id != goal.goal_id:
                    continue
                current = self._utterances.current
                if current is not None and current.speak.id == utterance_id:
                    self._silence()
                    self._next_utterance()
                else:
                    self._utterances.drop(utterance_id)
                    self._end_say(utterance_id, SkillResult.ROS_ECANCELED)

        self.post(cancel)
        return CancelResponse.ACCEPT

    # Calling people -------------------------------------------------------------------------------------------------
    def _call(self, alert: acts.RaiseAlert) -> None:
        assert self._outbox is not None
        try:
            self._outbox.put(alert, self.now())
            self.health.clear("outbox")
        except KithError as problem:
            self.health.error("outbox", str(problem))
        self._send_calls()

    def _send_calls(self) -> None:
        """Hand the home what it does not have yet; again and again until it says that it is stored."""
        assert self._outbox is not None
        waiting = self._outbox.waiting()
        self.health.values["calls waiting"] = str(len(waiting))
        if not waiting:
            self.health.clear("alerts")
            return
        if not self._raise.service_is_ready():
            self.health.error("alerts", "calls are waiting: the home's alerts cannot be reached")
            return
        now = self.now()
        for alert, raised_at in waiting:
            sent_at, pause = self._raising.get(alert.id, (now, timedelta()))
            if abs(now - sent_at) < pause:
                continue
            # Ever more seldom: a home that is away for hours need not be asked every other second.
            self._raising[alert.id] = (now, min(max(pause * 2, _RAISE_AGAIN), _RAISE_AGAIN_AT_LAST))
            request = srv.RaiseAlert.Request(
                alert=msg.Alert(
                    id=alert.id,
                    raised_at=times.to_msg(raised_at),
                    robot=self.settings.robot,
                    resident_id=alert.resident_id,
                    level=_LEVELS[alert.level],
                    kind=alert.kind,
                    text=alert.text,
                    state=msg.Alert.RAISED,
                )
            )
            self._raise.call_async(request).add_done_callback(self._on_raised(alert.id))

    def _on_raised(self, alert_id: str) -> Callable[[Future], None]:
        def raised(done: Future) -> None:
            answer = done.result()
            if self._outbox is None or answer is None or not answer.stored:
                return
            if answer.alert_now.id:
                self._merged[alert_id] = answer.alert_now.id
            self._raising.pop(alert_id, None)
            self._perform(self._mind.alert_stored(alert_id))
            try:
                self._outbox.done(alert_id)
            except KithError as problem:
                self.health.error("outbox", str(problem))
            self.health.clear("alerts")

        return raised

    def _on_alerts(self, message: Any) -> None:
        now = self.now()
        listed = {alert.id: alert for alert in message.alerts}
        ours = {raised: kept for raised, kept in self._merged.items() if kept in listed}
        ours |= {alert_id: alert_id for alert_id in listed}
        for raised, kept in ours.items():
            alert = listed[kept]
            done = self._mind.alert_state(
                raised, alert.state, now, accepted_by=alert.accepted_by, covered=message.covered
            )
            self._perform(done)
        self._mind.alerts_listed(set(ours))

    # Time and state -------------------------------------------------------------------------------------------------
    def _tick(self) -> None:
        now = self.now()
        for person_id in self._here:
            if (checked := self._profiles.as_of(person_id)) is not None:
                self._mind.profile_checked(person_id, checked)
        if self._presence.people(now) != self._here:
            self._look_around()
        self._watch_voice()
        self._take_up()
        due = self._mind.tick(now)
        if due:
            self._show_doing()
        self._perform(due)
        self._send_calls()
        self._publish_floor()

    def _show_doing(self) -> None:
        branch, behaviour = self._mind.doing
        self.health.values["doing"] = f"{branch}: {behaviour}" if self.settings.show_behaviour else branch

    def _remember(self) -> None:
        assert self._outbox is not None
        try:
            self._outbox.remember(self._mind.state())
        except KithError as problem:
            self.health.error("outbox", str(problem))

    def _has_notes_of(self) -> set[str]:
        assert self._outbox is not None and self._prompts is not None
        waiting = {alert.resident_id for alert, _ in self._outbox.waiting() if alert.resident_id}
        return waiting | self._prompts.residents() | self._mind.remembered()

    def _erase(self, resident_id: str) -> None:
        """The home has erased a resident: nothing more is said to them of a reminder, and no note of them stays."""
        assert self._outbox is not None and self._prompts is not None
        for occurrence_id, errand in list(self._reminds.items()):
            if errand.goal.request.occurrence.resident_id == resident_id:
                self._take_back(occurrence_id)
        self._mind.forget(resident_id)
        self._outbox.remember(self._mind.state())
        self._outbox.scrub()
        self._prompts.erase(resident_id)

    def _publish_floor(self) -> None:
        holder = self._mind.floor.holder
        speaking = self._utterances.current is not None
        held_by = holder.person_id if holder else ""
        state = (int(self._mind.floor.priority), speaking, not speaking, held_by, self._journeys.halted)
        if state == self._floor_now:
            return
        self._floor_now = state
        priority, speaking, listening, person_id, halted = state
        self._floor.publish(
            msg.FloorState(
                stamp=times.to_msg(self.now()),
                priority=priority,
                speaking=speaking,
                listening=listening,
                person_id=person_id,
                halted=halted,
            )
        )


def _goal_id(goal: Any) -> str:
    return bytes(goal.goal_id.uuid).hex()


def main() -> int:
    """Run the node."""
    return run(DialogueNode)


if __name__ == "__main__":
    sys.exit(main())
