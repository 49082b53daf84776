"""The pages in seven languages: every sentence has its words in each, with the same placeholders."""

import pytest

from nodes.tablet import languages
from nodes.tablet.languages import ENGLISH, LANGUAGES, chosen, missing, translated

OTHERS = [each for each in LANGUAGES if each != ENGLISH]


@pytest.fixture(scope="module")
def said() -> list[str]:
    found = languages.said()
    assert {"I am coming", "What do they like to talk about?", "A PIN has 6 to 12 digits.", "Staff were told"} <= set(
        found
    )
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_lacks_its_words(said: list[str], language: str) -> None:
    assert missing(language, said) == [], "run: python -m nodes.tablet.languages, then fill in what it names"


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_are_those_of_the_language(language: str) -> None:
    assert translated("I am coming", language) != "I am coming"
    assert translated("no such sentence", language) == "no such sentence"


def test_the_language_is_the_persons_else_the_devices() -> None:
    assert chosen("cy", "pl") == "cy"
    assert chosen("", "de, tl;q=0.8, pl;q=0.5") == "fil"
    assert chosen("xx", "x" * 5000) == "en"
