"""The robot's voice: one sentence after the other through the Speak action, watched by what the loudspeaker plays."""

from collections.abc import Callable
from typing import Any

from kith_msgs.action import Speak
from kith_msgs.msg import Playback
from rclpy.task import Future

from behaviours import acts
from behaviours.floor import Priority
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.dialogue.utterances import Utterance, Utterances

_FIRST_SOUND_S = 4.0  # a voice that has not begun by then has died or hangs
_LAST_WORD_S = 5.0  # longest that a sentence may take beyond twice its words
_RESULT_S = 1.0  # the voice tells how it ended so soon after the loudspeaker did
_TAKE_UP_AFTER_S = 3.0  # so long after the last sound words may still come
_MOST_TRIES = 2


class Voice:
    """Carries out `acts.Speak` and `acts.Hush`.

    `volume`: how loud a sentence is; `begins`: it is handed to the voice; `sounds`: the loudspeaker plays it; `spoken`:
    it has ended, finished or not, and what is next may begin (`go_on`).
    """

    def __init__(
        self,
        node: KithNode[Any],
        *,
        volume: Callable[[acts.Speak], float],
        begins: Callable[[acts.Speak], None],
        sounds: Callable[[acts.Speak], None],
        spoken: Callable[[str, bool], None],
    ) -> None:
        self._node = node
        self._volume, self._begins, self._sounds, self._spoken = volume, begins, sounds, spoken
        self._utterances = Utterances()
        self._goal: Any = None
        self._goal_deadline = 0.0
        self._missing = False
        self._played = 0
        self._broken_off: acts.Speak | None = None
        self._silent_since: float | None = None  # steady seconds; None: somebody speaks
        self._speak = node.action_client(graph.SPEAK)
        node.subscription(graph.AUDIO_PLAYBACK, self._on_playback)

    @property
    def speaking(self) -> bool:
        """Whether a sentence is on its way."""
        return self._utterances.current is not None

    def add(self, said: acts.Speak) -> None:
        """Queue a sentence; a more urgent one silences what sounds now. `go_on` begins it."""
        if self._utterances.add(said, self._node.steady_s()):
            self.silence()

    def go_on(self) -> None:
        """Begin the next sentence, if none is on its way."""
        if self._utterances.empty or self._utterances.current is not None:
            return
        if not self._there():
            return
        utterance = self._utterances.next()
        if utterance is None:
            return
        said = utterance.speak
        self._begins(said)
        goal = Speak.Goal(
            utterance_id=said.id,
            text=said.text,
            locale=said.locale,
            rate=said.manner.rate,
            pitch=said.manner.pitch,
            volume=self._volume(said),
            interruptible=True,
            confidential=said.confidential,
        )
        self._goal_deadline = self._node.steady_s() + _FIRST_SOUND_S
        self._played = 0
        self._speak.send_goal_async(goal).add_done_callback(lambda done: self._on_goal(utterance, done))

    def silence(self) -> None:
        """Cut off what sounds now."""
        utterance = self._utterances.end()
        self._cancel()
        if utterance is not None:
            self._spoken(utterance.speak.id, False)

    def hush(self, priority: Priority) -> None:
        """Silence what is less urgent than this, and drop what is still to be said of it."""
        self._broken_off = None
        silence, dropped = self._utterances.hush(priority)
        for each in dropped:
            self._spoken(each.id, False)
        if silence:
            self.silence()

    def take_back(self, utterance_id: str) -> bool:
        """Whoever asked for a sentence takes it back. False: it had not begun, and is dropped."""
        current = self._utterances.current
        if current is not None and current.speak.id == utterance_id:
            self.silence()
            return True
        self._utterances.drop(utterance_id)
        return False

    # Giving way to people -------------------------------------------------------------------------------------------
    def answered(self) -> None:
        """Words or a hand came in: a sentence that was broken off for them stays so."""
        self._broken_off = None

    def somebody_speaks(self, speaks: bool) -> None:
        """Somebody speaks into a sentence of the robot: it falls silent, unless it is calling for help."""
        current = self._utterances.current
        if speaks and current is not None and current.speak.priority < Priority.EMERGENCY:
            self._broken_off = current.speak
            self._node.health.count("sentences broken off")
            self.silence()
        self._silent_since = None if speaks else self._node.steady_s()

    def _take_up(self, now: float) -> None:
        """Nothing intelligible followed: the sentence that was broken off is said after all."""
        if self._broken_off is None or self._silent_since is None or now - self._silent_since < _TAKE_UP_AFTER_S:
            return
        broken_off, self._broken_off = self._broken_off, None
        if self._utterances.empty:
            self._utterances.add(broken_off, now)

    def _there(self) -> bool:
        self._missing = not self._speak.server_is_ready()
        if self._missing:
            self._node.health.wait_for("speak")
        else:
            self._node.health.found("speak")
        return not self._missing

    # The voice and the loudspeaker ----------------------------------------------------------------------------------
    def watch(self) -> None:
        """Call now and then: a voice that died or hangs must not silence the mind for good."""
        now = self._node.steady_s()
        if self._missing:
            self._there()
        utterance = self._utterances.current
        if utterance is not None and not self._speak.server_is_ready():
            self._goal = None
            self._again_or_over(utterance)
        elif utterance is not None and now > self._goal_deadline:
            self._node.health.count("utterances without an end")
            self._cancel()
            self._again_or_over(utterance)
        for stale in self._utterances.stale(now):
            self._spoken(stale.id, False)
        self._take_up(now)

    def _again_or_over(self, utterance: Utterance) -> None:
        """A reminder's prompt is said once: the home asks again, and says that it may have been asked already."""
        prompt = utterance.speak.priority == Priority.REMINDER
        if self._played or prompt or utterance.tries >= _MOST_TRIES:
            self._over(utterance, finished=self._played == Playback.FINISHED)
        else:
            self._utterances.again()

    def _cancel(self) -> None:
        if self._goal is not None:
            self._goal.cancel_goal_async()
            self._goal = None

    def _on_goal(self, utterance: Utterance, done: Future) -> None:
        goal = done.result()
        if self._utterances.current is not utterance:
            if goal is not None and goal.accepted:
                goal.cancel_goal_async()
            return
        if goal is None or not goal.accepted:
            self._over(utterance, finished=False)
            return
        self._goal = goal
        goal.get_result_async().add_done_callback(lambda done: self._on_result(utterance, done))

    def _on_result(self, utterance: Utterance, done: Future) -> None:
        if self._utterances.current is utterance:
            answer = done.result()
            finished = answer is not None and answer.result.outcome == Speak.Result.FINISHED
            if answer is not None and answer.result.outcome == Speak.Result.FAILED:
                self._node.health.count("utterances not spoken")
            self._over(utterance, finished=finished)

    def _over(self, utterance: Utterance, *, finished: bool) -> None:
        self._utterances.end()
        self._goal = None
        self._spoken(utterance.speak.id, finished)

    def _on_playback(self, message: Playback) -> None:
        """What the loudspeaker did is known even when the voice that sent it has died."""
        utterance = self._utterances.current
        if utterance is None or utterance.speak.id != message.utterance_id:
            return
        said, now = utterance.speak, self._node.steady_s()
        self._played = message.state
        if message.state == Playback.STARTED:
            self._sounds(said)
            words = max(len(said.text.split()), len(said.text) / 5)
            self._goal_deadline = now + _LAST_WORD_S + words / said.manner.rate * 60 * 2
        else:
            self._goal_deadline = now + _RESULT_S
