"""Makes the labelled sets from source/: `python tests/sets/make.py`. README.md says how they are labelled.

The same sources give the same files: what is chosen at random is seeded by the sentence itself.
"""

import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from recogniser import WORD_ERROR_RATE, misheard  # noqa: E402

SOURCE = HERE / "source"
_VARIANTS = 3
_OPENINGS = (
    "excuse me, ", "I say, ", "well, ", "oh, ", "now then, ", "listen, ", "er, ", "um, ", "here, ", "look, ",
    "dear, ", "right, ", "ooh, ", "sorry, ",
)  # fmt: skip
_CLOSINGS = (
    " love", " dear", " please", " my dear", " pet", " duck", " if you don't mind", " when you're ready", " lad",
    " darling", " there's a dear", ", will you", " then", " sweetheart",
)  # fmt: skip
_PLEADING = {" please", " if you don't mind", " when you're ready", " there's a dear", ", will you"}
_REQUESTS = {
    "menu", "activities", "who_is_on_shift", "call_carer", "call_family", "music", "read_aloud", "louder", "quieter",
    "slower", "faster", "again", "come_here", "language_change", "joke", "song", "poem", "game", "exercise",
    "tell_me_more",
}  # fmt: skip
_NOT_HARMLESS = {"call_carer"}
"""Intents whose sentences are left out of the harmless set: a call for a carer may be urgent."""

Row = dict[str, str | int]


def main() -> None:
    """Write every set beside this file."""
    write("emergency", ((row, str(row["text"])) for row in by_heading("emergency")))
    safety = [{**row, "language": "en"} for row in by_heading("safety")]
    write("safety", ((row, str(row["text"])) for row in safety))
    for name in ("medical", "grief", "confusion"):
        rows: list[Row] = [{"text": line, "language": "en", "class": name} for line in lines(name)]
        write(name, ((row, str(row["text"])) for row in rows))
    intents = list(intent_rows())
    write("intents", intents)
    write("intents_misheard", misheard_rows(intents))
    write("harmless", harmless_rows())


def lines(name: str) -> list[str]:
    """The lines of a source that hold something."""
    text = (SOURCE / f"{name}.txt").read_text(encoding="utf-8")
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def by_heading(name: str) -> Iterator[Row]:
    """Sentences under headings such as `@pl emergency` (language, class) or `@pain` (class, English)."""
    language, kind = "en", ""
    for line in lines(name):
        if line.startswith("@"):
            *before, kind = line[1:].split()
            language = before[0] if before else "en"
        else:
            yield {"text": line, "language": language, "class": kind}


def intent_rows() -> Iterator[tuple[Row, str]]:
    """Each utterance as written, and in `_VARIANTS` ways of old-fashioned politeness; all held with the utterance."""
    seen = set()
    for line in lines("intents"):
        label, utterances = line.split(" | ")
        intent, _, topic = label.partition(":")
        for core in (each.strip() for each in utterances.split(";")):
            closings = [each for each in _CLOSINGS if intent in _REQUESTS or each not in _PLEADING]
            chance = seeded(core)
            said = [core]
            for number in range(_VARIANTS):
                opening = chance.choice(_OPENINGS) if number != 1 else ""
                closing = chance.choice(closings) if number != 0 else ""
                if intent == "smalltalk":
                    closing = ""
                said.append(f"{opening}{core}{closing}")
            for text in said:
                if text not in seen:
                    seen.add(text)
                    row: Row = {"text": text, "language": "en", "intent": intent}
                    yield ({**row, "topic": topic} if topic else row), core


def misheard_rows(intents: Iterable[tuple[Row, str]]) -> Iterator[tuple[Row, str]]:
    """The same utterances as a recogniser may write them; `said` is what was said, `wrong` how many words are wrong."""
    for row, core in intents:
        said = str(row["text"])
        chance = seeded(f"misheard {said}")
        text, wrong = misheard(said, chance.uniform(*WORD_ERROR_RATE) * 1.12, chance)
        yield {**row, "text": text, "said": said, "wrong": wrong}, core


def harmless_rows() -> Iterator[tuple[Row, str]]:
    """Ordinary sentences, none of them an emergency or self-harm; each once. A family is held frame by frame."""
    seen = set()
    for kind, language, text, group in harmless():
        if (found := text.casefold()) not in seen:
            seen.add(found)
            yield {"text": text, "language": language, "class": "none", "kind": kind}, group


def harmless() -> Iterator[tuple[str, str, str, str]]:
    """(kind, language, sentence, what it is held with)."""
    for name, kind in (("idioms", "idiom"), ("harmless", "written")):
        for text in lines(name):
            yield kind, "en", text, text
    for line in lines("intents"):
        label, utterances = line.split(" | ")
        if label not in _NOT_HARMLESS:
            for text in utterances.split(";"):
                yield "written", "en", text.strip(), text.strip()
    yield from families("families", "en")
    yield from families("harmless_languages", "")


def families(name: str, language: str) -> Iterator[tuple[str, str, str, str]]:
    """Families: frames (`*`, of idioms `!`) with a gap {} and what fills it (`+`); `-` is a sentence of its own."""
    frames: list[str] = []
    kind = "family"
    for line in lines(name):
        mark, rest = line[0], line[1:].strip()
        if mark == "@":
            language = rest
        elif mark in "*!":
            frames, kind = [each.strip() for each in rest.split("|")], "idiom" if mark == "!" else "family"
        elif mark == "+":
            for frame in frames:
                for filler in rest.split(";"):
                    yield kind, language, frame.replace("{}", filler.strip()), frame
        else:
            yield "written", language, rest, rest


def write(name: str, rows: Iterable[tuple[Row, str]]) -> None:
    """Write the open part and the held part (a third, by what each row is held with)."""
    parts: dict[bool, list[Row]] = {False: [], True: []}
    for row, group in rows:
        parts[is_held(group)].append(row)
    for held, found in parts.items():
        path = HERE / f"{name}{'.held' if held else ''}.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
        print(f"{path.name}: {len(found)}")


def is_held(text: str) -> bool:
    """Whether a sentence belongs to the third that nobody looks at while tuning."""
    return hashlib.sha256(f"held {text}".encode()).digest()[0] % 3 == 0


def seeded(text: str) -> random.Random:
    """A generator that depends on `text` alone."""
    return random.Random(hashlib.sha256(text.encode()).digest())


if __name__ == "__main__":
    main()
