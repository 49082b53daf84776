"""Word error rate of each installed recogniser, on people and on synthetic voices, in clean and in bad sound."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from behaviours.phrases import phrasebook
from kith.bench.speech.material import RATE, Voices, lines, loud, robot_sentences, through_room
from nodes.asr.recogniser import Recogniser
from nodes.asr.recording import transcribe
from nodes.base.audio import Pcm, resample, to_float, to_int16
from nodes.base.wav import Recording, read_wav

PEOPLE = Path("/usr/share/pocketsphinx/test/data/librivox")
CONDITIONS = ("clean", "room_noise_10db", "television_10db", "attenuated_20db", "slowed")
_DRAWS = 1000
_SLOWER = 1.4
_ALIKE = (("any more", "anymore"), ("mister", "mr"), ("okay", "ok"), ("mrs.", "mrs"))


@dataclass(frozen=True)
class Sample:
    """Something said, and what: mono at 16 kHz."""

    text: str
    sound: Pcm


@dataclass(frozen=True)
class Rate:
    """`n`: recordings, `words`: in them. `value`: errors per word; `low` and `high`: its 95% bootstrap interval."""

    n: int
    words: int
    value: float
    low: float
    high: float


def people() -> list[Sample]:
    """The recordings of people that Debian's pocketsphinx-testdata brings; none where it is not installed."""
    listed = PEOPLE / "transcription"
    if not listed.is_file():
        return []
    found = []
    for line in listed.read_text().splitlines():
        said, name = line.removeprefix("<s> ").split(" </s> ")
        recording = read_wav(PEOPLE / f"{name.strip('()')}.wav")
        found.append(Sample(said, to_int16(resample(recording.samples, recording.rate, RATE))))
    return found


def synthetic(voices: Voices, count: int) -> list[Sample]:
    """Residents' sentences in their voices."""
    listed = lines("utterances")
    texts = [text.replace("| ", "") for kind in ("plain", "hesitating") for text in listed[kind]]
    step = max(1, len(texts) // count)
    return [Sample(text, voices.resident(text, place)) for place, text in enumerate(texts[::step][:count])]


def machine(voices: Voices, count: int, language: str) -> list[Sample]:
    """The robot's phrases in another language, in its own mechanical voice: there is no better one to test with."""
    texts = robot_sentences(10 * count, language)[::10]
    locale = phrasebook().locale_for(language)
    return [Sample(text, voices.someone(text, 1.0, 130.0, locale)) for text in texts]


def measure(
    recogniser: Recogniser, samples: list[Sample], voices: Voices, told: Callable[[str], None]
) -> dict[str, Rate]:
    """Every condition of `CONDITIONS`."""
    television = _television(voices)
    found = {}
    for condition in CONDITIONS:
        told(condition)
        counts = [_errors(recogniser, sample, condition, television, place) for place, sample in enumerate(samples)]
        found[condition] = rate([errors for errors, _ in counts], [words for _, words in counts])
    return found


def rate(errors: list[int], words: list[int], seed: int = 1) -> Rate:
    """Errors per word over recordings, and how much that would vary with other recordings like these."""
    wrong, total = np.array(errors), np.array(words)
    drawn = np.random.default_rng(seed).integers(0, len(wrong), (_DRAWS, len(wrong)))
    rates = wrong[drawn].sum(axis=1) / np.maximum(1, total[drawn].sum(axis=1))
    low, high = np.percentile(rates, [2.5, 97.5])
    value = float(wrong.sum() / max(1, total.sum()))
    return Rate(len(errors), int(total.sum()), round(value, 4), round(float(low), 4), round(float(high), 4))


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Words to insert, delete or replace to get from one to the other, and the words said."""
    wanted, got = _plain(said), _plain(heard)
    row = list(range(len(got) + 1))
    for index, word in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1], len(wanted)


def _plain(text: str) -> list[str]:
    text = text.lower().replace("’", "'").replace("-", " ")
    for written, other in _ALIKE:
        text = text.replace(written, other)
    return re.sub(r"[^\w' ]+", "", text).split()


def _errors(
    recogniser: Recogniser, sample: Sample, condition: str, television: Iterator[Pcm], seed: int
) -> tuple[int, int]:
    sound = sample.sound
    if condition == "room_noise_10db":
        sound = _with(sound, _room_noise(len(sound), seed), 10.0)
    elif condition == "television_10db":
        sound = _with(sound, _enough(television, len(sound)), 10.0)
    elif condition == "attenuated_20db":
        sound = to_int16(to_float(sound) * 0.1)
    elif condition == "slowed":
        sound = slowed(sound, _SLOWER)
    return word_errors(sample.text, transcribe(Recording(to_float(sound), RATE), recogniser).text)


def _with(sound: Pcm, noise: Pcm, decibels: float) -> Pcm:
    """`noise` so much softer than the speech."""
    wanted = loud(sound) / 10 ** (decibels / 20)
    there = float(np.sqrt(np.mean(np.square(to_float(noise))))) or 1.0
    return to_int16(to_float(sound) + to_float(noise) * (wanted / there))


def _room_noise(length: int, seed: int) -> Pcm:
    """Noise whose power falls with frequency, as ventilation and traffic sound indoors."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(length))
    shaped = np.fft.irfft(spectrum / np.sqrt(np.maximum(1.0, np.arange(len(spectrum)))), length)
    return to_int16((shaped / np.abs(shaped).max() * 0.3).astype(np.float32))


def _television(voices: Voices) -> Iterator[Pcm]:
    said, number = lines("others")["television"], 0
    while True:
        yield through_room(voices.someone(said[number % len(said)], 0.7 + 0.25 * (number % 3), 175.0), 0.0, near=False)
        number += 1


def _enough(sounds: Iterator[Pcm], length: int) -> Pcm:
    parts: list[Pcm] = []
    while sum(len(part) for part in parts) < length:
        parts.append(next(sounds))
    return np.concatenate(parts)[:length]


def slowed(sound: Pcm, factor: float) -> Pcm:
    """Speech so many times as long at the same pitch: pieces of 30 ms laid over each other where they fit best (WSOLA,
    W. Verhelst, M. Roelands, ICASSP 1993).
    """
    size, reach = 480, 160
    step = size // 2
    window = np.hanning(size).astype(np.float32)
    padded = np.concatenate((np.zeros(reach, np.float32), to_float(sound), np.zeros(size + 2 * reach, np.float32)))
    length = round(len(sound) * factor)
    made = np.zeros(length + size, np.float32)
    follows = padded[reach : reach + size]
    for at in range(0, length, step):
        about = round(at / factor)
        near = padded[about : about + size + 2 * reach]
        if len(near) < size + 2 * reach:
            break
        best = int(np.argmax(np.correlate(near, follows, "valid")))
        piece = near[best : best + size]
        made[at : at + size] += piece * window
        start = about + best + step
        follows = padded[start : start + size]
        if len(follows) < size:
            break
    return to_int16(made[:length])
