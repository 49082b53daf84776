"""Several recognisers heard the same sound, each in its language: which words were said, and in which languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nodes.asr.recogniser import Heard, Word

# Vosk is sure of its words among those of its own language; Whisper's doubt grows when the language is another.
_TRUST = {"vosk": 0.6}
_LAST = 0.1  # in favour of the language spoken before: one doubtful word is no switch
_DOUBTFUL = 0.35
_SURE = 0.75


@dataclass(frozen=True)
class Choice:
    """`languages`: all that are in it, the main one first. Nothing heard: none."""

    heard: Heard
    languages: tuple[str, ...]


def trusted(heard: Heard, engine: str) -> float:
    """An engine's confidence, made comparable with others'."""
    return heard.confidence * _TRUST.get(engine, 1.0)


def choose(heard: Mapping[str, tuple[Heard, str]], preferred: Sequence[str], last: str) -> Choice:
    """The best of what was heard, by language with its engine's name; `preferred` decides between equals.

    Words that the best recogniser doubts, and another is sure of, are the other's: a sentence may be mixed.
    """
    spoken = {language: found for language, found in heard.items() if found[0].text}
    if not spoken:
        return Choice(Heard(), ())

    def worth(language: str) -> tuple[float, int]:
        found, engine = spoken[language]
        place = preferred.index(language) if language in preferred else len(preferred)
        return trusted(found, engine) + (_LAST if language == last else 0.0), -place

    best = max(spoken, key=worth)
    main, engine = spoken[best]
    languages = [best]
    words = list(main.words)
    for language, (other, _) in spoken.items():
        if language == best or not other.words or not words:
            continue
        mixed = _mixed(words, other.words, _TRUST.get(engine, 1.0))
        if mixed != words:
            words = mixed
            languages.append(language)
    if words == list(main.words):
        return Choice(main, (best,))
    confidence = sum(word.confidence for word in words) / len(words)
    return Choice(Heard(" ".join(word.word for word in words), tuple(words), round(confidence, 3)), tuple(languages))


def _mixed(words: Sequence[Word], others: Sequence[Word], trust: float) -> list[Word]:
    """`words`, with runs of doubtful ones replaced by what the other is sure of in the same moments."""
    mixed: list[Word] = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].confidence * trust < _DOUBTFUL:
            end += 1
        if end == at:
            mixed.append(words[at])
            at += 1
            continue
        begin_s, end_s = words[at].start, words[end - 1].end
        instead = [other for other in others if begin_s <= (other.start + other.end) / 2 <= end_s]
        sure = bool(instead) and all(other.confidence >= _SURE for other in instead)
        mixed.extend(instead if sure else words[at:end])
        at = end
    return mixed
