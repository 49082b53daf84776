"""The ROS shell of hearing: microphone chunks in, what the voice says out. All work is done on other threads."""

import contextlib
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from hri_msgs.msg import IdsList, LiveSpeech
from kith_msgs.msg import AudioChunk, Caption, FloorState, Occurrence, Playback, Utterance
from std_msgs.msg import Bool

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.asr import engines, persons, words
from nodes.asr.decoder import Decoder
from nodes.asr.endpointer import Patience
from nodes.asr.gate import Gate
from nodes.asr.hearing import Event, Hearing, Said, Speaking
from nodes.asr.intake import Arrival, Intake
from nodes.asr.listener import Listener
from nodes.asr.microphone import Meter
from nodes.asr.recogniser import Heard, Recogniser
from nodes.asr.vad import VoiceActivity
from nodes.base import graph, times
from nodes.base.audio import Pcm
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.profile_client import ProfileClient
from nodes.base.run import run
from nodes.base.settings import Settings, setting

_SILENT_S = 1.0  # no chunk for so long: the microphone is gone
_FILLED_S = 0.5  # a gap up to this is filled with silence; a longer one ends the utterance
_CLIPPED = 0.01  # of the samples
_OFFSET = 0.05  # of full scale
_DEAD_S = 10.0


@dataclass(frozen=True, kw_only=True)
class AsrSettings(Settings):
    """How the robot hears."""

    robot: str = setting("", "The robot's name, part of its voice ids; empty for a home's only robot")
    models_dir: str = setting("", "Directory of the installed models; empty: the one `kith models` installs into")
    locale: str = setting("en_GB", "Language that is spoken to the robot, for example en_GB")
    engine: str = setting("", "Recogniser; empty: the best that is installed", choices=("", "vosk", "whisper"))
    pause_s: float = setting(0.2, "Silence after which words are worked out, s", low=0.05, high=2.0)
    end_s: float = setting(0.5, "Silence that ends an utterance, s", low=0.2, high=10.0)
    doubtful_s: float = setting(0.8, "Silence that ends one that may be unfinished, s", low=0.2, high=10.0)
    unfinished_s: float = setting(1.6, "Silence that ends one that sounds unfinished, s", low=0.2, high=20.0)
    long_waits: bool = setting(False, "Wait long for everybody, as for somebody with aphasia")
    answer_everybody: bool = setting(False, "Answer all speech, also what is not meant for the robot")
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
        self._arrived_s = self._looked_s = self.steady_s()
        self._silent_s = self._heard_at = 0.0
        self._voices: dict[str, _Voice] = {}
        self._decoders: list[Decoder] = []
        self._hearing: Hearing | None = None
        self._listener = Listener(lambda kind: self.post(lambda: self._failed("listening", kind)))
        self._person = self._title = ""
        self._locales: Mapping[str, str] = {}
        self._profiles = ProfileClient(self, self._on_profile)
        self._tracked = self.publisher(graph.VOICES_TRACKED)
        self._utterances = self.publisher(graph.HEARING)
        self._deaf = False
        self.subscription(graph.SENSES, self._on_senses)
        self.subscription(graph.AUDIO_IN, self._on_audio)
        self.subscription(graph.AUDIO_OUT, self._on_robot_audio)
        self.subscription(graph.AUDIO_PLAYBACK, self._on_playback)
        self.subscription(graph.CAPTIONS, self._on_caption)
        self.subscription(graph.FLOOR, self._on_floor)
        self.subscription(graph.OCCURRENCES, self._on_occurrence)
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
        """On a thread: models take up to two seconds each."""
        models_dir = Path(self.settings.models_dir) if self.settings.models_dir else default_models_dir()
        own = engines.language_of(self.settings.locale)
        recognisers: list[Recogniser] = []
        problems: list[str] = []
        installed = engines.languages(models_dir)
        for language in sorted(installed, key=lambda each: each != own):
            chosen = engines.choose(models_dir, language, self.settings.engine if language == own else "")
            if chosen is None:
                continue
            try:
                recognisers += words.recognisers(chosen, language)
            except KithError as error:
                problems.append(str(error))
        if all(each.language != own for each in recognisers):
            problems.append(engines.missing(self.settings.locale))
        if not closing.is_set():
            self.post(lambda: self._loaded(closing, recognisers, "; ".join(problems)))

    def _loaded(self, closing: threading.Event, recognisers: list[Recogniser], problem: str) -> None:
        if closing.is_set():
            return
        self.health.found("recogniser")
        if problem:
            self.health.warn("recogniser", problem)
            self.get_logger().warning(problem)
        settings, listener = self.settings, self._listener

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
                settings.doubtful_s,
                settings.unfinished_s,
                on=settings.voice_threshold,
                off=settings.voice_threshold * 0.7,
            ),
            lambda event: self.post(lambda: self._tell(event)),
            languages=(),
            everybody=settings.answer_everybody,
        )
        hearing.voice = self._voice_id
        self._hearing = hearing
        self._follow()
        self.report()

    # Who speaks -----------------------------------------------------------------------------------------------------
    def _on_floor(self, message: FloorState) -> None:
        if message.person_id == self._person:
            return
        if self._person:
            self._profiles.unfollow(self._person)
        self._person = message.person_id
        if self._person:
            self._profiles.follow(self._person)
        self._follow()

    def _on_profile(self, profile: Profile, _fact: Fact | None) -> None:
        if profile.resident_id == self._person:
            self._follow()

    def _on_occurrence(self, message: Occurrence) -> None:
        """The reminder at hand: its words are likely in the answer."""
        title = message.title if message.state == Occurrence.PROMPTING else ""
        if title != self._title and (title or message.resident_id == self._person):
            self._title = title
            self._follow()

    def _follow(self) -> None:
        """Listen as whoever holds the floor speaks: in their languages, with their patience, for their names."""
        hearing = self._hearing
        if hearing is None:
            return
        profile = self._profiles.profile(self._person) if self._person else None
        speaker = persons.speaker(profile, self.settings.locale)
        heard = {each.recogniser.language for each in self._decoders if not each.recogniser.spots}
        languages = tuple(each for each in speaker.languages if each in heard)
        self._locales = speaker.locales
        person, long_waits = self._person, speaker.long_waits or self.settings.long_waits
        self._offer(lambda: hearing.listen_in(languages))
        self._offer(lambda: hearing.talk_with(person, long_waits=long_waits))
        expected = (*speaker.names, *([self._title] if self._title else []))
        for decoder in self._decoders:
            recogniser = decoder.recogniser
            words.expect(recogniser, expected)
        values = self.health.values
        values["recogniser"] = (
            ", ".join(
                f"{each.recogniser.name} ({each.recogniser.language})"
                for each in self._decoders
                if each.recogniser.language in languages and not each.recogniser.spots
            )
            or "none"
        )
        calls = sorted(each for each in heard if words.hears_help(each))
        values["help words heard in"] = ", ".join(calls) or "no language"
        deaf = [each for each in speaker.languages if each not in calls]
        values["calls for help not heard in"] = ", ".join(deaf) or "none of the languages needed here"

    # Sound ----------------------------------------------------------------------------------------------------------
    def _on_senses(self, message: Bool) -> None:
        """Somebody cares for a resident, or staff said so: nothing is heard, not even begun sentences."""
        if self._deaf == message.data:
            self._deaf = not message.data
            if self._deaf:
                self._end_session()

    def _on_audio(self, chunk: AudioChunk) -> None:
        if self._deaf:
            return
        arrival = self._intake.take(chunk.sequence)
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
        # By the sound's own time: a busy machine may bring in a burst what was said without a break.
        silent = at - self._heard_at > _SILENT_S
        self._heard_at = at + len(samples) / max(1, channels) / max(1, rate)
        if silent or (arrival is Arrival.GAP and self._intake.missing * len(samples) > _FILLED_S * rate * channels):
            self._offer(hearing.interrupt)
        elif arrival is Arrival.GAP:
            missing = self._intake.missing * len(samples)
            samples = np.concatenate((np.zeros(missing, np.int16), samples))
            at -= missing / max(1, channels) / max(1, rate)
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

    def _on_robot_audio(self, chunk: AudioChunk) -> None:
        """What the loudspeaker is sent: known sound can be taken out of what the microphone hears."""
        hearing = self._hearing
        if hearing is None:
            return
        samples: Pcm = np.frombuffer(chunk.samples, np.int16)
        at = (times.from_msg(chunk.header.stamp) if times.is_set(chunk.header.stamp) else self.now()).timestamp()
        rate, channels, last, name = chunk.sample_rate, chunk.channels, chunk.last, chunk.utterance_id

        def send() -> None:
            with contextlib.suppress(ValueError):  # the body refuses it, so it does not sound
                hearing.robot_sends(name, samples, rate, channels, at, last=last)

        self._offer(send)

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
            locale=self._locale(event.language),
        )
        # When the words ended, so that whoever answers can tell how long the person has waited.
        message.header.stamp = times.to_msg(datetime.fromtimestamp(event.at, UTC))
        if event.final:
            self._tell_utterance(event, message.header)
            self.health.count("utterances")
        voice.speech.publish(message)

    def _tell_utterance(self, said: Said, header: Any) -> None:
        message = Utterance(
            header=header,
            voice_id=said.voice,
            id=f"{said.voice}_{said.utterance}",
            continues=f"{said.voice}_{said.continues}" if said.continues else "",
            addressed=said.addressed,
            over_robot=said.over_robot,
            locales=[self._locale(language) for language in said.languages],
        )
        self._utterances.publish(message)

    def _locale(self, language: str) -> str:
        """As the person or the home writes it: en_GB; a language that nobody here is known to speak stays bare."""
        if language == engines.language_of(self.settings.locale):
            return self.settings.locale
        return self._locales.get(language, language)

    # Health ---------------------------------------------------------------------------------------------------------
    def _failed(self, what: str, kind: str) -> None:
        self.health.count(f"{what} failures")
        self.get_logger().warning(f"{what} failed once: {kind}", throttle_duration_sec=10.0)

    def _each_second(self) -> None:
        now = self.steady_s()
        # On a busy machine this falls due before the sound that waits is taken in: what it is late by is no silence.
        late_s, self._looked_s = max(0.0, now - self._looked_s - 1.0), now
        if self._voice_id and now - self._arrived_s - late_s > _SILENT_S:
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
        hearing = self._hearing
        values["unintelligible"] = str(hearing.unintelligible)
        values["own voice"] = str(hearing.echoes)
        values["not addressed"] = str(hearing.not_addressed)
        values["echo removed db"] = f"{hearing.echo_removed_db:.0f}"
        self._judge_sound(hearing.meter.take())

    def _judge_sound(self, meter: Meter) -> None:
        values = self.health.values
        values["level_db"] = f"{meter.level_db:.0f}"
        values["offset"] = f"{meter.offset:.3f}"
        if meter.samples:
            self.health.clear("microphone")
        self._silent_s = self._silent_s + 1.0 if meter.samples and meter.zeros == meter.samples else 0.0
        for name, wrong, text in (
            ("clipping", meter.clipped > _CLIPPED * meter.samples, "the microphone is overdriven: turn its level down"),
            ("offset", abs(meter.offset) > _OFFSET, "the microphone has a constant offset: it may be faulty"),
            ("silence", self._silent_s > _DEAD_S, "the microphone sends nothing but zeros: is it muted?"),
        ):
            if wrong and meter.samples:
                self.health.warn(name, text)
            else:
                self.health.clear(name)
        if meter.empty:
            self.health.count("empty chunks", meter.empty)


def main() -> int:
    """Run the node."""
    return run(AsrNode)


if __name__ == "__main__":
    sys.exit(main())
