"""Sound to utterances, with real voices, real voice detection and the real recogniser, faster than real time."""

from collections import deque
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodes.asr import engines
from nodes.asr.endpointer import Patience
from nodes.asr.gate import Gate
from nodes.asr.hearing import Hearing, Said, Speaking
from nodes.asr.recogniser import Heard, Recogniser
from nodes.asr.recording import transcribe
from nodes.asr.unfinished import goes_on
from nodes.asr.vad import VoiceActivity
from nodes.base.audio import Pcm, chunks, resample, to_float, to_int16
from nodes.base.models import default_models_dir
from nodes.base.wav import Recording, read_wav
from nodes.tts.piper import PiperVoice

RATE = 16_000


class AtOnce:
    """A decoder without a thread: answers wait until the ear asks for them."""

    idle = True

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self.answers: deque[tuple[int, int, Heard]] = deque()
        self.open: dict[int, Any] = {}

    def feed(self, number: int, samples: Any) -> None:
        self.open.setdefault(number, self.recogniser.begin()).feed(samples)

    def hear(self, number: int, request: int, *, final: bool, hurried: bool = False) -> None:
        utterance = self.open.setdefault(number, self.recogniser.begin())
        self.answers.append((number, request, utterance.hear(final=final, hurried=hurried)))

    def drop(self, number: int) -> None:
        self.open.pop(number, None)


class Ear:
    def __init__(self, recogniser: Recogniser | None, patience: Patience | None = None) -> None:
        self.decoder = AtOnce(recogniser) if recogniser else None
        self.events: list[Any] = []
        decoders: Any = [self.decoder] if self.decoder else []
        self.hearing = Hearing(VoiceActivity(), decoders, Gate(0.35), patience or Patience(), self.events.append)
        self.at = 0.0

    def play(self, samples: Pcm, rate: int = RATE, channels: int = 1) -> "Ear":
        for chunk in chunks(samples, rate * channels):
            self.hearing.sound(chunk, rate, channels, self.at)
            self.at += len(chunk) / channels / rate
            while self.decoder and self.decoder.answers:
                self.hearing.answered(0, *self.decoder.answers.popleft())
        return self

    def silence(self, seconds: float = 2.0) -> "Ear":
        return self.play(np.zeros(round(seconds * RATE), np.int16))

    @property
    def finals(self) -> list[Said]:
        return [event for event in self.events if isinstance(event, Said) and event.final]


def voice(speaker: PiperVoice, text: str, rate: int = RATE, gain: float = 1.0, **how: float) -> Pcm:
    sound = speaker.render(text, **how)
    return to_int16(resample(to_float(sound.samples), sound.rate, rate) * gain)


def plain(text: str) -> list[str]:
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " ")
    return kept.replace("any more", "anymore").split()


SENTENCES = [
    "Good morning.",
    "I don't eat eggs any more.",
    "What do you know about me?",
    "Yes, I'm coming.",
    "Later, please.",
    "Could you call my daughter, please?",
    "I used to work on a ship.",
    "No.",
    "Yes, please.",
    "Help!",
    "Stop!",
]


def test_a_conversation_is_heard_word_for_word(speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper).silence(0.5)
    for sentence in SENTENCES:
        ear.play(voice(speaker, sentence)).silence()
    assert [plain(said.text) for said in ear.finals] == [plain(sentence) for sentence in SENTENCES]
    assert all(0.3 < said.confidence <= 1 for said in ear.finals)
    partial = [event for event in ear.events if isinstance(event, Said) and not event.final]
    assert len(partial) >= len(SENTENCES), "the words are known before the end is certain"
    talk = [event.speaking for event in ear.events if isinstance(event, Speaking)]
    assert talk == [True, False] * len(SENTENCES)


def test_the_final_tells_when_the_words_ended(speaker: PiperVoice, whisper: Recogniser) -> None:
    sound = voice(speaker, "Good morning.")
    ended = 1.0 + np.flatnonzero(np.abs(sound.astype(int)) > 300)[-1] / RATE
    ear = Ear(whisper).silence(1.0).play(sound).silence()
    assert ear.finals[0].at == pytest.approx(ended, abs=0.15)


def test_a_pause_in_the_middle_of_a_sentence_is_waited_for(speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper).silence(0.5).play(voice(speaker, "I would like")).silence(1.0)
    ear.play(voice(speaker, "to call my daughter.")).silence()
    assert [plain(said.text) for said in ear.finals] == [plain("I would like to call my daughter")]


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44_100, 2), (48_000, 4)])
def test_any_rate_and_layout(rate: int, channels: int, speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper)
    sound = np.repeat(voice(speaker, "Could you call my daughter, please?", rate), channels)
    quiet = np.zeros(rate * channels, np.int16)
    ear.play(quiet, rate, channels).play(sound, rate, channels).play(np.tile(quiet, 2), rate, channels)
    assert [plain(said.text) for said in ear.finals] == [plain("Could you call my daughter please")]


def test_soft_and_slow_voices_are_heard(speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper).silence(0.5).play(voice(speaker, "I don't eat eggs any more.", gain=0.05, length_scale=1.4))
    ear.silence()
    assert [plain(said.text) for said in ear.finals] == [plain("I don't eat eggs anymore")]


