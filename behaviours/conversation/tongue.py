"""Which language typed words are in, where no recogniser has told: their letters first, then their little words.

A talk stays in its language unless the words clearly show another one.
"""

import re

from behaviours.understanding.languages import languages
from behaviours.understanding.text import normalise
from behaviours.understanding.understander import Understander

_LETTERS = {"pl": re.compile("[ąćęłńśźż]", re.IGNORECASE), "cy": re.compile("[ŵŷ]", re.IGNORECASE)}
"""Letters that one of the languages in Latin script has alone."""
_CLEARLY = 2  # little words more than the language of the talk has
_SHORT = 6  # words, in which a language is asked for by its own name
_FEW = 3  # words, of which one little word is enough


def tongue(understander: Understander, text: str, expected: str) -> str:
    """The code of the language that these words are in; `expected` is that of the talk so far."""
    for code, letters in _LETTERS.items():
        if letters.search(text):
            return code
    if len(text.split()) <= _SHORT and (named := _names_its_language(text)):
        return named
    found = understander.language_of(text, expected)
    known = languages()
    if found == expected or known[found].script is not None or expected not in known:
        return found
    words = normalise(text).split()
    more = _little(words, found) - _little(words, expected)
    return found if more >= _CLEARLY or (more >= 1 and len(words) <= _FEW) else expected


def _names_its_language(text: str) -> str:
    """The language that is asked for by its own name in itself ("po polsku", "in English"); "" for none."""
    words = set(normalise(text).split())
    for code, language in languages().items():
        if any(locale.startswith(code) and name in words for name, locale in language.language_names.items()):
            return code
    return ""


def _little(words: list[str], code: str) -> int:
    return sum(word in languages()[code].function_words for word in words)
