"""The words of one language for each sign, and finding them in what was said."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from behaviours.understanding.text import MARKS, fold_script, normalise
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

HARMLESS = "harmless"
"""The sign of phrases that alarm nobody ("dying for a cuppa"): words inside one are no sign of anything else."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GROUP = re.compile(r"\(([^()]*)\)")
_NOT_IN_A_WORD = re.compile(f"[^\\w\\s*${MARKS}]")
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_NATIVE = re.compile("[^\x00-\u024f]")
_END = "$"
_ENDS = dict.fromkeys("$、。", _END)
"""Nothing more may be said there; in terms without spaces a stop or a comma says the same."""
_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_VOWELS = frozenset("aeiouy")
_SHORTEST_MISSPELT = 6


class Span(NamedTuple):
    """Words `start` to `end` (exclusive; characters where words are not separated) are a sign."""

    start: int
    end: int
    sign: str
    exact: bool


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    spaced: bool = True
    loose: bool = False
    """Latin letters of a language that is usually written in others: spelt as it sounds, by everybody differently."""
    not_with: str = ""
    """Characters that show another language of the same script."""
    proof: str = ""
    """Characters that an utterance must have to be of this language while another without spaces is spoken."""
    elided: bool = False
    """Whether an apostrophe joins two words that are words of their own: dw i'n, l'aria."""
    unlike: str = ""
    """Ordinary words that are one letter away from a sign's."""
    words: dict[str, str]


@dataclass
class _Node:
    """A place in the graph of terms: which words may come next, and which signs end here."""

    words: dict[str, list["_Node"]] = field(default_factory=dict)
    stems: dict[str, list["_Node"]] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    signs: tuple[str, ...] = ()

    def join(self, other: "_Node") -> None:
        """Whatever may follow the other may follow this one."""
        for mine, its in ((self.words, other.words), (self.stems, other.stems)):
            for word, nodes in its.items():
                mine.setdefault(word, []).extend(nodes)
        self.signs += other.signs

    def settle(self) -> None:
        """No more terms will be added."""
        self.lengths = tuple(sorted({len(each) for each in self.stems}))


class Lexicon:
    """One language's words for the signs."""

    def __init__(self, source: _Words) -> None:
        self.language = source.language
        self.spaced = source.spaced
        self.elided = source.elided
        self._proof = re.compile(source.proof) if source.proof else None
        self._not_with = re.compile(source.not_with) if source.not_with else None
        self._loose = source.loose
        self._unlike = frozenset(source.unlike.split())
        self._root = _Node()
        self._shortened: dict[str, set[tuple[str, bool]]] = {}
        self.latin = self.native = False
        for sign, terms in source.words.items():
            for term in terms.replace("'", "").split(","):
                self._add(sign, term)
        self._root.settle()

    def _add(self, sign: str, term: str) -> None:
        plain = _NOT_IN_A_WORD.sub("", term)
        self.latin |= _LATIN.search(plain) is not None
        self.native |= _NATIVE.search(plain) is not None
        end = _Node(signs=(sign,))
        self._root.join(self._entry(term, end) if self.spaced else self._entry_of_characters(term.strip(), end))

    def _entry(self, term: str, end: _Node) -> _Node:
        """The place from where a term leads to its end."""
        node = end
        for part in reversed(_parts(term, " ")):
            entry = _Node()
            for choice in _parts(part[1:-1], "|") if _is_group(part) else _choices(part):
                entry.join(self._sequence(choice, node) if "(" not in choice else self._entry(choice, node))
            entry.settle()
            node = entry
        return node

    def _entry_of_characters(self, term: str, end: _Node) -> _Node:
        node = end
        for piece in reversed(_pieces(term)):
            entry = _Node()
            if _is_group(piece.rstrip("*")):
                for choice in _parts(piece.rstrip("*")[1:-1], "|"):
                    entry.join(self._entry_of_characters(choice, node))
                if piece.endswith("*"):
                    entry.join(node)
            else:
                entry = _Node(words={_ENDS.get(piece) or normalise(piece): [node]})
            entry.settle()
            node = entry
        return node

    def _sequence(self, words: str, end: _Node) -> _Node:
        node = end
        for each in reversed(_NOT_IN_A_WORD.sub(" ", fold_script(words)).split()):
            word, stem = _END if each == _END else self._key(_word(each.rstrip("*"))), each.endswith("*")
            entry = _Node(stems={word: [node]}) if stem else _Node(words={word: [node]})
            entry.settle()
            node = entry
        return node

    def _prepare_misspellings(self) -> None:
        for words, stem in ((self._root.words, False), (self._root.stems, True)):
            for word in words:
                if len(word) >= _SHORTEST_MISSPELT and word.isascii():
                    for form in _shortened(word):
                        self._shortened.setdefault(form, set()).add((word, stem))

    def _key(self, word: str) -> str:
        return as_it_sounds(word) if self._loose and word.isascii() else word

    def may_be(self, normalised: str, *, proven: bool) -> bool:
        """Whether words in these letters may be of this language. `proven`: no proof is needed."""
        if self._proof is not None and not proven and not self._proof.search(normalised):
            return False
        if self._not_with is not None and self._not_with.search(normalised):
            return False
        latin = self.latin and _LATIN.search(normalised) is not None
        return latin or (self.native and _NATIVE.search(normalised) is not None)

    def units(self, normalised: str) -> list[str]:
        """Words, or characters where words are not separated."""
        if not self.spaced:
            return list(normalised.replace(" ", ""))
        return [self._key(_DRAWN_OUT.sub(r"\1", word)) for word in normalised.split()]

    def find(self, units: list[str], *, misspelt: bool) -> list[Span]:
        """Every sign in the words. `misspelt`: words that are nearly right count."""
        return list(self._find(units, misspelt))

    def _find(self, units: list[str], misspelt: bool) -> Iterator[Span]:
        for start, word in enumerate(units):
            nodes = list(_steps(self._root, word))
            exact = bool(nodes)
            if not nodes and misspelt:
                nodes = list(self._nearly(word))
            for node in nodes:
                yield from self._follow(node, units, start, start + 1, exact)

    def _follow(self, node: _Node, units: list[str], start: int, end: int, exact: bool) -> Iterator[Span]:
        for sign in node.signs:
            yield Span(start, end, sign, exact)
        if end == len(units):
            for following in node.words.get(_END, ()):
                yield from self._follow(following, units, start, end, exact)
        else:
            for following in _steps(node, units[end]):
                yield from self._follow(following, units, start, end + 1, exact)

    def _nearly(self, word: str) -> Iterator[_Node]:
        if len(word) < _SHORTEST_MISSPELT - 1 or word in self._unlike or self._loose:
            return
        if not self._shortened:
            self._prepare_misspellings()
        for form in _shortened(word):
            for meant, stem in self._shortened.get(form, ()):
                if _misspelt(word, meant):
                    yield from (self._root.stems if stem else self._root.words)[meant]


