"""The hearing node as a process: microphone chunks in, LiveSpeech out, never its own voice."""

import signal
import time
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from kith_msgs.msg import AudioChunk, Caption, Playback

from nodes.base import graph
from nodes.base.audio import Pcm, chunks, resample, to_float, to_int16
from nodes.tts.piper import PiperVoice


class Microphone:
    """Sends sound in real time, as a body does, and listens to what becomes of it."""

    def __init__(self, peer: Any, rate: int = 16_000, channels: int = 1) -> None:
        self.peer, self.rate, self.channels = peer, rate, channels
        self.sequence = 0
        self.out = peer.publisher(graph.AUDIO_IN)
        self.tracked = peer.listen(graph.VOICES_TRACKED)
        self.diagnostics = peer.listen(graph.DIAGNOSTICS)
        self.speech: list[Any] = []
        self.speaking: list[Any] = []
        self.voice = ""

    def health(self) -> dict[str, str]:
        known = [status for message in self.diagnostics for status in message.status if status.name == "asr"]
        if not known:
            return {}
        return {"message": known[-1].message, **{value.key: value.value for value in known[-1].values}}

    def open(self) -> None:
        """Silence, until the node has loaded its engine and tells a voice."""
        self.peer.until(lambda: "recogniser" in self.health(), "the recogniser")
        self.find_voice()

    def find_voice(self) -> None:
        def found() -> bool:
            self.silence(0.1)
            return bool(self.tracked and self.tracked[-1].ids and self.tracked[-1].ids[0] != self.voice)

        self.peer.until(found, "a voice")
        self.voice = self.tracked[-1].ids[0]
        self.returned = 0
        self.speech = self.peer.listen(graph.voice_speech(self.voice))
        self.speaking = self.peer.listen(graph.voice_is_speaking(self.voice))
        topic = graph.voice_speech(self.voice).name
        self.peer.until(lambda: self.peer.node.count_publishers(topic), "the voice's topic")
        self.silence(0.6)

    def silence(self, seconds: float) -> None:
        self.play(np.zeros(round(seconds * self.rate), np.int16))

    def play(self, mono: Pcm, lose: Callable[[int], bool] = lambda _: False) -> None:
        """`mono` at this microphone's rate, the same on each channel."""
        interleaved = np.repeat(mono, self.channels)
        due = time.monotonic()
        for chunk in chunks(interleaved, self.rate * self.channels):
            if not lose(self.sequence):
                self.send(chunk)
            self.sequence += 1
            due += 0.02
            while True:
                self.peer.executor.spin_once(timeout_sec=max(0.0, due - time.monotonic()))
                if time.monotonic() >= due:
                    break

    def send(self, chunk: Pcm, **fields: Any) -> None:
        message = AudioChunk(
            **{
                "sequence": self.sequence,
                "sample_rate": self.rate,
                "channels": self.channels,
                "samples": array("h", chunk.tobytes()),
                **fields,
            }
        )
        message.header.stamp = self.now()
        self.out.publish(message)

    def now(self) -> Time:
        return self.peer.node.get_clock().now().to_msg()

    def say(self, speaker: PiperVoice, text: str, gain: float = 1.0) -> None:
        sound = speaker.render(text)
        self.play(to_int16(resample(to_float(sound.samples), sound.rate, self.rate) * gain))

    def finals(self) -> list[str]:
        return [message.final for message in self.speech if message.final]

    def wait_final(self) -> Any:
        """The next final message that was not yet returned."""
        deadline = time.monotonic() + 20
        while len(self.finals()) <= self.returned:
            assert time.monotonic() < deadline, f"nothing was understood: {self.health()}"
            self.silence(0.1)
        self.returned += 1
        return [message for message in self.speech if message.final][self.returned - 1]


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").replace(
        "any more", "anymore"
    )


