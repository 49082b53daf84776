"""Text as it may be read aloud: no emoji, control characters or markup, web addresses short."""

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST = 100_000  # characters; more is a mistake, not a sentence

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_MARKUP = re.compile(r"\[\[|\]\]|[<>|{}\\^~`*_#]")
_READABLE = frozenset("°℃℉№")  # symbols that are words
_SPACE = re.compile(r"\s+")
_END = re.compile(r"[.,;:!?)\]]+$")
# Marks that join or colour emoji; without the emoji they mean nothing. The zero-width joiners also shape
# Persian and Indic words, so they go only next to a symbol.
_JOINED_SYMBOL = re.compile(
    "[\u200d\ufe0e\ufe0f\u20e3]|[\U0001f1e6-\U0001f1ff]|[\U0001f3fb-\U0001f3ff]|[\U000e0020-\U000e007f]"
)


def _host(match: re.Match[str]) -> str:
    address = match.group()
    end = _END.search(address)
    address = address[: end.start()] if end else address
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") + (end.group() if end else "")


def clean(text: str) -> str:
    """`text` in one line of speakable characters, normalised (NFC); empty if nothing can be spoken."""
    text = _URL.sub(_host, unicodedata.normalize("NFC", text))
    if any(unicodedata.category(letter) == "So" and letter not in _READABLE for letter in text) or "\ufe0f" in text:
        text = _JOINED_SYMBOL.sub(" ", text)
    kept = []
    for letter in _MARKUP.sub(" ", text):
        category = unicodedata.category(letter)
        if letter in _READABLE:
            kept.append(letter)
        elif category in ("Cc", "Zl", "Zp", "Zs") or category == "So":
            kept.append(" ")
        elif category not in ("Cs", "Co", "Cn") and (category != "Cf" or letter in "\u200c\u200d"):
            kept.append(letter)
    cleaned = _SPACE.sub(" ", "".join(kept)).strip()
    return cleaned if any(letter.isalnum() for letter in cleaned) else ""
