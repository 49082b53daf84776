"""Words of a whole recording: the stretches in which somebody speaks, each heard by itself."""

from collections.abc import Iterator

import numpy as np

from nodes.asr.recogniser import RATE, Heard, Recogniser, Word
from nodes.asr.vad import BLOCK, VoiceActivity
from nodes.base.audio import Mono, OffsetRemover, resample
from nodes.base.wav import Recording

_ON = 0.5
_BEFORE, _AFTER = RATE // 4, RATE // 5  # kept around a stretch: soft consonants
_PAUSE = RATE  # a shorter one is part of the stretch
_LONGEST = 25 * RATE


def stretches(samples: Mono) -> Iterator[tuple[int, int]]:
    """Where somebody speaks, as (first, last + 1) sample at 16 kHz; none longer than 25 s, none overlapping."""
    voice = VoiceActivity()
    begin = end = -1
    for at in range(0, len(samples), BLOCK):
        block = samples[at : at + BLOCK]
        if len(block) < BLOCK:
            block = np.concatenate((block, np.zeros(BLOCK - len(block), np.float32)))
        if voice(block) >= _ON:
            if begin >= 0 and (at - end > _PAUSE or at + BLOCK - begin > _LONGEST):
                yield begin, min(end + _AFTER, at)
                begin = min(end + _AFTER, at) if at - end < _BEFORE + _AFTER else at - _BEFORE
            elif begin < 0:
                begin = max(0, at - _BEFORE)
            end = at + BLOCK
    if begin >= 0:
        yield begin, min(end + _AFTER, len(samples))


def transcribe(recording: Recording, recogniser: Recogniser) -> Heard:
    """All words, their times counted from the start of the recording; nothing for silence and noise."""
    samples = OffsetRemover(RATE).push(resample(recording.samples, recording.rate, RATE))
    texts: list[str] = []
    words: list[Word] = []
    for begin, end in stretches(samples):
        utterance = recogniser.begin()
        utterance.feed(samples[begin:end])
        heard = utterance.hear(final=True)
        if not heard.text:
            continue
        offset = begin / RATE
        texts.append(heard.text)
        words.extend(
            Word(word.word, round(word.start + offset, 3), round(word.end + offset, 3), word.confidence)
            for word in heard.words
        )
    confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
    return Heard(" ".join(texts), tuple(words), round(confidence, 3))