@pytest.fixture
def microphone(run_node: Any, peer: Any) -> Microphone:
    run_node("nodes.asr.node")
    made = Microphone(peer)
    made.open()
    return made


def test_what_is_said_arrives_word_for_word(microphone: Microphone, speaker: PiperVoice) -> None:
    microphone.say(speaker, "Could you call my daughter, please?")
    ended = time.time()
    message = microphone.wait_final()
    assert _plain(message.final) == "could you call my daughter please"
    assert message.locale == "en_GB"
    assert 0.5 < message.confidence <= 1.0
    stamp = message.header.stamp.sec + message.header.stamp.nanosec / 1e9
    assert abs(stamp - ended) < 0.5, "the stamp tells when the words ended"
    assert [each.data for each in microphone.speaking] == [True, False]


def test_a_robots_microphone_with_four_channels_at_48_khz(run_node: Any, peer: Any, speaker: PiperVoice) -> None:
    run_node("nodes.asr.node")
    microphone = Microphone(peer, 48_000, 4)
    microphone.open()
    microphone.say(speaker, "Could you call my daughter, please?")
    assert _plain(microphone.wait_final().final) == "could you call my daughter please"


def test_silence_noise_offset_clipping_and_empty_chunks_give_no_words(microphone: Microphone) -> None:
    noise = np.random.default_rng(7).standard_normal(16_000)
    microphone.play((noise * 2500).astype(np.int16))
    microphone.play(np.clip(noise * 60_000, -32768, 32767).astype(np.int16))
    microphone.play(np.full(16_000, 12_000, np.int16))
    microphone.send(np.zeros(0, np.int16))
    microphone.send(np.zeros(7, np.int16), channels=0)
    microphone.send(np.zeros(7, np.int16), sample_rate=0)
    microphone.silence(1.5)
    assert microphone.finals() == []
    assert "listening failures" not in microphone.health()


def test_lost_and_late_chunks_are_counted_and_words_survive(microphone: Microphone, speaker: PiperVoice) -> None:
    sound = speaker.render("What do you know about me?")
    mono = to_int16(resample(to_float(sound.samples), sound.rate, 16_000))
    first = microphone.sequence
    microphone.play(mono, lose=lambda number: number in (first + 12, first + 30))
    microphone.send(mono[:320], sequence=microphone.sequence - 3)
    assert _plain(microphone.wait_final().final) == "what do you know about me"

    def counted() -> bool:
        microphone.silence(0.1)
        health = microphone.health()
        return (health["lost chunks"], health["late chunks"]) == ("2", "1")

    microphone.peer.until(counted, "two lost chunks and a late one")


def test_a_microphone_unplugged_in_mid_sentence_is_a_new_voice_afterwards(
    microphone: Microphone, speaker: PiperVoice
) -> None:
    first, first_speech = microphone.voice, microphone.speech
    sound = speaker.render("Could you call my daughter, please?")
    microphone.play(to_int16(resample(to_float(sound.samples), sound.rate, 16_000))[:16_000])
    peer = microphone.peer
    peer.until(lambda: not microphone.tracked[-1].ids, "the voice to be gone")
    peer.until(lambda: not microphone.speaking[-1].data, "the voice to be silent")
    microphone.sequence = 0
    microphone.find_voice()
    assert microphone.voice != first
    microphone.say(speaker, "Good morning.")
    assert _plain(microphone.wait_final().final) == "good morning"
    assert [_plain(message.final)[:10] for message in first_speech if message.final] == ["could you "]


def test_a_busy_moment_ends_no_sentence(run_node: Any, peer: Any, speaker: PiperVoice) -> None:
    node = run_node("nodes.asr.node")
    microphone = Microphone(peer)
    microphone.open()
    sound = speaker.render("Could you call my daughter, please?")
    mono = to_int16(resample(to_float(sound.samples), sound.rate, 16_000))
    microphone.play(mono[:8_000])
    node.process.send_signal(signal.SIGSTOP)
    try:
        microphone.play(np.concatenate((mono[8_000:], np.zeros(max(0, 30_400 - len(mono)), np.int16)))[:22_400])
    finally:
        node.process.send_signal(signal.SIGCONT)
    microphone.play(mono[30_400:])
    assert _plain(microphone.wait_final().final) == "could you call my daughter please"
    assert microphone.tracked[-1].ids == [microphone.voice]