def _steps(node: _Node, word: str) -> Iterator[_Node]:
    if word in node.words:
        yield from node.words[word]
    for length in node.lengths:
        if length > len(word):
            break
        if word[:length] in node.stems:
            yield from node.stems[word[:length]]


def _shortened(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _misspelt(word: str, meant: str) -> bool:
    """One letter too many, too few, changed places, or another vowel; the first letter is right."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    if len(word) != len(meant):
        longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
        return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
    wrong = [place for place in range(len(word)) if word[place] != meant[place]]
    if len(wrong) == 1:
        return word[wrong[0]] in _VOWELS and meant[wrong[0]] in _VOWELS
    one, other = wrong[0], wrong[-1]
    return len(wrong) == 2 and other == one + 1 and word[one] == meant[other] and word[other] == meant[one]


_SOUNDS = (
    ("chh", "ch"), ("ph", "f"), ("aa", "a"), ("ee", "i"), ("ii", "i"), ("oo", "u"), ("uu", "u"), ("ou", "u"),
    ("ai", "e"), ("ay", "e"), ("ey", "e"), ("ei", "e"), ("au", "o"), ("w", "v"), ("z", "j"), ("bh", "b"), ("dh", "d"),
    ("th", "t"), ("gh", "g"), ("kh", "k"), ("jh", "j"), ("rh", "r"), ("q", "k"), ("y", "i"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")


def as_it_sounds(word: str) -> str:
    """One form for the many spellings of Hindi, Urdu and Punjabi in Latin letters: saans, sans, saas."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    word = _DOUBLE.sub(r"\1", word)
    if word.endswith(("n", "h")) and len(word) > 2:
        word = word[:-1]
    return word.replace("ns", "s")


@cache
def _word(text: str) -> str:
    return normalise(text)


def _parts(term: str, between: str) -> list[str]:
    """Split at a character that stands in no brackets."""
    parts, depth, begin, opened = [], 0, 0, 0
    for place, character in enumerate(term):
        if character == "(" and depth == 0:
            opened = place
        depth += (character == "(") - (character == ")")
        if character == between and depth == 0:
            parts.append(term[begin:place])
            begin = place + 1
        elif (
            character == ")" and depth == 0 and between == " " and opened == begin and _spaced(term[opened + 1 : place])
        ):
            parts.append(term[begin : place + 1])
            begin = place + 1
    parts.append(term[begin:])
    return [each for each in parts if each or between == "|"]


def _pieces(term: str) -> list[str]:
    """Characters and whole groups of a term without spaces; `*` after a group makes it one that may be missing."""
    pieces = []
    place = 0
    while place < len(term):
        if term[place] != "(":
            if term[place] in _ENDS or normalise(term[place]):
                pieces.append(term[place])
            place += 1
            continue
        depth, end = 0, place
        while True:
            depth += (term[end] == "(") - (term[end] == ")")
            end += 1
            if depth == 0:
                break
        if term[end : end + 1] == "*":
            end += 1
        pieces.append(term[place:end])
        place = end
    return pieces


def _spaced(group: str) -> bool:
    """Whether every choice of a group is nothing, or words with a space after them."""
    return all(not each or each.endswith(" ") for each in _parts(group, "|"))


def _is_group(part: str) -> bool:
    """Whether one pair of brackets encloses all of it."""
    if not part.startswith("("):
        return False
    depth = 0
    for place, character in enumerate(part):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(part) - 1
    return False


def _choices(term: str) -> Iterator[str]:
    found = _GROUP.search(term)
    if found is None:
        yield term
        return
    for choice in found[1].split("|"):
        yield from _choices(term[: found.start()] + choice + term[found.end() :])


def load(path: Path, known: Iterable[str]) -> Lexicon:
    """One language's words. Errors: KithError naming the file and the first mistake."""
    try:
        source = _Words.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506
    except ValidationError as problem:
        raise KithError(f"{path.name}: {first_problem(problem)}") from None
    except yaml.YAMLError as problem:
        raise KithError(f"{path.name}: {str(problem).splitlines()[0]}") from None
    if unknown := sorted(source.words.keys() - set(known)):
        raise KithError(f"{path.name}: words: {unknown[0]} is no sign that rules.yaml uses")
    return Lexicon(source)


def load_all(folder: Path, known: Iterable[str]) -> Mapping[str, tuple[Lexicon, ...]]:
    """Every file of a folder, by language; a language may have one file for each script."""
    known = frozenset(known)
    found: dict[str, tuple[Lexicon, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        made = load(path, known)
        found[made.language] = (*found.get(made.language, ()), made)
    return found
