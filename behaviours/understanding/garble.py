"""Words that are none: code, keys struck at random, one word over and over. Whoever hears that asks once more."""

import re
from collections import Counter
from typing import Final

_CODE = re.compile(
    r"^\s*(?:import \w+|from \w+ import|def \w+\(|class \w+[(:]|select .+ from |insert into |drop table |sudo |rm -)|"
    r"#include|^\s*(?:print\(|console\.|function \w*\(|(?:for|while|if) \(|<\w+[^>]*>|</|\{\"|\[\{|https?://)|"
    r"[;{}]\s*$|\)\s*[;{]|=>|==|&&|\|\||\$\(",
    re.IGNORECASE,
)
_LATIN_WORD = re.compile(r"[a-z]{3,}")
_VOWEL = re.compile("[aeiouy]")
_WELSH_VOWEL = re.compile("[aeiouyw]")
_HARD = re.compile("[bcdfghjklmnpqrstvxz]{6,}")
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "qwertzuiop", "yxcvbnm")
_STRUCK = 4  # neighbouring keys in a row
_OVER_AND_OVER = 8  # words
_OF_ONE = 0.8
_CODE_SIGNS = re.compile(r"[{}<>=_|\\^~`$%#]")
_MANY_SIGNS = 3


def is_garble(text: str, normalised: str) -> bool:
    """Whether this is no speech of any language. Calls for help must be looked for first.

    `normalised`: the text as it is compared. Words in scripts other than Latin are judged by their repetition alone.
    """
    words = normalised.split()
    if not words:
        return False
    if _CODE.search(text) or len(_CODE_SIGNS.findall(text)) >= _MANY_SIGNS:
        return True
    commonest = Counter(words).most_common(1)[0][1]
    if len(words) >= _OVER_AND_OVER and commonest >= _OF_ONE * len(words):
        return True
    if all(word.isdigit() for word in words):
        return len("".join(words)) > _OVER_AND_OVER
    latin = [word for word in words if _LATIN_WORD.fullmatch(word)]
    struck = sum(map(_is_struck, latin))
    return bool(latin) and len(latin) >= len(words) / 2 and struck > len(latin) / 2


def _is_struck(word: str) -> bool:
    """Whether a word is keys rather than letters: a row of the keyboard, no vowel, or far too many consonants."""
    row = any(word[place : place + _STRUCK] in keys for keys in _ROWS for place in range(len(word) - _STRUCK + 1))
    no_vowel = len(word) >= _STRUCK and not _WELSH_VOWEL.search(word)
    one_letter = len(word) >= _STRUCK and len(set(word)) == 1 and not _VOWEL.search(word)
    return row or no_vowel or one_letter or _HARD.search(word) is not None
