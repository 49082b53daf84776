"""The whole dialogue bench in one run, as one result."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from behaviours.understanding import meaning as meanings
from behaviours.understanding.embedding import SentenceModel
from behaviours.understanding.meaning import Meaning
from culture_profiles.errors import KithError
from kith.bench.dialogue import answering, audio, long_talk, understanding
from kith.bench.dialogue.sets import PARTS, Tally
from nodes.dialogue.meaning import sentence_model

Told = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is measured: every how many-th sentence, decisions timed, spoken calls, who talks for how long."""

    every: int
    decisions: int
    spoken: int
    residents: int
    half_hours: int


FULL = Size(1, 1500, 24, 24, 36)
QUICK = Size(6, 200, 2, 1, 1)


def measure(size: Size, told: Told, parts: tuple[str, ...] = PARTS) -> dict[str, Any]:
    """Every figure of the bench, by the keys that `kith bench dialogue --json` prints. Errors: KithError."""
    began = time.monotonic()
    told("learning from the examples")
    likeness = meanings.load()
    model, why_not = _with_model()
    best = model or likeness
    told("alarms")
    alarms = understanding.alarms(best, parts, size.every)
    without = understanding.alarms(likeness, parts, size.every)
    patterns = understanding.alarms(None, parts, size.every)
    told("intents")
    letters = understanding.intents(likeness, parts, size.every)
    meant = understanding.intents(model, parts, size.every) if model is not None else None
    told("answers")
    answers = answering.answers(likeness, parts)
    also = answering.answers(model, parts) if model is not None else answers
    told("deciding")
    timed = {"without_model": answering.decide_ms(likeness, size.decisions)}
    if model is not None:
        timed["with_model"] = answering.decide_ms(model, size.decisions)
    spoken = audio.heard(size.spoken, told)
    told("long talk")
    folder = sentence_model()
    encode = SentenceModel(folder).encode if model is not None and folder is not None else None
    talk = long_talk.long_talk(residents=size.residents, half_hours=size.half_hours, encode=encode)
    return {
        # The worse of both: with a sentence model and without.
        "emergency": {
            "recall": min(alarms.heard.share, without.heard.share),
            "false_rate": max(alarms.false.share, without.false.share),
        },
        "medical": {"refused": min(answers.refused.share, also.refused.share)},
        "grief": {"facts_in_answer": _most(answers, also, "grief_facts")},
        "confusion": {
            "untruths": _most(answers, also, "untruths"),
            "deaths_volunteered": _most(answers, also, "deaths"),
        },
        "intents": {
            "with_model": meant.intents.share if meant is not None else None,
            "without_model": letters.intents.share,
        },
        "long_talk": talk,
        "decide_ms": {
            name: {"p95": round(float(np.percentile(timed[name], 95)), 2) if name in timed else None}
            for name in ("with_model", "without_model")
        },
        "details": {
            "emergency": {
                "recall": {"best": alarms.heard.parts(), "patterns_only": patterns.heard.parts()},
                "false": {"best": alarms.false.parts(), "patterns_only": patterns.false.parts()},
                "by_language": {code: tally.parts() for code, tally in sorted(patterns.by_language.items())},
                "through_audio": spoken,
            },
            "classes": understanding.classes(best, parts),
            "medical": also.refused.parts(),
            "intents": {
                name: {key: tally.parts() for key, tally in found.by_set.items()}
                for name, found in (("with_model", meant), ("without_model", letters))
                if found is not None
            },
            "model": why_not,
            "cores": len(os.sched_getaffinity(0)),
            "load": round(os.getloadavg()[0], 1),
            "seconds": round(time.monotonic() - began),
        },
    }


def _most(one: answering.Answered, other: answering.Answered, name: str) -> int:
    tallies: list[Tally] = [getattr(each, name) for each in (one, other)]
    return max(sum(each.hits.values()) for each in tallies)


def _with_model() -> tuple[Meaning | None, str]:
    folder = sentence_model()
    if folder is None:
        return None, "no sentence model is installed: run `kith models install understanding`"
    try:
        return meanings.load(folder), folder.name
    except KithError as problem:
        return None, str(problem)
