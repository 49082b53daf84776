"""Whether a text says certain words, in any script."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache


def says_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether `text` holds one of the phrases as whole words; case, accents' encoding and spacing do not matter.

    Chinese, Japanese and Thai write no spaces, so there a phrase is found anywhere.
    """
    plain = _plain(text)
    return any(_pattern(phrase).search(plain) for phrase in phrases)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    words = _plain(phrase)
    spaced = not any(_unspaced(character) for character in words)
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)" if spaced else re.escape(words))


def _unspaced(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"))
