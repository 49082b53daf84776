"""The ROS shell of speaking: the action `speak`, paced sound to the loudspeaker, captions when it sounds."""

import sys
from array import array
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from kith_msgs.action import Speak
from kith_msgs.msg import AudioChunk, Caption, Playback
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future
from std_msgs.msg import String

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.audio import CHUNK_S
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.tts.clean import LONGEST, clean
from nodes.tts.espeak import ESpeak
from nodes.tts.pacing import Pacer
from nodes.tts.piper import Piper
from nodes.tts.rendering import Renderer, Task
from nodes.tts.synthesiser import Manner, Sound, Synthesiser

_ANSWER_S = 2.0  # the loudspeaker must begin, and end, within so long of when it should
_SILENCE_S = 0.5  # and answer a stop


@dataclass(frozen=True, kw_only=True)
class TtsSettings(Settings):
    """How the robot speaks."""

    robot: str = setting("", "The robot's name; empty for a home's only robot")
    models_dir: str = setting("", "Directory of the installed models; empty: the one `kith models` installs into")
    locale: str = setting("en_GB", "Language of texts that name none, for example en_GB")
    engine: str = setting(
        "espeak", "Speech engine; where Piper has no voice eSpeak speaks", choices=("espeak", "piper")
    )
    rate: float = setting(140.0, "Words per minute where a goal gives none", low=80.0, high=450.0)
    volume: float = setting(0.9, "Loudness where a goal gives none, 0 to 1", low=0.0, high=1.0)
    deadline_s: float = setting(
        5.0, "A sentence that takes longer to render restarts the engine, s", low=0.5, high=60.0
    )


@dataclass(eq=False)
class _Utterance:
    id: str
    text: str
    locale: str
    goal: Any
    over: Future
    pacer: Pacer = field(default_factory=Pacer)
    task: Task | None = None
    boundaries: deque[float] = field(default_factory=deque)  # seconds sent after which a sentence is through
    rendered_s: float = 0.0
    sequence: int = 0
    problem: str = ""
    started: bool = False
    stop_by: float | None = None
    all_sent_at: float | None = None


