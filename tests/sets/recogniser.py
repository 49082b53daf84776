"""A speech recogniser's mistakes, seeded: words that sound alike, words left out, halves run together."""

import random
import re

WORD_ERROR_RATE = (0.10, 0.20)
"""Lowest and highest share of words that are wrong, over a whole set."""

_SOUNDS_LIKE = {
    "the": ("a", "their", "ther"),
    "a": ("the", "uh"),
    "to": ("two", "do"),
    "you": ("ewe", "your"),
    "your": ("you're", "you"),
    "what": ("watt", "that", "but"),
    "what's": ("watts", "once", "was"),
    "is": ("his", "ease"),
    "it": ("hit", "at"),
    "i": ("eye", "a"),
    "me": ("be", "my"),
    "my": ("may", "by"),
    "for": ("four", "fur"),
    "not": ("knot", "nought"),
    "know": ("no", "now"),
    "no": ("know", "now"),
    "time": ("thyme", "dime"),
    "day": ("they", "date"),
    "tell": ("tall", "till"),
    "play": ("pray", "plate"),
    "sing": ("thing", "sink"),
    "song": ("long", "strong"),
    "read": ("reed", "red"),
    "call": ("caul", "coal"),
    "ring": ("wring", "bring"),
    "nurse": ("purse", "nerves"),
    "carer": ("career", "care a"),
    "daughter": ("water", "door to"),
    "son": ("sun", "some"),
    "loud": ("allowed", "cloud"),
    "slow": ("so", "blow"),
    "fast": ("first", "past"),
    "stop": ("shop", "top"),
    "again": ("a gain", "against"),
    "weather": ("whether", "feather"),
    "rain": ("reign", "train"),
    "dinner": ("thinner", "dinna"),
    "tea": ("tee", "three"),
    "on": ("an", "own"),
    "off": ("of", "cough"),
    "some": ("sum", "son"),
    "music": ("musing", "muse sick"),
    "that": ("hat", "at"),
    "and": ("an", "hand"),
    "of": ("off", "a"),
    "in": ("inn", "an"),
    "who": ("hoo", "few"),
    "who's": ("whose", "news"),
    "are": ("our", "or"),
    "can": ("can't", "con"),
    "do": ("to", "due"),
    "don't": ("dawn", "don"),
    "want": ("won't", "one"),
    "hear": ("here", "ear"),
    "here": ("hear", "ear"),
    "come": ("gum", "calm"),
    "go": ("goal", "though"),
    "wrong": ("long", "rung"),
    "right": ("write", "ride"),
    "please": ("pleas", "fleas"),
    "love": ("of", "glove"),
    "joke": ("yolk", "choke"),
    "poem": ("poor", "home"),
    "game": ("came", "gain"),
    "bit": ("pit", "bed"),
}
_SOUND_SWAPS = (("th", "f"), ("ing", "in"), ("p", "b"), ("t", "d"), ("k", "g"), ("v", "w"), ("s", "f"), ("m", "n"))
_DROPPED, _SWAPPED = 0.35, 0.85


def misheard(text: str, rate: float, chance: random.Random) -> tuple[str, int]:
    """`text` as a recogniser may write it, and how many of its words are wrong. At least one word is left.

    `rate` is the chance of each word to be wrong, 0..1. The result is in small letters without punctuation.
    """
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())
    heard: list[str] = []
    wrong = 0
    for word in words:
        if chance.random() >= rate:
            heard.append(word)
            continue
        kind = chance.random()
        if kind < _DROPPED and len(words) > 1:
            wrong += 1
        elif kind < _SWAPPED:
            other = _like(word, chance)
            wrong += other != word
            heard.append(other)
        elif heard:
            heard[-1] += word
            wrong += 1
        else:
            heard.append(word)
    return " ".join(heard or words[:1]), wrong


def _like(word: str, chance: random.Random) -> str:
    if word in _SOUNDS_LIKE:
        return chance.choice(_SOUNDS_LIKE[word])
    swaps = [(sound, other) for sound, other in _SOUND_SWAPS if sound in word]
    if not swaps:
        return word[:-1] if len(word) > 2 else word
    sound, other = chance.choice(swaps)
    return word.replace(sound, other, 1)
