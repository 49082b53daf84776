"""How like an utterance is to the examples: a linear classifier over pieces of words and, with a model, meaning.

Ridge regression on one column per label, solved in its dual form (n examples, fewer than features). Pieces of three and
four letters stay alike when a recogniser mishears a word (Cavnar and Trenkle, N-gram-based text categorization, 1994).
"""

import hashlib
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from behaviours.understanding.prototypes import Prototypes

Floats = NDArray[np.float32]
PIECES: Final = 8192
"""Hashed features of the letters and words."""
_LONGEST: Final = 300  # characters looked at
_RIDGE: Final = 0.6
_EMBEDDING_WEIGHT: Final = 1.5
_KIND_WEIGHT: Final = 1.0
_HEARD: Final = (3, 4, 5)
_HEARD_WEIGHT: Final = 0.35
_SOUNDS: Final = str.maketrans("bdgcqvzjxmwy", "ptkkkfssknua", "h")
_VOWELS: Final = re.compile("[aeiou]+")
_TWICE: Final = re.compile(r"(.)\1+")
_FORMAT: Final = "4"  # of the cached file and of the features: change it with either


def as_heard(text: str) -> str:
    """Sounds that are taken for each other as one letter, and no gaps between words: "turnit ub" is "turn it up"."""
    sounds = "".join(text.split()).translate(_SOUNDS)
    return _VOWELS.sub("a", _TWICE.sub(r"\1", sounds))


def pieces(text: str, kinds: Mapping[str, str]) -> tuple[NDArray[np.int64], Floats]:
    """Words, neighbouring words and three and four letters in a row: their numbers and how often (square root).

    `kinds`: words by what they stand for; "is arthur dying" is also "is <name> dying", whoever is asked about.
    """
    text = text[:_LONGEST]
    words = text.split()
    counts: dict[str, float] = defaultdict(float)
    for word in words:
        counts["w" + word] += 1.0
    for before, after in zip(["^", *words], [*words, "$"], strict=True):
        counts[f"b{before} {after}"] += 1.0
    meant = [kinds.get(word, word) for word in words]
    if meant != words:
        for place in range(len(meant) - 1):
            for length in (2, 3):
                run = meant[place : place + length]
                if len(run) == length and run != words[place : place + length]:
                    counts["k" + " ".join(run)] += _KIND_WEIGHT
        for kind in set(meant) - set(words):
            counts["k" + kind] += _KIND_WEIGHT
    padded = f" {text} "
    for length in (3, 4):
        for place in range(len(padded) - length + 1):
            counts[padded[place : place + length]] += 0.5
    counts[f"L{min(len(words), 8)}"] += 0.5
    heard = f"^{as_heard(text)}$"
    for length in _HEARD:
        for place in range(len(heard) - length + 1):
            counts["h" + heard[place : place + length]] += _HEARD_WEIGHT
    found: dict[int, float] = {}
    for piece, count in counts.items():
        number = zlib.crc32(piece.encode()) % PIECES
        found[number] = found.get(number, 0.0) + count**0.5
    return np.fromiter(found, np.int64, len(found)), np.fromiter(found.values(), np.float32, len(found))


@dataclass(frozen=True)
class Likeness:
    """The trained classifier. `weights`: features x labels; the first `PIECES` rows are for pieces of the words."""

    labels: tuple[str, ...]
    rarity: Floats
    weights: Floats
    kinds: Mapping[str, str]

    @property
    def with_meaning(self) -> bool:
        """Whether it expects an embedding beside the words."""
        return len(self.weights) > PIECES

    def scores(self, text: str, embedding: Floats | None = None) -> Floats:
        """How much the text is like each label: about 1 for an example of it, about 0 for anything else."""
        numbers, counts = pieces(text, self.kinds)
        values = counts * self.rarity[numbers]
        length = max(float(np.linalg.norm(values)), 1e-6)
        found = (values @ self.weights[numbers]) / length
        if embedding is not None and self.with_meaning:
            found = found + (embedding @ self.weights[PIECES:]) * _EMBEDDING_WEIGHT
        return np.asarray(found, np.float32)

    def save(self, path: Path) -> None:
        """Write it to a file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, labels=np.array(self.labels), rarity=self.rarity, weights=self.weights)
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path, kinds: Mapping[str, str]) -> "Likeness":
        """From a file; `kinds` as it was trained. Errors: OSError, ValueError, KeyError: none, or damaged."""
        with np.load(path, allow_pickle=False) as content:
            return cls(tuple(content["labels"].tolist()), content["rarity"], content["weights"], kinds)


def fit(examples: Prototypes, embeddings: Floats | None = None) -> Likeness:
    """Train on example sentences; `embeddings`: one row each, unit length. Takes seconds."""
    labels = examples.labels
    count = len(examples.sentences)
    rows = np.zeros((count, PIECES), np.float32)
    for row, sentence in zip(rows, examples.sentences, strict=True):
        numbers, values = pieces(sentence.text, examples.kinds)
        row[numbers] = values
    often_seen = (rows > 0).sum(axis=0)
    rarity: Floats = np.log((1 + count) / (1 + often_seen)).astype(np.float32)
    rows *= rarity
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    if embeddings is not None:
        rows = np.concatenate([rows, embeddings * np.float32(_EMBEDDING_WEIGHT)], axis=1)
    wanted = np.zeros((count, len(labels)), np.float32)
    place = {label: number for number, label in enumerate(labels)}
    often = Counter(each.label for each in examples.sentences)
    weight = np.empty((count, 1), np.float32)
    for number, each in enumerate(examples.sentences):
        wanted[number, place[each.label]] = 1.0
        weight[number] = often[each.label] ** -0.25  # a label with many examples is not likelier for that
    weight /= weight.mean()
    rows *= weight
    kernel = rows @ rows.T
    kernel[np.diag_indices(count)] += _RIDGE
    weights: Floats = rows.T @ np.linalg.solve(kernel, wanted * weight)
    return Likeness(labels, rarity, weights.astype(np.float32), examples.kinds)


def digest(examples: Prototypes, model: str) -> str:
    """Names one training: other examples, another model or other features have another name."""
    kinds = (f"{word}={kind}" for word, kind in sorted(examples.kinds.items()))
    content = "\n".join((_FORMAT, model, *kinds, *(f"{each.label}\t{each.text}" for each in examples.sentences)))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
