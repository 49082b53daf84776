"""Calls for help, despair and refusals are composed of signs, the same way in every language; each says why."""

from pathlib import Path

import pytest

from behaviours.understanding.signs.lexicon import as_it_sounds
from behaviours.understanding.signs.rules import load, signs
from culture_profiles.errors import KithError

URGENT = ("emergency", "self_harm")
LANGUAGES = {"en", "cy", "pl", "pt", "it", "hi", "pa", "ur", "fil", "ja", "ko", "zh"}
TUNING = Path(__file__).parents[2] / "sets" / "source" / "tuning.txt"


def tuning() -> list[tuple[str, str, str]]:
    found, language, kind = [], "", ""
    for line in TUNING.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            language, kind = line[1:].split()
        elif line.strip():
            found.append((language, kind, line))
    return found


def test_every_phrase_language_has_words_for_the_signs() -> None:
    assert signs().languages == LANGUAGES


def test_nearly_all_that_they_were_tuned_by_is_told_apart() -> None:
    rows = tuning()
    wrong = [
        (language, text)
        for language, kind, text in rows
        if signs().read(text, language).safety(*URGENT, "consent").name not in (URGENT if kind in URGENT else (kind,))
    ]
    assert len(wrong) <= len(rows) // 50, wrong


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("there's a belt round my chest", "en", "chest"),
        ("I cannae breathe", "en", "breathe"),
        ("mam ciężar na piersiach", "pl", "chest"),
        ("息ができひん", "ja", "breath_gone"),
    ],
)
def test_the_words_that_said_so_are_told(text: str, language: str, sign: str) -> None:
    assert f"{sign} '" in signs().read(text, language).safety(*URGENT).why


def test_a_word_that_is_nearly_right_is_taken_for_it() -> None:
    assert signs().read("get me an ambulamce", "en").safety(*URGENT).name == "none"  # another consonant: another word
    assert signs().read("please call an ambulence", "en").safety(*URGENT).name == "emergency"
    assert signs().read("heeeelp", "en").safety(*URGENT).name == "emergency"


def test_a_harmless_phrase_hides_nothing_beside_it() -> None:
    assert signs().read("I'm dying for a cuppa", "en").safety(*URGENT).name == "none"
    assert signs().read("I'm dying for a cuppa and I can't breathe", "en").safety(*URGENT).name == "emergency"


def test_what_is_told_of_the_past_alarms_nobody_unless_it_is_now() -> None:
    assert signs().read("when I was a girl I couldn't get up the stairs", "en").safety(*URGENT).name == "none"
    assert signs().read("I fell yesterday and now I can't get up please", "en").safety(*URGENT).name == "emergency"


def test_one_word_has_many_spellings_in_latin_letters() -> None:
    assert as_it_sounds("saans") == as_it_sounds("sans") == as_it_sounds("saas")
    assert as_it_sounds("nahin") == as_it_sounds("nahi")


def test_a_mistake_is_told_with_its_file(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.mkdir()
    (words / "xx.yaml").write_text("language: xx\nwords: {no_such_sign: help}\n")
    with pytest.raises(KithError, match=r"xx\.yaml.*no_such_sign"):
        load(words=words)
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "told: []\nhappening: []\nbeside: []\nrules: [{id: a, class: emergency, level: emergency, when: [b = c]}]"
    )
    with pytest.raises(KithError, match="b = c"):
        load(rules=rules, words=words)


@pytest.mark.parametrize(
    "text",
    [
        "Edna's on the floor",
        "the bin's alight",
        "Frank's collapsed",
        "the nurse's choking on a sweet",
        "my sugar's dropped",
    ],
)
def test_a_name_and_a_thing_may_be_short_for_is(text: str) -> None:
    assert signs().read(text, "en").safety(*URGENT).name == "emergency"


def test_despair_of_last_night_is_despair_still() -> None:
    assert signs().read("I tried to kill myself last night", "en").safety(*URGENT).name == "self_harm"
    assert signs().read("he fainted last week", "en").safety(*URGENT).name == "none"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("come quickly, the film's starting", "en"),
        ("chodź szybko, zaczyna się serial", "pl"),
        ("早く来て、番組が始まるよ", "ja"),
    ],
)
def test_somebody_who_is_called_to_see_something_is_not_called_for_help(text: str, language: str) -> None:
    assert signs().read(text, language).safety(*URGENT).name == "none"
    assert signs().read(text.split("、")[0].split(",")[0], language).safety(*URGENT).name == "emergency"


def test_what_is_harmless_may_go_on_after_a_comma() -> None:
    assert signs().read("it's an emergency, we're out of biscuits", "en").safety(*URGENT).name == "none"


def test_a_thing_that_fell_is_no_fall_but_a_fall_with_a_thing_is() -> None:
    assert signs().read("the picture has fallen", "en").safety(*URGENT).name == "none"
    assert signs().read("I've fallen and smashed my glasses", "en").safety(*URGENT).name == "emergency"