class TtsNode(KithNode[TtsSettings]):
    """Speaks one utterance after the other."""

    name = "tts"
    settings_type = TtsSettings

    def configure(self) -> None:
        """Open the topics and start the engine's process."""
        settings = self.settings
        models_dir = Path(settings.models_dir) if settings.models_dir else default_models_dir()
        self._espeak = ESpeak(settings.deadline_s)
        engines: list[Synthesiser] = [self._espeak]
        if settings.engine == "piper":
            engines.insert(0, Piper(models_dir))
        self._renderer = Renderer(engines)
        self._renderer.call(self._greet)
        self._queue: deque[_Utterance] = deque()
        self._out = self.publisher(graph.AUDIO_OUT)
        self._control = self.publisher(graph.AUDIO_CONTROL)
        self._captions = self.publisher(graph.CAPTIONS)
        self.subscription(graph.AUDIO_PLAYBACK, self._on_playback)
        self._ticks = self.every(CHUNK_S, self._tick)
        self._ticks.cancel()  # until there is something to say
        self.action_server(
            graph.SPEAK,
            self._execute,
            goal_callback=lambda _: GoalResponse.ACCEPT if self.active else GoalResponse.REJECT,
            cancel_callback=self._on_cancel,
        )
        self.health.values["engine"] = settings.engine

    def deactivate(self) -> None:
        """Fall silent at once."""
        if self._queue:
            self._control.publish(String(data=""))
        while self._queue:
            self._end(self._queue[0], Speak.Result.INTERRUPTED, "the voice was switched off")

    def cleanup(self) -> None:
        """End the engine's process."""
        if renderer := getattr(self, "_renderer", None):
            renderer.close()

    def _greet(self) -> None:
        """On the rendering thread: starts the engine, so that the first sentence need not wait for it."""
        try:
            languages = len(self._espeak.languages())
        except KithError as error:
            line = str(error)
            self.post(lambda: self.health.error("espeak", line))
            return
        self.post(lambda: self.health.values.update({"languages": str(languages)}))

    # Goals ----------------------------------------------------------------------------------------------------------
    async def _execute(self, goal: Any) -> Speak.Result:
        request = goal.request
        locale = request.locale or self.settings.locale
        utterance = _Utterance(
            request.utterance_id or uuid4().hex,
            clean(request.text[:LONGEST]),
            locale,
            goal,
            Future(executor=self.executor),
        )
        if len(request.text) > LONGEST:
            self._refuse(utterance, f"a text of {len(request.text)} characters is too long: at most {LONGEST}")
        elif not utterance.text:
            self._refuse(utterance, "the text holds nothing that can be spoken")
        else:
            self._begin(utterance, request)
        return await utterance.over

    def _refuse(self, utterance: _Utterance, why: str) -> None:
        self._queue.append(utterance)
        self._end(utterance, Speak.Result.FAILED, why)

    def _begin(self, utterance: _Utterance, request: Speak.Goal) -> None:
        # 0 is what an unset field holds; a robot that speaks at volume 0 serves nobody.
        manner = Manner(
            utterance.locale,
            rate=request.rate or self.settings.rate,
            pitch=request.pitch or 1.0,
            volume=request.volume or self.settings.volume,
        )
        utterance.task = Task(
            utterance.text,
            manner,
            ready=lambda sound: self.post(lambda: self._rendered(utterance, sound)),
            problem=lambda text: self.post(lambda: self._not_rendered(utterance, text)),
            done=lambda: self.post(lambda: self._all_rendered(utterance)),
        )
        self._queue.append(utterance)
        self._renderer.add(utterance.task)
        utterance.goal.publish_feedback(Speak.Feedback(state=Speak.Feedback.RENDERING))

    def _on_cancel(self, goal: Any) -> CancelResponse:
        self.post(lambda: self._cancel(goal))
        return CancelResponse.ACCEPT

    def _cancel(self, goal: Any) -> None:
        utterance = next((each for each in self._queue if each.goal.goal_id == goal.goal_id), None)
        if utterance is None or utterance.stop_by is not None:
            return
        if utterance.task:
            utterance.task.cancel()
        if utterance.pacer.first_sent_at is None:
            self._end(utterance, Speak.Result.INTERRUPTED, "cancelled")
            return
        self._control.publish(String(data=utterance.id))
        utterance.stop_by = self._seconds() + _SILENCE_S

    # Sound ----------------------------------------------------------------------------------------------------------
    def _rendered(self, utterance: _Utterance, sound: Sound) -> None:
        if utterance not in self._queue or utterance.stop_by is not None:
            return
        utterance.pacer.add(sound)
        utterance.rendered_s += sound.seconds
        utterance.boundaries.append(utterance.rendered_s)
        self._ticks.reset()
        self._tick()

    def _not_rendered(self, utterance: _Utterance, why: str) -> None:
        utterance.problem = why
        self.health.count("sentences not spoken")
        self.get_logger().error(why, throttle_duration_sec=10.0)

    def _all_rendered(self, utterance: _Utterance) -> None:
        if utterance not in self._queue:
            return
        utterance.pacer.complete()
        if utterance.rendered_s == 0.0:
            self._end(utterance, Speak.Result.FAILED, utterance.problem or "the text holds nothing that can be spoken")
            return
        self._ticks.reset()
        self._tick()

    def _tick(self) -> None:
        """Send what is due, and see to it that the loudspeaker answers."""
        if not self._queue:
            self._ticks.cancel()
            return
        utterance, now = self._queue[0], self._seconds()
        if utterance.stop_by is not None:
            if now > utterance.stop_by:
                self._end(utterance, Speak.Result.INTERRUPTED, "cancelled; the loudspeaker did not confirm it")
            return
        pacer = utterance.pacer
        for piece in pacer.due(now):
            chunk = AudioChunk(
                sequence=utterance.sequence,
                sample_rate=pacer.rate,
                channels=1,
                samples=array("h", piece.samples.tobytes()),
                utterance_id=utterance.id,
                last=piece.last,
            )
            chunk.header.stamp = times.to_msg(self.now())
            utterance.sequence += 1
            self._out.publish(chunk)
        while utterance.boundaries and pacer.sent_s >= utterance.boundaries[0] - 1e-6:
            utterance.boundaries.popleft()
            if utterance.task:
                utterance.task.consumed()
        self._watch(utterance, now)

    def _watch(self, utterance: _Utterance, now: float) -> None:
        pacer = utterance.pacer
        if pacer.first_sent_at is None:
            return
        if not utterance.started and now > pacer.first_sent_at + _ANSWER_S:
            self.health.warn("loudspeaker", "the body does not play what is said: is it running?")
            self._silence(utterance, "the loudspeaker does not answer")
        elif pacer.over:
            if utterance.all_sent_at is None:
                utterance.all_sent_at = now
            if now > utterance.all_sent_at + (pacer.sent_s - pacer.played_s(utterance.all_sent_at)) + _ANSWER_S:
                self._silence(utterance, "the loudspeaker did not report the end")

    def _silence(self, utterance: _Utterance, why: str) -> None:
        self._control.publish(String(data=utterance.id))
        self._end(utterance, Speak.Result.FAILED, why)

    def _on_playback(self, message: Playback) -> None:
        utterance = next((each for each in self._queue if each.id == message.utterance_id), None)
        if utterance is None:
            return
        if message.state == Playback.STARTED:
            self._started(utterance, message)
        elif message.state == Playback.FINISHED and utterance.pacer.over:
            failed = bool(utterance.problem)
            outcome = Speak.Result.FAILED if failed else Speak.Result.FINISHED
            why = f"not all of it could be spoken: {utterance.problem}" if failed else ""
            self._end(utterance, outcome, why, message.played_s)
        elif message.state == Playback.STOPPED:
            self._end(utterance, Speak.Result.INTERRUPTED, "stopped", message.played_s)

    def _started(self, utterance: _Utterance, message: Playback) -> None:
        stamp = message.stamp if times.is_set(message.stamp) else times.to_msg(self.now())
        utterance.pacer.started(times.from_msg(stamp).timestamp())
        self.health.clear("loudspeaker")
        if utterance.started:
            return  # a body that was restarted goes on with what it is sent
        utterance.started = True
        if not utterance.goal.request.confidential:
            self._captions.publish(
                Caption(stamp=stamp, utterance_id=utterance.id, locale=utterance.locale, text=utterance.text)
            )
        utterance.goal.publish_feedback(Speak.Feedback(state=Speak.Feedback.SOUNDING))

    def _end(self, utterance: _Utterance, outcome: int, message: str, played_s: float | None = None) -> None:
        self._queue.remove(utterance)
        if utterance.task:
            utterance.task.cancel()
        sounded_s = utterance.pacer.played_s(self._seconds()) if played_s is None else played_s
        goal = utterance.goal
        if goal.is_cancel_requested:
            goal.canceled()
        elif outcome == Speak.Result.FAILED:
            goal.abort()
        else:
            goal.succeed()
        names = {
            Speak.Result.FINISHED: "spoken",
            Speak.Result.INTERRUPTED: "interrupted",
            Speak.Result.FAILED: "failed",
        }
        self.health.count(names[outcome])
        self.health.values["engine restarts"] = str(self._espeak.restarts)
        utterance.over.set_result(Speak.Result(outcome=outcome, message=message, played_s=float(sounded_s)))

    def _seconds(self) -> float:
        return self.now().timestamp()


def main() -> int:
    """Run the node."""
    return run(TtsNode)


if __name__ == "__main__":
    sys.exit(main())
