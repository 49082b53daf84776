"""The ROS shell of speaking: the action `speak`, paced sound to the loudspeaker, captions when it sounds."""

import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
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
from nodes.base.profile_client import ProfileClient
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.tts.clean import clean
from nodes.tts.espeak import ESpeak
from nodes.tts.mouth import Chunk, Ended, Heard, Mouth, Outcome, Utterance
from nodes.tts.piper import Piper
from nodes.tts.reading import japanese
from nodes.tts.reading.words import read
from nodes.tts.rendering import Renderer
from nodes.tts.sentence import Wording
from nodes.tts.synthesiser import Manner, Synthesiser

_HEARD = {Playback.STARTED: Heard.STARTED, Playback.FINISHED: Heard.FINISHED, Playback.STOPPED: Heard.STOPPED}
_OUTCOMES = {
    Outcome.FINISHED: Speak.Result.FINISHED,
    Outcome.INTERRUPTED: Speak.Result.INTERRUPTED,
    Outcome.FAILED: Speak.Result.FAILED,
}
_PRONUNCIATION = "pronunciation"


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
        2.0, "A sentence that takes longer to render restarts the engine, s", low=0.5, high=60.0
    )


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
        self._mouth = Mouth(
            self._renderer, self._from_renderer, self._seconds, self._send, self._silence, self._trouble
        )
        self._speaking: dict[bytes, Utterance] = {}
        self._profiles = ProfileClient(self)
        self._addressed = ""
        self._out = self.publisher(graph.AUDIO_OUT)
        self._control = self.publisher(graph.AUDIO_CONTROL)
        self._captions = self.publisher(graph.CAPTIONS)
        self.subscription(graph.AUDIO_PLAYBACK, self._on_playback)
        self.subscription(graph.FLOOR, self._on_floor)
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
        self._mouth.hush("the voice was switched off")

    def cleanup(self) -> None:
        """End the engine's process."""
        if renderer := getattr(self, "_renderer", None):
            renderer.close()

    def _greet(self) -> None:
        """On the rendering thread: starts the engine, so that the first sentence need not wait for it."""
        read("10:30", self.settings.locale)  # loads how the language is read
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
        over = Future(executor=self.executor)
        locale = request.locale or self.settings.locale
        utterance_id = request.utterance_id or uuid4().hex

        def ended(how: Ended) -> None:
            self._speaking.pop(bytes(goal.goal_id.uuid), None)
            self._tell(goal, how)
            over.set_result(
                Speak.Result(outcome=_OUTCOMES[how.outcome], message=how.message, played_s=float(how.played_s))
            )

        def started(at: float) -> None:
            stamp = times.to_msg(datetime.fromtimestamp(at, UTC))
            if not request.confidential:
                self._captions.publish(
                    Caption(stamp=stamp, utterance_id=utterance_id, locale=locale, text=clean(request.text))
                )
            goal.publish_feedback(Speak.Feedback(state=Speak.Feedback.SOUNDING))

        utterance = Utterance(
            utterance_id,
            request.text,
            # 0 is what an unset field holds; a robot that speaks at volume 0 serves nobody.
            Manner(
                locale,
                rate=request.rate or self.settings.rate,
                pitch=request.pitch or 1.0,
                volume=request.volume or self.settings.volume,
            ),
            ended,
            started,
            Wording(self._pronunciations(), private=request.confidential),
        )
        self._speaking[bytes(goal.goal_id.uuid)] = utterance
        goal.publish_feedback(Speak.Feedback(state=Speak.Feedback.RENDERING))
        self._mouth.say(utterance)
        if self._mouth.busy:
            self._ticks.reset()
        if japanese.has_kanji(request.text) and locale.startswith("ja") and not japanese.can_read():
            self.health.warn("kanji", "Japanese kanji cannot be read aloud: install sudachipy and sudachidict_small")
        return await over

    def _tell(self, goal: Any, how: Ended) -> None:
        if goal.is_cancel_requested:
            goal.canceled()
        elif how.outcome is Outcome.FAILED:
            goal.abort()
        else:
            goal.succeed()
        self.health.count(how.outcome.value)
        self.health.values["engine restarts"] = str(self._espeak.restarts)

    def _on_cancel(self, goal: Any) -> CancelResponse:
        key = bytes(goal.goal_id.uuid)
        self.post(lambda: self._mouth.cancel(self._speaking[key]) if key in self._speaking else None)
        return CancelResponse.ACCEPT

    # Whom it speaks to ----------------------------------------------------------------------------------------------
    def _on_floor(self, message: Any) -> None:
        if message.person_id == self._addressed:
            return
        if self._addressed:
            self._profiles.unfollow(self._addressed)
        self._addressed = message.person_id
        if self._addressed:
            self._profiles.follow(self._addressed)

    def _pronunciations(self) -> dict[str, str]:
        """How the person who is spoken to wants names and words said; never logged."""
        profile = self._profiles.profile(self._addressed) if self._addressed else None
        pairs = [value.partition("=") for value in profile.values(_PRONUNCIATION)] if profile else []
        return {written.strip(): said.strip() for written, _, said in pairs if written.strip() and said.strip()}

    # Sound ----------------------------------------------------------------------------------------------------------
    def _from_renderer(self, work: Callable[[], None]) -> None:
        def done() -> None:
            work()
            if self._mouth.busy:
                self._ticks.reset()

        self.post(done)

    def _tick(self) -> None:
        self._mouth.tick()
        if not self._mouth.busy:
            self._ticks.cancel()

    def _send(self, chunk: Chunk) -> None:
        message = AudioChunk(
            sequence=chunk.sequence,
            sample_rate=chunk.rate,
            channels=1,
            samples=array("h", chunk.piece.samples.tobytes()),
            utterance_id=chunk.utterance_id,
            last=chunk.piece.last,
        )
        message.header.stamp = times.to_msg(self.now())
        self._out.publish(message)

    def _silence(self, utterance_id: str) -> None:
        self._control.publish(String(data=utterance_id))

    def _trouble(self, subject: str, line: str) -> None:
        if subject == "sentence":
            self.health.count("sentences not spoken")
            self.get_logger().error(line, throttle_duration_sec=10.0)
        elif line:
            self.health.warn(subject, line)
        else:
            self.health.clear(subject)

    def _on_playback(self, message: Playback) -> None:
        stamp = message.stamp if times.is_set(message.stamp) else times.to_msg(self.now())
        at = times.from_msg(stamp).timestamp()
        if state := _HEARD.get(message.state):
            self._mouth.heard(message.utterance_id, state, at, message.played_s)

    def _seconds(self) -> float:
        return self.now().timestamp()


def main() -> int:
    """Run the node."""
    return run(TtsNode)


if __name__ == "__main__":
    sys.exit(main())