class Robot:
    """The robot's loudspeaker, as the gate sees it."""

    def __init__(self, microphone: Microphone) -> None:
        self.microphone = microphone
        self.playback = microphone.peer.publisher(graph.AUDIO_PLAYBACK)
        self.captions = microphone.peer.publisher(graph.CAPTIONS)
        microphone.peer.until(self.playback.get_subscription_count, "the gate")
        microphone.peer.until(self.captions.get_subscription_count, "the gate")

    def begins(self, text: str) -> None:
        now = self.microphone.now()
        self.captions.publish(Caption(stamp=now, utterance_id="u1", locale="en_GB", text=text))
        self.playback.publish(Playback(stamp=now, utterance_id="u1", state=Playback.STARTED))

    def ends(self) -> None:
        self.playback.publish(
            Playback(stamp=self.microphone.now(), utterance_id="u1", state=Playback.FINISHED, played_s=1.0)
        )


def test_its_own_voice_is_not_heard_and_an_answer_right_after_it_is(
    microphone: Microphone, speaker: PiperVoice
) -> None:
    robot = Robot(microphone)
    text = "Good morning, Mr Sato. Shall I stop the music, or wait?"
    robot.begins(text)
    microphone.say(speaker, text, gain=0.5)
    robot.ends()
    microphone.silence(0.2)
    microphone.say(speaker, "Later, please.")
    assert _plain(microphone.wait_final().final) == "later please"
    microphone.silence(1.5)
    assert len(microphone.finals()) == 1


def test_stop_gets_through_while_the_robot_sounds(microphone: Microphone, speaker: PiperVoice) -> None:
    robot = Robot(microphone)
    robot.begins("Your daughter will visit you on Sunday afternoon, and she will bring a cake.")
    microphone.silence(0.3)
    microphone.say(speaker, "Stop! Please stop.")
    assert microphone.wait_final().final == "stop"
    microphone.silence(0.5)
    robot.ends()


def test_without_a_model_it_says_typed_text_only(run_node: Any, peer: Any, tmp_path: Any) -> None:
    node = run_node("nodes.asr.node", models_dir=tmp_path)
    microphone = Microphone(peer)
    health = peer.until(
        lambda: "typed text only" in microphone.health().get("message", "") and microphone.health(), "it"
    )
    assert health["recogniser"] == "none"
    assert health["help words heard in"] == "no language"
    assert node.stop()[0] == 0


def test_calls_for_help_in_english_are_heard_whatever_the_language(
    run_node: Any, peer: Any, speaker: PiperVoice
) -> None:
    run_node("nodes.asr.node", locale="pl_PL")
    microphone = Microphone(peer)
    microphone.open()
    assert "typed text only" in microphone.health()["message"]
    microphone.say(speaker, "Help! I fell down.")
    message = microphone.wait_final()
    assert (message.final, message.locale) in (("help", "en"), ("i fell", "en"))
    microphone.say(speaker, "The weather is lovely today.")
    microphone.silence(2.0)
    assert set(microphone.finals()) <= {"help", "i fell"}, "nothing but the call"


def test_it_stops_cleanly_with_its_threads(run_node: Any, peer: Any, speaker: PiperVoice) -> None:
    node = run_node("nodes.asr.node")
    microphone = Microphone(peer)
    microphone.open()
    microphone.say(speaker, "Good morning.")
    code, said = node.stop()
    assert code == 0
    assert "Traceback" not in said
    assert "leaked" not in said
