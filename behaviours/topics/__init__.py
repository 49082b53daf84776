"""Topics to talk about, as data: one folder per language, one YAML file per topic. A language is read when needed."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from pydantic import ValidationError

from behaviours.topics.topic import TopicTalk
from behaviours.understanding.text import MARKS, normalise
from behaviours.understanding.understander import Topic
from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).parent
_WITHOUT_SPACES = ("ja", "zh", "ko")  # and Korean hangs its particles on the word


class Topics:
    """All topics of one language."""

    def __init__(self, language: str, found: Mapping[str, TopicTalk]) -> None:
        self.language = language
        self.topics = found
        self._patterns = {name: _pattern(talk.heard, language) for name, talk in found.items()}

    def pattern(self, name: str) -> re.Pattern[str]:
        """How the topic is heard in normalised words."""
        return self._patterns[name]

    def heard(self, normalised: str, current: str = "") -> tuple[str, str]:
        """(topic, the word that showed it): the one with most words in it, on a tie `current`. Else ("", "")."""
        best, word, most = "", "", 0
        for name, pattern in self._patterns.items():
            found = {each for each in pattern.findall(normalised) if each}
            count = 2 * len(found) + (name == current)
            if found and count > most:
                best, word, most = name, max(found, key=len), count
        return best, word

    @cached_property
    def sentences(self) -> int:
        """How many different sentences there are, profile lines counted once each."""
        return sum(
            len(talk.ask) + len(talk.good) + len(talk.bad) + len(talk.neutral) + len(talk.questions())
            + len(talk.facts) + sum(len(lines.ask) for lines in talk.from_facts)
            for talk in self.topics.values()
        )  # fmt: skip


class AllTopics(Mapping[str, Topics]):
    """The topics of a folder by language code. Errors on reading a language: KithError with file, line and field."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(folder.glob("*/*.yaml"))
        self._paths: dict[str, list[Path]] = {}
        for path in paths:
            self._paths.setdefault(path.parent.name, []).append(path)
        self._read: dict[str, Topics] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every topic of any language."""
        return tuple(dict.fromkeys(path.stem for paths in self._paths.values() for path in paths))

    def __getitem__(self, language: str) -> Topics:
        if language not in self._read:
            found = {path.stem: read_topic(path) for path in self._paths[language]}
            self._read[language] = Topics(language, found)
        return self._read[language]

    def __contains__(self, language: object) -> bool:
        return language in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def read_topic(path: Path) -> TopicTalk:
    """One file. Errors: KithError naming file, line and field of the first mistake."""
    document = read_document(path)
    try:
        talk = TopicTalk.model_validate(document.content)
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise KithError(f"{path.name}, line {document.line(place)}: {first_problem(error)}") from None
    if (talk.language, talk.topic) != (path.parent.name, path.stem):
        where = f"{talk.language}/{talk.topic}.yaml"
        raise KithError(f"{path.name}, line {document.line(('topic',))}: topic: belongs into the file {where}")
    return talk


@cache
def topics() -> AllTopics:
    """The topics that ship with Kith."""
    return AllTopics()


class _Heard(Mapping[str, re.Pattern[str]]):
    """How one topic is heard, by language; a language is read when somebody speaks it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, language: str) -> re.Pattern[str]:
        return topics()[language].pattern(self._name)

    def __iter__(self) -> Iterator[str]:
        return (language for language, talk in topics().items() if self._name in talk.topics)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def to_be_heard() -> list[Topic]:
    """Every topic as the understanding takes it."""
    return [Topic(name, _Heard(name)) for name in topics().names]


def _pattern(words: tuple[str, ...], language: str) -> re.Pattern[str]:
    parts = []
    for word in sorted(words, key=len, reverse=True):
        plain = re.escape(normalise(word.removesuffix("*"))).replace("\\ ", " ")
        parts.append(f"{plain}[\\w{MARKS}]*" if word.endswith("*") else plain)
    joined = "|".join(parts)
    if language in _WITHOUT_SPACES:
        return re.compile(f"(?:{joined})")
    return re.compile(f"(?<![\\w{MARKS}])(?:{joined})(?![\\w{MARKS}])")
