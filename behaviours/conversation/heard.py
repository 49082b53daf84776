"""Endings, refused offers, losses in passing, questions and remarks about the robot, as the words themselves tell."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from behaviours.understanding.text import fold_script
from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError

_FILE = Path(__file__).with_name("heard.yaml")
_KINDS = (
    "ends",
    "declines",
    "later",
    "lost",
    "another",
    "come",
    "follow",
    "stays",
    "asks_known",
    "asks_robot",
    "asks_favour",
    "asks_opinion",
    "praises",
    "criticises",
    "tag",
    "hears_well",
    "past",
    "well",
    "asks_told",
    "asks_thread",
    "heavy",
    "complains",
    "recent",
    "lets_go",
)
"""lost: somebody or something dear is gone; another: one more joke or song; come: to be near; follow: to come along;
stays: to come no further; asks_…: what a question wants of the robot; praises, criticises: remarks about it; tag:
wants no answer; hears_well: the aids are in; past: of earlier days; well: neither good nor bad, in answer to "How
are you?"; asks_told: whether they have told it before; asks_thread: what they were speaking of; heavy: in a talk of
loss, the day or the heart is heavy; complains: the same by itself; recent: of the last days; lets_go: what was said
does not matter any more."""


def ends(normalised: str) -> bool:
    """Whether these words end a talk, in any language: in the mother tongue people say so unannounced."""
    return _says(normalised, "ends")


def declines(normalised: str) -> bool:
    """Whether these words decline what was offered."""
    return _says(normalised, "declines")


def puts_off(normalised: str) -> bool:
    """Whether these words promise to tell something another time."""
    return _says(normalised, "later")


def says(normalised: str, kind: str) -> bool:
    """Whether the words are of a kind, in any language."""
    return _says(normalised, kind)


def _says(normalised: str, kind: str) -> bool:
    kinds = patterns().values()
    return any(pattern.match(normalised) is not None for each in kinds for pattern in each.get(kind, ()))


@cache
def patterns(path: Path = _FILE) -> Mapping[str, Mapping[str, tuple[re.Pattern[str], ...]]]:
    """By language and kind. Errors: KithError with file, line and field."""
    document = read_document(path)
    found: dict[str, dict[str, tuple[re.Pattern[str], ...]]] = {}
    for language, kinds in document.content.items():
        found[language] = {}
        for kind, lines in kinds.items():
            if kind not in _KINDS:
                line = document.line((language, kind))
                raise KithError(f"{path.name}, line {line}: {language}.{kind}: must be one of {', '.join(_KINDS)}")
            found[language][kind] = tuple(
                _compiled(text, f"{path.name}, line {document.line((language, kind, place))}: {language}.{kind}")
                for place, text in enumerate(lines)
            )
    return found


def _compiled(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(f"(?:{fold_script(text.removeprefix('~'))}){'' if text.startswith('~') else '$'}")
    except re.error as problem:
        raise KithError(f"{where}: is no regular expression: {problem}") from None
