"""Japanese in kana. eSpeak NG reads no kanji ("Chinese letter"); SudachiPy knows their readings."""

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

_KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]")
_SPOKEN_PARTICLES = {"は": "ワ", "へ": "エ", "を": "オ"}
_DICTIONARIES = ("small", "core", "full")
_ENDINGS_IN_WA = {"では": "デワ", "には": "ニワ", "とは": "トワ"}


def has_kanji(text: str) -> bool:
    """Whether there is a character that only a reader of kanji can say."""
    return _KANJI.search(text) is not None


def can_read() -> bool:
    """Whether what reads kanji is installed here; loads nothing."""
    return find_spec("sudachipy") is not None and any(find_spec(f"sudachidict_{size}") for size in _DICTIONARIES)


def kana(text: str) -> str:
    """`text` with kanji in katakana and particles as they are said; unchanged without SudachiPy."""
    tokenizer = _tokenizer()
    if tokenizer is None or not text:
        return text
    return "".join(_said(morpheme) for morpheme in tokenizer.tokenize(text))


def _said(morpheme: Any) -> str:
    surface = str(morpheme.surface())
    part, *_ = morpheme.part_of_speech()
    if part == "助詞":
        return _SPOKEN_PARTICLES.get(surface) or _ENDINGS_IN_WA.get(surface) or surface
    if not has_kanji(surface):
        return surface
    reading = str(morpheme.reading_form())
    # A word it does not know is given back as it is.
    return surface if not reading or has_kanji(reading) else reading


@cache
def _tokenizer() -> Any:
    try:
        from sudachipy import Dictionary
    except ImportError:
        return None
    for dictionary in _DICTIONARIES:
        try:
            return Dictionary(dict=dictionary).tokenizer()
        except Exception as problem:  # its own types, and ModuleNotFoundError for a dictionary that is not installed
            _ = problem
    return None
