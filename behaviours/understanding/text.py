"""Words as they are compared: one form for what recognisers spell and people type differently."""

import re
import unicodedata

MARKS = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0a01-\u0a03\u0a3e-\u0a4d\u0a51\u0a70\u0a75"
"""Vowel signs of Devanagari and Gurmukhi, for a character class: parts of words that `\\w` does not know."""
LONGEST = 2000  # characters that are looked at; nobody says more in one breath
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
_SENTENCE = re.compile(r"[.?!:;…。？！।؟۔\n]+|(?<=\w)[,،](?=\s)|[，、]")
_NOT_A_WORD = re.compile(f"[^\\w\\s{MARKS}]|_")
_SOFT = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d"}
_ALIKE: dict[int, str | int] = {
    **dict.fromkeys(map(ord, "\u093c\u0a3c\u0a71\u200b\u200c\u200d"), ""),  # nukta, adhak, joiners: often left out
    **dict.fromkeys(map(ord, "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"), ""),  # Arabic vowel marks
    **str.maketrans("\u0901\u0a70", "\u0902\u0a02"),  # nasal signs
    **str.maketrans("\u064a\u0649\u0626\u0643\u0629\u06be\u06c2", "\u06cc\u06cc\u06cc\u06a9\u06c1\u06c1\u06c1"),
    **str.maketrans("\u0623\u0625\u0622\u0624\u06ba", "\u0627\u0627\u0627\u0648\u0646"),
}


def fold_script(text: str) -> str:
    """Letters of one sound as one letter: Hindi and Punjabi without nukta, Urdu without vowel marks and doubles."""
    return unicodedata.normalize("NFC", text).translate(_ALIKE)


def _fold_character(character: str) -> str:
    """Latin letters lose their accents; other scripts keep their marks, which carry meaning there."""
    if character in _SOFT:
        return _SOFT[character]
    plain = unicodedata.normalize("NFD", character)
    return plain[0] if len(plain) > 1 and plain[0].isascii() else character


def normalise(text: str) -> str:
    """Lower case, no accents on Latin letters, no apostrophes, punctuation as single spaces."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold().translate(_APOSTROPHES)
    text = fold_script(text)
    if not text.isascii():
        text = "".join(map(_fold_character, text))
    return " ".join(_NOT_A_WORD.sub(" ", text).split())


def sentences(text: str) -> list[str]:
    """Normalised sentences and clauses of an utterance; one when the recogniser gave no punctuation."""
    return [clean for part in _SENTENCE.split(text[:LONGEST]) if (clean := normalise(part))]


def words_in(normalised: str) -> list[str]:
    """Words of a normalised text; Japanese and the like count as one word per run of characters."""
    return normalised.split()
