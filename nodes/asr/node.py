"""The ROS shell of hearing: microphone chunks in, what the voice says out. All work is done on other threads."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from hri_msgs.msg import IdsList, LiveSpeech
from kith_msgs.msg import AudioChunk, Caption, Playback
from std_msgs.msg import Bool

from culture_profiles.errors import KithError
from nodes.asr import engines
from nodes.asr.decoder import Decoder
from nodes.asr.endpointer import Patience
from nodes.asr.gate import Gate
from nodes.asr.hearing import Event, Hearing, Speaking
from nodes.asr.intake import Arrival, Intake
from nodes.asr.listener import Listener
from nodes.asr.recogniser import Heard, Recogniser
from nodes.asr.vad import VoiceActivity
from nodes.base import graph, times
from nodes.base.audio import Pcm
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting

_SILENT_S = 1.0  # no chunk for so long: the microphone is gone
_FILLED_S = 0.5  # a gap up to this is filled with silence; a longer one ends the utterance
_HELP_LANGUAGE = "en"


@dataclass(frozen=True, kw_only=True)
class AsrSettings(Settings):
    """How the robot hears."""

    robot: str = setting("", "The robot's name, part of its voice ids; empty for a home's only robot")
    models_dir: str = setting("", "Directory of the installed models; empty: the one `kith models` installs into")
    locale: str = setting("en_GB", "Language that is spoken to the robot, for example en_GB")
    engine: str = setting("", "Recogniser; empty: the best that is installed", choices=("", "vosk", "whisper"))
    pause_s: float = setting(0.2, "Silence after which words are worked out, s", low=0.05, high=2.0)
    end_s: float = setting(0.6, "Silence that ends an utterance, s", low=0.2, high=10.0)
    unfinished_s: float = setting(1.4, "Silence that ends one that sounds unfinished, s", low=0.2, high=20.0)
    voice_threshold: float = setting(0.5, "Probability from which sound is a voice", low=0.05, high=0.95)
    tail_s: float = setting(0.35, "How long the robot's own voice rings on in the room, s", low=0.0, high=3.0)


@dataclass(eq=False)
class _Voice:
    """The publishers of one microphone session."""

    speech: Any
    speaking: Any
    is_speaking: bool = False


class AsrNode(KithNode[AsrSettings]):
    """Hears one microphone."""

    name = "asr"
    settings_type = AsrSettings

    def configure(self) -> None:
        """Open the topics, begin to load the recognisers; the node is up before they are."""
        self._intake = Intake()
        self._voice_id = ""
        self._arrived_s = 0.0
        self._voices: dict[str, _Voice] = {}
        self._decoders: list[Decoder] = []
        self._hearing: Hearing | None = None
        self._listener = Listener(lambda kind: self.post(lambda: self._failed("listening", kind)))
        self._tracked = self.publisher(graph.VOICES_TRACKED)
        self.subscription(graph.AUDIO_IN, self._on_audio)
        self.subscription(graph.AUDIO_PLAYBACK, self._on_playback)
        self.subscription(graph.CAPTIONS, self._on_caption)
        self.every(1.0, self._each_second, steady=True)
        self._closing = threading.Event()
        threading.Thread(target=self._load, args=(self._closing,), name="load", daemon=True).start()
        self.health.wait_for("recogniser")

    def deactivate(self) -> None:
        """Nobody is heard any more."""
        self._end_session()

    def cleanup(self) -> None:
        """Stop the threads."""
        if closing := getattr(self, "_closing", None):
            closing.set()
        if listener := getattr(self, "_listener", None):
            listener.close()
            for decoder in self._decoders:
                decoder.close()
            self._decoders = []
        self._hearing = None
        if hasattr(self, "_voices"):
            self._forget_voices(keep=0)
        self.health.found("recogniser")

    # Engines --------------------------------------------------------------------------------------------------------
    def _load(self, closing: threading.Event) -> None:
        """On a thread: models take up to two seconds."""
        models_dir = Path(self.settings.models_dir) if self.settings.models_dir else default_models_dir()
        locale = self.settings.locale
        recognisers: list[Recogniser] = []
        problem = ""
        try:
            chosen = engines.choose(models_dir, locale, self.settings.engine)
            if chosen:
                recognisers.append(engines.load(chosen, locale))
            else:
                problem = engines.missing(locale)
            helper = engines.choose(models_dir, _HELP_LANGUAGE)
            if helper and helper != chosen:
                recognisers.append(engines.load(helper, _HELP_LANGUAGE))
        except KithError as error:
            problem = str(error)
        if not closing.is_set():
            self.post(lambda: self._loaded(closing, recognisers, problem))

    def _loaded(self, closing: threading.Event, recognisers: list[Recogniser], problem: str) -> None:
        if closing.is_set():
            return
        self.health.found("recogniser")
        if problem:
            self.health.warn("recogniser", problem)
            self.get_logger().warning(problem)
        self.health.values["recogniser"] = (
            f"{recognisers[0].name} ({recognisers[0].language})" if not problem else "none"
        )
        self.health.values["help words heard in"] = ", ".join(each.language for each in recognisers) or "no language"
        settings = self.settings
        listener = self._listener

        def answer_of(index: int) -> Callable[[int, int, Heard], None]:
            return lambda number, request, heard: listener.put(lambda: hearing.answered(index, number, request, heard))

        self._decoders = [
            Decoder(each, answer_of(index), lambda kind: self.post(lambda: self._failed("recognition", kind)))
            for index, each in enumerate(recognisers)
        ]
        hearing = Hearing(
            VoiceActivity(),
            self._decoders,
            Gate(settings.tail_s),
            Patience(
                settings.pause_s,
                settings.end_s,
                settings.unfinished_s,
                on=settings.voice_threshold,
                off=settings.voice_threshold * 0.7,
            ),
            lambda event: self.post(lambda: self._tell(event)),
            main=not problem,
        )
        hearing.voice = self._voice_id
        self._hearing = hearing
        self.report()

    # Sound ----------------------------------------------------------------------------------------------------------
    def _on_audio(self, chunk: AudioChunk) -> None:
        arrival = self._intake.take(chunk.sequence)
        silent = self.steady_s() - self._arrived_s > _SILENT_S
        self._arrived_s = self.steady_s()
        if arrival is Arrival.LATE:
            return
        if arrival is Arrival.RESTART:
            self._end_session()
        if not self._voice_id:
            self._begin_session()
        hearing = self._hearing
        if hearing is None:
            return
        rate, channels = chunk.sample_rate, chunk.channels
        samples: Pcm = np.frombuffer(chunk.samples, np.int16)
        at = (times.from_msg(chunk.header.stamp) if times.is_set(chunk.header.stamp) else self.now()).timestamp()
        if silent or (arrival is Arrival.GAP and self._intake.missing * len(samples) > _FILLED_S * rate * channels):
            self._offer(hearing.interrupt)
        elif arrival is Arrival.GAP:
            samples = np.concatenate((np.zeros(self._intake.missing * len(samples), np.int16), samples))
        self._offer(lambda: self._listen(hearing, samples, rate, channels, at))

    def _listen(self, hearing: Hearing, samples: Pcm, rate: int, channels: int, at: float) -> None:
        try:
            hearing.sound(samples, rate, channels, at)
        except ValueError:
            text = f"the microphone sends {channels} channels at {rate} Hz, which cannot be: check the body's settings"
            self.post(lambda: self.health.error("microphone", text))

    def _offer(self, work: Callable[[], None]) -> None:
        if not self._listener.offer(work):
            self.health.count("chunks not listened to")

    def _on_playback(self, message: Playback) -> None:
        hearing = self._hearing
        if hearing is None:
            return
        at = (times.from_msg(message.stamp) if times.is_set(message.stamp) else self.now()).timestamp()
        told = hearing.robot_sounds if message.state == Playback.STARTED else hearing.robot_ends
        self._offer(lambda: told(message.utterance_id, at))

    def _on_caption(self, message: Caption) -> None:
        hearing = self._hearing
        if hearing is not None:
            self._offer(lambda: hearing.robot_says(message.utterance_id, message.text))

    # The voice ------------------------------------------------------------------------------------------------------
    def _begin_session(self) -> None:
        robot = f"{self.settings.robot}_" if self.settings.robot else ""
        self._voice_id = f"{robot}voice_{uuid4().hex[:8]}"
        topics = graph.voice_speech(self._voice_id), graph.voice_is_speaking(self._voice_id)
        self._voices[self._voice_id] = _Voice(
            *(self.create_publisher(each.type, each.name, each.qos) for each in topics)
        )
        # The one before may still have its last words worked out; older ones are silent for good.
        self._forget_voices(keep=2)
        if hearing := self._hearing:
            voice = self._voice_id
            self._offer(lambda: hearing.begin_session(voice))
        self._tell_tracked()

    def _end_session(self) -> None:
        if not self._voice_id:
            return
        if self._hearing is not None:
            self._offer(self._hearing.interrupt)
        if self._voices[self._voice_id].is_speaking:
            self._tell(Speaking(False, 0.0, self._voice_id))
        self._voice_id = ""
        self._tell_tracked()

    def _forget_voices(self, keep: int) -> None:
        for voice in list(self._voices)[: max(0, len(self._voices) - keep)]:
            old = self._voices.pop(voice)
            self.destroy_publisher(old.speech)
            self.destroy_publisher(old.speaking)

    def _tell_tracked(self) -> None:
        message = IdsList(ids=[self._voice_id] if self._voice_id else [])
        message.header.stamp = times.to_msg(self.now())
        self._tracked.publish(message)

    def _tell(self, event: Event) -> None:
        voice = self._voices.get(event.voice)
        if voice is None or not self.active:
            return
        if isinstance(event, Speaking):
            if event.speaking != voice.is_speaking:
                voice.is_speaking = event.speaking
                voice.speaking.publish(Bool(data=event.speaking))
            return
        text, empty = event.text, ""
        message = LiveSpeech(
            incremental=empty if event.final else text,
            final=text if event.final else empty,
            confidence=event.confidence,
            locale=self.settings.locale
            if event.language == engines.language_of(self.settings.locale)
            else event.language,
        )
        # When the words ended, so that whoever answers can tell how long the person has waited.
        message.header.stamp = times.to_msg(datetime.fromtimestamp(event.at, UTC))
        voice.speech.publish(message)
        if event.final:
            self.health.count("utterances")

    # Health ---------------------------------------------------------------------------------------------------------
    def _failed(self, what: str, kind: str) -> None:
        self.health.count(f"{what} failures")
        self.get_logger().warning(f"{what} failed once: {kind}", throttle_duration_sec=10.0)

    def _each_second(self) -> None:
        if self._voice_id and self.steady_s() - self._arrived_s > _SILENT_S:
            self._end_session()
        self._tell_tracked()
        if self._voice_id:
            self.health.found("audio_in")
        else:
            self.health.wait_for("audio_in")
        values, intake = self.health.values, self._intake
        values["chunks"] = str(intake.received)
        values["lost chunks"] = str(intake.lost)
        values["late chunks"] = str(intake.late)
        if self._hearing is None or not self._voice_id:
            return
        values["unintelligible"] = str(self._hearing.unintelligible)
        values["own voice"] = str(self._hearing.echoes)
        meter = self._hearing.meter.take()
        values["level_db"] = f"{meter.level_db:.0f}"
        if meter.samples:
            self.health.clear("microphone")
        if meter.samples and meter.clipped > 0.01 * meter.samples:
            self.health.warn("clipping", "the microphone is overdriven: turn its level down")
        else:
            self.health.clear("clipping")


def main() -> int:
    """Run the node."""
    return run(AsrNode)


if __name__ == "__main__":
    sys.exit(main())
