"""No labelled sentence stands verbatim in a pattern or among the examples: the sets would measure nothing."""

import json
from functools import cache
from pathlib import Path

from behaviours.understanding.languages import languages
from behaviours.understanding.prototypes import prototypes
from behaviours.understanding.signs.rules import FOLDER
from behaviours.understanding.text import normalise

SETS = Path(__file__).parents[2] / "sets"
_SHORTEST = 4  # words: shorter ones are what anybody says, and stand in every pattern


@cache
def labelled() -> frozenset[str]:
    rows = [json.loads(line) for path in SETS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    return frozenset(normalise(text) for row in rows for text in (row["text"], row.get("said", "")) if text)


def test_no_example_is_a_sentence_of_the_sets() -> None:
    found = sum(each.text in labelled() for examples in prototypes().values() for each in examples.sentences)
    assert found == 0, f"{found} examples stand in tests/sets"  # which ones is not shown: a third is held back


def test_no_pattern_spells_out_a_sentence_of_the_sets() -> None:
    long = [text for text in labelled() if len(text.split()) >= _SHORTEST]
    written = "\n".join(pattern.match_text for language in languages().values() for pattern in language.everything())
    signs = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / "words").glob("*.yaml"))
    found = sum(text in written or text in signs for text in long)
    assert found == 0, f"{found} sentences of tests/sets stand in patterns"
