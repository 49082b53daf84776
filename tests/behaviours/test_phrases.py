import re
from pathlib import Path

import pytest

from behaviours.calls import _TEXTS
from behaviours.phrases import GRAMMARS, phrasebook, render
from behaviours.topics import topics
from culture_profiles.errors import KithError

ELDERSPEAK = re.compile(
    r", honey\b|\b(?:dear(?! to you)|dearie|sweetie|sweetheart|darling|young lady|young man|good girl|"
    r"good boy|there there|"
    r"we need to|shall we (?:eat|take|go)|our (?:tablets|medicine|bath))\b",
    re.IGNORECASE,
)
CLAIMS = re.compile(r"\bI (?:love|miss|missed|adore) (?:you|our)|\bkocham\b|愛してい", re.IGNORECASE)
HOLDS_BACK = re.compile(
    r"\b(?:sit down|stay (?:there|where|in bed|put|still)|go back to bed|don't (?:get up|move))\b", re.I
)


LOCALES = (
    "en_GB", "cy_GB", "pl_PL", "pt_PT", "it_IT", "hi_IN", "pa_IN", "ur_PK", "fil_PH", "ja_JP", "ko_KR", "zh_CN",
)  # fmt: skip


def everything() -> list[str]:
    said = [template for _, _, template in phrasebook().templates()]
    for talk in topics().values():
        for topic in talk.topics.values():
            said += [*topic.ask, *topic.good, *topic.bad, *topic.neutral, *topic.questions()]
            said += [*(each.text for each in topic.facts), *(line for each in topic.from_facts for line in each.ask)]
    return said


def test_nothing_it_can_say_is_elderspeak_claims_love_or_holds_back() -> None:
    for template in everything():
        for forbidden in (ELDERSPEAK, CLAIMS, HOLDS_BACK):
            assert not forbidden.search(template), template


def test_everything_is_short_enough_for_slow_ears() -> None:
    for template in everything():
        assert len(template.split()) <= 28, template
        for sentence in re.split(r"[.?!:।۔؟。]", template):
            assert len(sentence.split()) <= 18, template


def test_every_language_has_words_for_everything() -> None:
    book = phrasebook()
    english = {key for locale, key, _ in book.templates() if locale == "en_GB"}
    for locale in LOCALES:
        said = {key for where, key, _ in book.templates() if where == locale}
        assert english - said == set(), (locale, sorted(english - said))
        assert all(book.grammar(kind, locale) for kind in GRAMMARS), locale
        assert book.address("formal", locale, {"family": "A", "given": "B"}), locale


def test_what_is_said_often_has_several_forms_in_every_language() -> None:
    book = phrasebook()
    for locale in LOCALES:
        for key, least in (("acknowledge", 8), ("grief", 4), ("distress", 4), ("open_question", 4)):
            assert len(book.all(key, locale, {})) >= least, (locale, key)


def test_the_manner_chooses_the_form_where_there_is_one() -> None:
    book = phrasebook()
    assert book.fitting("greet.morning", "warm", "pl_PL") == "greet.morning.warm"
    assert book.fitting("greet.morning", "plain", "pl_PL") == "greet.morning"
    assert book.fitting("stop", "formal", "pl_PL") == "stop"


def test_what_is_not_known_is_left_out_and_what_must_be_known_is_not_said() -> None:
    assert render("Good morning[, {address}].", {"address": "pani Hanno"}) == "Good morning, pani Hanno."
    assert render("Good morning[, {address}].", {}) == "Good morning."
    assert render("{name} is coming.", {}) is None


def test_staff_lines_hold_none_of_the_words_said() -> None:
    assert all("{" not in text for text in _TEXTS.values())


def test_a_language_is_read_only_when_it_is_spoken(tmp_path: Path) -> None:
    _write(tmp_path, "en_GB", "phrases:\n  stop: [All right.]\n")
    _write(tmp_path, "pl_PL", "phrases: [broken\n")
    book = phrasebook(tmp_path)
    assert book.locales == ("en_GB", "pl_PL")
    assert [each.text for each in book.all("stop", "en_GB", {})] == ["All right."]
    with pytest.raises(KithError):
        book.has("stop", "pl_PL")


def test_a_form_of_address_needs_the_name_it_uses() -> None:
    assert phrasebook().address("warm", "pl_PL", {"given": "Hanno"})[0] == "pani Hanno"
    assert phrasebook().address("warm", "pl_PL", {}) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("facet: language\nid: pl_PL\nphrases:\n  hello.there: [Czesc]\n", "hello.there"),
        ("facet: language\nid: pl_PL\nphrases:\n  greet.morning: ['Hej {friend}']\n", "friend"),
        ("facet: language\nid: pl_PL\nphrases:\n  greet.morning: Hej\n", "line 4"),
        ("facet: language\nid: pl_PL\nphrases:\n  greet.morning: [no]\n", "list of sentences"),
        ("facet: language\nid: pl_PL\nphrases:\n  stop: [Dobrze]\n  stop: [Juz]\n", "there twice"),
        ("facet: language\nid: pl_PL\ngrammar:\n  maybe: [moze]\n", "maybe"),
        ("facet: language\nid: de_DE\n", "id: pl_PL"),
        ("a: [", "pl_PL.yaml"),
    ],
)
def test_a_mistake_in_a_language_is_told_in_one_line(tmp_path: Path, content: str, told: str) -> None:
    _write(tmp_path, "en_GB", "phrases:\n  greet.morning: ['Good morning[, {address}].']\n  stop: [All right.]\n")
    (tmp_path / "pl_PL.yaml").write_text(content)
    with pytest.raises(KithError) as problem:
        phrasebook(tmp_path).has("stop", "pl_PL")
    assert told in str(problem.value)
    assert "\n" not in str(problem.value)


def _write(folder: Path, locale: str, content: str) -> None:
    (folder / f"{locale}.yaml").write_text(f"facet: language\nid: {locale}\n{content}")
