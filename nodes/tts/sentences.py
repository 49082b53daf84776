"""Cutting text into pieces that are spoken one after the other, so that sound starts before all is rendered."""

import re
from collections.abc import Container, Iterator

LONGEST = 240  # characters: about 15 s; a piece that is stopped should not have cost much

# A full stop ends no sentence after these, after a single letter, or before a small letter or a digit.
_SHORT = {
    *("mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "rev", "vs", "etc", "approx", "no", "e.g", "i.e", "tel"),
    *("p", "al", "inż", "mgr", "ul", "np", "hr", "fr", "bzw", "ca", "usw", "sra", "srta"),
}
_END = re.compile(r"[.!?…]+[\"'”’)»]*(?=\s|$)|[。！？]+[」』”]*|[।؟۔]+(?=\s|$)")
_LAST_WORD = re.compile(r"([^\s(\"'“‘«]+)\.$")
_BREAK = re.compile(r"[,;:–—、，；]\s*|\s")


def sentences(text: str, longest: int = LONGEST, short: Container[str] = ()) -> Iterator[str]:
    """The sentences of a cleaned text, none empty; one that is longer than `longest` is cut at a comma or space.

    `short`: abbreviations of the language, with their full stop.
    """
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if _ends_here(piece, text[match.end() : match.end() + 2].lstrip(), short):
            yield from _parts(piece.strip(), longest)
            start = match.end()
    yield from _parts(text[start:].strip(), longest)


def _ends_here(piece: str, following: str, short: Container[str]) -> bool:
    if not piece.endswith("."):
        return True
    if following and (following[0].islower() or following[0].isdigit()):
        return False
    word = _LAST_WORD.search(piece)
    if word is None:
        return True
    last = word.group(1)
    if following and f"{last}." in short:
        return False
    return not (last.lower() in _SHORT or (len(last) == 1 and last.isalpha() and bool(following) and last != "I"))


def _parts(sentence: str, longest: int) -> Iterator[str]:
    while len(sentence) > longest:
        breaks = [match.end() for match in _BREAK.finditer(sentence, 0, longest)]
        commas = [end for end in breaks if sentence[:end].rstrip()[-1:] in ",;:–—、，；" and end > longest // 3]
        cut = (commas or breaks or [longest])[-1]
        if part := sentence[:cut].strip():
            yield part
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
