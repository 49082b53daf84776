"""Words as they are compared: one form for what recognisers spell and people type differently."""

import re
import unicodedata

_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
_SENTENCE = re.compile(r"[.?!;:…。？！\n]+|(?<=\w),(?=\s)")
_SOFT = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d"}
LONGEST = 2000  # characters that are looked at; nobody says more in one breath


def _fold_character(character: str) -> str:
    """Latin letters lose their accents; other scripts keep their marks, which carry meaning there."""
    if character in _SOFT:
        return _SOFT[character]
    plain = unicodedata.normalize("NFD", character)
    return plain[0] if len(plain) > 1 and plain[0].isascii() else character


def normalise(text: str) -> str:
    """Lower case, no accents on Latin letters, no apostrophes, punctuation as single spaces."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold().translate(_APOSTROPHES)
    folded = "".join(_fold_character(each) for each in unicodedata.normalize("NFC", text))
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded).split())


def sentences(text: str) -> list[str]:
    """Normalised sentences and clauses of an utterance; one when the recogniser gave no punctuation."""
    return [clean for part in _SENTENCE.split(text[:LONGEST]) if (clean := normalise(part))]


def words_in(normalised: str) -> list[str]:
    """Words of a normalised text; Japanese and the like count as one word per run of characters."""
    return normalised.split()
