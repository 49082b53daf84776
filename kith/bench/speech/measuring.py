"""The whole speech bench in one run, as one result."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from behaviours.phrases import phrasebook
from culture_profiles.errors import KithError
from kith.bench.speech import answering, not_addressed, own_voice, synthesis, word_errors
from kith.bench.speech.material import Voices, utterances
from kith.bench.speech.scene import ECHO_DB
from nodes.asr import engines
from nodes.base.models import default_models_dir

Told = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    utterances: int
    robot_utterances: int
    beside_television: int  # more of them
    interruptions: int
    minutes: float  # of each kind of talk that is not for the robot
    sentences: int  # for the word error rate on synthetic voices
    people: int  # recordings of people
    other_sentences: int  # of each further language that is installed
    spoken: int  # sentences through synthesis, the engine killed and hung meanwhile


FULL = Size(200, 200, 40, 40, 2.0, 40, 100, 8, 10_000)
QUICK = Size(8, 10, 1, 5, 0.15, 3, 1, 1, 200)


def measure(size: Size, told: Told) -> dict[str, Any]:
    """Every figure of the bench, by the keys that `kith bench speech --json` prints.

    Errors: KithError when the English recogniser or the residents' voice is not installed.
    """
    began = time.monotonic()
    models_dir = default_models_dir()
    model = engines.choose(models_dir, "en_GB")
    if model is None:
        raise KithError("nothing hears English here: run `kith models install`")
    recogniser = engines.load(model, "en_GB")
    voices = Voices()
    try:
        said = list(utterances(voices, size.utterances))
        answers = answering.answer(recogniser, voices, said, lambda done: told(f"answering {done + 1}/{len(said)}"))
        naive = answering.naive(model.path, voices, said) if model.kind == "whisper" else None
        triggers = own_voice.self_triggers(
            recogniser, voices, size.robot_utterances, lambda done: told(f"own voice {done + 1}")
        )
        beside = own_voice.beside_television(
            recogniser, voices, size.beside_television, lambda done: told(f"own voice, television {done + 1}")
        )
        barged = own_voice.barge_in(recogniser, voices, size.interruptions, lambda done: told(f"barge-in {done + 1}"))
        replies = not_addressed.measure(recogniser, voices, size.minutes, told)
        wer, wer_synthetic = _word_errors(size, recogniser.name, recogniser, voices, told)
    finally:
        voices.close()
    p50, p95 = _percentiles(answers.response_ms)
    return {
        "response_ms": {"p50": p50, "p95": p95, "floor": round(answering.floor_ms()), "n": len(answers.response_ms)},
        "naive_ms": {"p50": round(naive.p50_ms) if naive else None, "silence_s": naive.silence_s if naive else None},
        "cutoff_rate": round(answers.cut_off / answers.utterances, 4),
        "wer": wer,
        "wer_synthetic": wer_synthetic,
        "self_triggers": triggers + beside,
        "barge_in_ms": {"p95": _percentiles(barged.ms)[1], "n": len(barged.ms), "missed": barged.missed},
        "false_replies_per_hour": round(replies.per_hour, 1),
        "tts": asdict(synthesis.measure(size.spoken, told)),
        "details": {
            "utterances": answers.utterances,
            "cut_off_by_kind": answers.kinds_cut,
            "joined": answers.joined,
            "missed": answers.missed,
            "robot_utterances": size.robot_utterances + size.beside_television,
            "self_triggers_by_room": {"quiet": triggers, "television": beside},
            "echo_db": ECHO_DB,
            "false_replies": replies.by_kind,
            "minutes": replies.minutes,
            "people": "" if word_errors.people() else "no recordings of people: install pocketsphinx-testdata",
            "clock": "virtual; work costs its time, or its processor time where that is less",
            "took_s": round(time.monotonic() - began),
        },
    }


def _word_errors(
    size: Size, name: str, recogniser: Any, voices: Voices, told: Told
) -> tuple[dict[str, Any], dict[str, Any]]:
    """By engine and condition, on people and on synthetic voices. Engines of other languages than English are told by
    it (`vosk_ko`); of those there are no recordings of people here.
    """

    def of(engine: Any, name: str, samples: list[word_errors.Sample], who: str) -> dict[str, Any]:
        if not samples:
            return {}
        found = word_errors.measure(engine, samples, voices, lambda condition: told(f"words, {who}, {condition}"))
        return {name: {condition: asdict(rate) for condition, rate in found.items()}}

    people = of(recogniser, name, word_errors.people()[: size.people], "people")
    made = of(recogniser, name, word_errors.synthetic(voices, size.sentences), "synthetic")
    models_dir = default_models_dir()
    for language in engines.languages(models_dir):
        model = engines.choose(models_dir, language)
        if language == recogniser.language or model is None or engines.language_of(language) not in _spoken():
            continue
        other = engines.load(model, language)
        samples = word_errors.machine(voices, size.other_sentences, language)
        made |= of(other, f"{other.name}_{language}", samples, language)
    return people, made


def _spoken() -> set[str]:
    """Languages in which there is something to say."""
    return {engines.language_of(locale) for locale, _, _ in phrasebook().templates()}


def _percentiles(values: list[float]) -> tuple[int | None, int | None]:
    if not values:
        return None, None
    p50, p95 = np.percentile(values, [50, 95])
    return round(float(p50)), round(float(p95))
