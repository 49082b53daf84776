"""What an utterance is most like: the second layer of understanding, beside the patterns. It adds, never takes away."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from platformdirs import user_cache_path

from behaviours.understanding import likeness
from behaviours.understanding.embedding import SentenceModel
from behaviours.understanding.likeness import Likeness
from behaviours.understanding.prototypes import ORDINARY, Prototypes, prototypes

_INTENT, _SAFETY = "intent:", "safety:"


@dataclass(frozen=True)
class Guess:
    """How much an utterance is like each intent, each safety class and ordinary talk, from about 0 to about 1."""

    scores: Mapping[str, float]
    core: str
    language: str

    @cached_property
    def best(self) -> str:
        """The likeliest label."""
        return max(self.scores, key=lambda label: self.scores[label])

    def intent(self, name: str) -> float:
        """How much it is like this intent; 0 for an intent without examples."""
        return self.scores.get(_INTENT + name, 0.0)

    def safety(self, name: str) -> float:
        """How much it is like this safety class, whichever kind of it."""
        return self.scores.get(self.safety_label(name), 0.0)

    def safety_label(self, name: str) -> str:
        """The likeliest label of this safety class, such as `safety:privacy.others`."""
        labels = [each for each in self.scores if each.removeprefix(_SAFETY).split(".")[0] == name]
        return max(labels, key=lambda label: self.scores[label], default=_SAFETY + name)

    @property
    def ordinary(self) -> float:
        """How much it is like talk that asks for nothing."""
        return self.scores.get(ORDINARY, 0.0)


class Meaning:
    """Likens utterances to the example sentences: by their letters, and by a sentence model where there is one."""

    def __init__(self, trained: Mapping[str, Likeness], model: SentenceModel | None = None) -> None:
        self._trained = trained
        self._examples = prototypes()
        self._model = model

    @property
    def with_model(self) -> bool:
        """Whether a sentence model takes part."""
        return self._model is not None

    def core(self, normalised: str, language: str) -> str:
        """The utterance without politeness around it."""
        examples = self._examples.get(language)
        return examples.core(normalised) if examples is not None else normalised

    def fillers_left_out(self, parts: list[str], language: str) -> list[str]:
        """The clauses that say something; all of them where none does."""
        examples = self._examples.get(language)
        if examples is None:
            return parts
        return [each for each in parts if each not in examples.before and each not in examples.after] or parts

    def guess(self, normalised: str, language: str) -> Guess | None:
        """What a normalised utterance is like; None where no example speaks the language."""
        trained = self._trained.get(language)
        if trained is None or not normalised:
            return None
        core = self.core(normalised, language)
        embedding = self._model.encode([core])[0] if self._model is not None else None
        scores = trained.scores(core, embedding)
        return Guess(dict(zip(trained.labels, map(float, scores), strict=True)), core, language)

    def nearest(self, guess: Guess, label: str) -> str:
        """The example of a label that shares most words with what was said: for explaining."""
        said = frozenset(guess.core.split())
        examples = [each.text for each in self._examples[guess.language].sentences if each.label == label]
        return max(examples, key=lambda text: _overlap(said, frozenset(text.split())), default="")


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def cache_folder() -> Path:
    """Where what was learnt from the example sentences is kept: it holds nobody's words, so outside the home."""
    return user_cache_path("kith") / "understanding"


def load(model_folder: Path | None = None, cache: Path | None = None) -> Meaning:
    """Train on the example sentences, or read what was learnt before. Seconds at first; errors: KithError.

    Call it in a worker thread. Without `model_folder` the letters alone tell.
    """
    model = SentenceModel(model_folder) if model_folder is not None else None
    cache = cache or cache_folder()
    trained = {code: _trained(examples, model, cache) for code, examples in prototypes().items()}
    return Meaning(trained, model)


def _trained(examples: Prototypes, model: SentenceModel | None, cache: Path) -> Likeness:
    name = likeness.digest(examples, model.name if model is not None else "")
    path = cache / f"{examples.language}-{name}.npz"
    try:
        return Likeness.read(path, examples.kinds)
    except (OSError, ValueError, KeyError):
        pass
    embeddings = model.encode([each.text for each in examples.sentences]) if model is not None else None
    trained = likeness.fit(examples, embeddings)
    try:
        trained.save(path)
        kept = sorted(cache.glob(f"{examples.language}-*.npz"), key=lambda each: each.stat().st_mtime)
        for old in kept[:-4]:
            old.unlink(missing_ok=True)
    except OSError:
        pass  # the next start learns again
    return trained