def test_what_is_no_speech_gives_no_words(whisper: Recogniser) -> None:
    random = np.random.default_rng(3)
    time = np.arange(3 * RATE) / RATE
    ear = Ear(whisper)
    ear.play((random.standard_normal(3 * RATE) * 1000).astype(np.int16))
    ear.play(np.clip(random.standard_normal(3 * RATE) * 90_000, -32768, 32767).astype(np.int16))
    ear.play((np.sin(2 * np.pi * 50 * time) * 8000).astype(np.int16))
    ear.play(np.full(2 * RATE, 20_000, np.int16))
    ear.play(np.zeros(0, np.int16)).silence()
    assert ear.finals == []


def test_an_offset_and_clipping_do_not_cost_the_words(speaker: PiperVoice, whisper: Recogniser) -> None:
    loud = np.clip(voice(speaker, "What do you know about me?").astype(int) * 4 + 4000, -32768, 32767).astype(np.int16)
    ear = Ear(whisper).play(np.full(RATE, 4000, np.int16)).play(loud).play(np.full(2 * RATE, 4000, np.int16))
    assert [plain(said.text) for said in ear.finals] == [plain("What do you know about me")]
    assert ear.hearing.meter.clipped > 100


def test_impossible_formats_are_refused_and_the_next_chunk_is_heard(speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper).silence(0.5)
    for rate, channels in ((0, 1), (RATE, 0)):
        with pytest.raises(ValueError, match="0"):
            ear.hearing.sound(np.zeros(320, np.int16), rate, channels, ear.at)
    ear.play(voice(speaker, "Good morning.")).silence()
    assert [plain(said.text) for said in ear.finals] == [["good", "morning"]]


def test_without_a_recogniser_speaking_is_still_noticed(speaker: PiperVoice) -> None:
    ear = Ear(None).silence(0.5).play(voice(speaker, "Good morning.")).silence()
    assert [event.speaking for event in ear.events] == [True, False]


def test_the_robot_interrupting_cuts_the_resident_there(speaker: PiperVoice, whisper: Recogniser) -> None:
    ear = Ear(whisper).silence(0.5).play(voice(speaker, "I used to work on a ship."))
    ear.hearing.robot_says("u", "It is time for your walk.")
    ear.hearing.robot_sounds("u", ear.at)
    ear.play(voice(speaker, "It is time for your walk.", gain=0.6))
    ear.hearing.robot_ends("u", ear.at)
    ear.silence()
    assert [plain(said.text) for said in ear.finals] == [plain("I used to work on a ship")]


def test_people_who_read_aloud_are_recognised(whisper: Recogniser) -> None:
    folder = Path("/usr/share/pocketsphinx/test/data/librivox")
    if not (folder / "transcription").is_file():
        pytest.skip("no recordings of people: Debian's package pocketsphinx-testdata is not installed")
    missed = total = 0
    for line in (folder / "transcription").read_text().splitlines():
        said, name = line.removeprefix("<s> ").split(" </s> ")
        heard = transcribe(read_wav(folder / f"{name.strip('()')}.wav"), whisper)
        wanted = plain(said.replace("mister", "mr"))
        blocks = SequenceMatcher(a=wanted, b=plain(heard.text.replace("-", " "))).get_matching_blocks()
        missed += len(wanted) - sum(block.size for block in blocks)
        total += len(wanted)
    assert total > 60
    assert missed / total < 0.12


def test_whisper_tells_a_sentence_left_off_from_a_whole_one(speaker: PiperVoice, whisper: Recogniser) -> None:
    def more_to_come(text: str) -> float:
        sound = np.concatenate((voice(speaker, text), np.zeros(RATE // 5, np.int16)))
        utterance = whisper.begin()
        utterance.feed(to_float(sound))
        cadence = utterance.hear(final=False).cadence
        assert cadence is not None
        return goes_on(cadence)

    whole = ["I do not understand you.", "What time is it?", "It is too cold in here."]
    left_off = ["We went to the market every,", "What I really,", "My daughter is,"]
    assert max(map(more_to_come, whole)) < 0.35 < min(map(more_to_come, left_off))


def test_a_recording_of_half_a_second_is_heard(speaker: PiperVoice, whisper: Recogniser) -> None:
    sound = voice(speaker, "Good morning.")
    loud = np.flatnonzero(np.abs(sound) > 200)
    short = to_float(sound[loud[0] : loud[-1]])
    assert len(short) < 0.7 * RATE
    assert plain(transcribe(Recording(short, RATE), whisper).text) == ["good", "morning"]


def test_vosk_streams_where_its_model_is_installed() -> None:
    model = engines.choose(default_models_dir(), "ko_KR", "vosk")
    if model is None:
        pytest.skip("no Vosk model is installed: `kith models install vosk-ko`")
    vosk = engines.load(model, "ko_KR")
    assert (vosk.language, vosk.streams) == ("ko", True)
    utterance = vosk.begin()
    utterance.feed(np.zeros(RATE, np.float32))
    assert utterance.hear(final=True).text == ""


def test_a_language_without_a_model_has_no_engine_and_a_damaged_model_is_named(tmp_path: Path) -> None:
    assert engines.choose(default_models_dir(), "pl_PL") is None
    assert "'pl'" in engines.missing("pl_PL")
    folder = tmp_path / "whisper-broken"
    folder.mkdir()
    (folder / "kith-model.json").write_text('{"name": "whisper-broken", "kind": "whisper", "languages": ["en"]}')
    model = engines.choose(tmp_path, "en_GB")
    with pytest.raises(Exception, match="kith models verify whisper-broken"):
        engines.load(model, "en_GB")
