"""Whose voice speaks which part: a Polish name in an English sentence is a Polish voice's, kana a Japanese one's."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# The language whose voice speaks a script that the sentence's own voice does not know.
_SCRIPTS = {
    "LATIN": "en", "CYRILLIC": "ru", "GREEK": "el", "DEVANAGARI": "hi", "GURMUKHI": "pa", "ARABIC": "ur",
    "HEBREW": "he", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu", "KANNADA": "kn",
    "MALAYALAM": "ml", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}  # fmt: skip
_WRITTEN_IN = {
    "ja": {"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA"}, "zh": {"CJK"}, "yue": {"CJK"}, "ko": {"HANGUL", "CJK"},
    "hi": {"DEVANAGARI"}, "mr": {"DEVANAGARI"}, "ne": {"DEVANAGARI"}, "pa": {"GURMUKHI"}, "ur": {"ARABIC"},
    "ar": {"ARABIC"}, "fa": {"ARABIC"}, "sd": {"ARABIC"}, "ug": {"ARABIC"}, "ru": {"CYRILLIC"}, "uk": {"CYRILLIC"},
    "be": {"CYRILLIC"}, "bg": {"CYRILLIC"}, "mk": {"CYRILLIC"}, "sr": {"CYRILLIC", "LATIN"}, "el": {"GREEK"},
    "he": {"HEBREW"}, "bn": {"BENGALI"}, "ta": {"TAMIL"}, "te": {"TELUGU"}, "gu": {"GUJARATI"}, "kn": {"KANNADA"},
    "ml": {"MALAYALAM"}, "th": {"THAI"}, "ka": {"GEORGIAN"}, "hy": {"ARMENIAN"},
}  # fmt: skip
# Letters that among the languages of a care home only one has: who reads them otherwise says the name wrongly.
_OWN_LETTERS = {
    "pl": "ąćęłńśźż", "cy": "ŵŷ", "cs": "ěřů", "hu": "őű", "tr": "ğış", "ro": "șț", "de": "ß", "es": "ñ¿¡",
    "pt": "ãõ", "lv": "ģķļņ", "lt": "ėįų", "is": "þð", "da": "æø", "sv": "å",
}  # fmt: skip
# Alphabets that hold letters of another's list.
_ALSO_HAVE = {
    "fil": "ñ", "tl": "ñ", "gl": "ñ", "eu": "ñ", "br": "ñ", "nb": "æøå", "no": "æøå", "nn": "æøå", "da": "å", "fi": "å",
    "fo": "ðø", "lt": "ąę", "hr": "ć", "bs": "ć", "sr": "ć", "sk": "ń", "vi": "ãõ", "ast": "ñ", "qu": "ñ", "az": "ğış",
}  # fmt: skip
_WORD = re.compile(r"\S+")
_OTHERS = frozenset({"COMMON", "DIGIT"})


@dataclass(frozen=True)
class Span:
    """Part of a sentence and the locale or language whose voice speaks it."""

    text: str
    locale: str


def spans(sentence: str, locale: str) -> list[Span]:
    """The parts in order, none without a letter or digit; the words are those of the sentence."""
    own = locale.replace("-", "_").split("_")[0].lower()
    pieces: list[tuple[str, str]] = []
    for text, language in _by_script(sentence, own):
        if language == own:
            pieces += _by_name(text, own)
        else:
            pieces.append((text, language))
    joined: list[list[str]] = []
    for text, language in pieces:
        speakable = any(letter.isalnum() for letter in text)
        if joined and (joined[-1][1] == language or not speakable):
            joined[-1][0] += text
        elif speakable:
            joined.append([text, language])
    return [Span(text.strip(), locale if language == own else language) for text, language in joined]


def _by_script(sentence: str, own: str) -> Iterator[tuple[str, str]]:
    """Runs of one voice. Digits and signs go with what stands before them."""
    native = _WRITTEN_IN.get(own, {"LATIN"})
    kana = any(_script(letter) in ("HIRAGANA", "KATAKANA") for letter in sentence)
    run, current = "", ""
    for letter in sentence:
        script = _script(letter)
        if script in _OTHERS:
            language = current
        elif script in native or script not in _SCRIPTS:
            language = own
        else:
            language = "ja" if script == "CJK" and kana else _SCRIPTS[script]
        if language != current and run and current:
            yield run, current
            run = ""
        run, current = run + letter, language
    if run:
        yield run, current or own


def _by_name(text: str, own: str) -> Iterator[tuple[str, str]]:
    """Words with a letter of another language only, and the capitalised words beside them: one person's name."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    languages = [_language_of(text[start:end], own) for start, end in words]
    named = list(languages)
    for step, numbers in ((1, range(len(words))), (-1, range(len(words) - 1, -1, -1))):
        for number in numbers:
            before = number - step
            if named[number] is None and 0 <= before < len(words) and named[before] is not None:
                first, second = sorted((number, before))
                joined = not re.search(r"[,.;:!?()]$", text[words[first][0] : words[first][1]])
                if joined and text[words[number][0]].isupper() and second and not _begins(text, words[number][0]):
                    named[number] = named[before]
    at = 0
    for (start, end), language in zip(words, named, strict=True):
        yield text[at:start], own
        yield text[start:end], language or own
        at = end
    yield text[at:], own


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here, where every word has a capital letter."""
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?…"


def _language_of(word: str, own: str) -> str | None:
    letters = set(unicodedata.normalize("NFC", word.lower()))
    for language, distinctive in _OWN_LETTERS.items():
        if language != own and (letters & set(distinctive)) - set(_OWN_LETTERS.get(own, "") + _ALSO_HAVE.get(own, "")):
            return language
    return None


@cache
def _script(letter: str) -> str:
    if not letter.isalpha() and not unicodedata.category(letter).startswith("M"):
        return "COMMON"
    if unicodedata.category(letter) == "Mn" and "COMBINING" in unicodedata.name(letter, ""):
        return "COMMON"
    name = unicodedata.name(letter, "COMMON").split()[0].removeprefix("HALFWIDTH").removeprefix("FULLWIDTH") or "COMMON"
    return "COMMON" if name in ("MODIFIER", "MATHEMATICAL", "FEMININE", "MASCULINE", "MICRO", "SCRIPT") else name
