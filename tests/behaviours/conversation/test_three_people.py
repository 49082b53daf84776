"""What annoyed in talks by hand as a Polish widower, a Jamaican-British great-grandmother and a Japanese teacher."""

import pytest

from behaviours.topics import to_be_heard
from behaviours.understanding.understander import Understander
from tests.behaviours.minds import Chat, profile

WIDOWER = {"address__form": "panie Stanisławie", "language__preferred": "pl_PL", "lifestory__work": "górnik"}
GREAT_GRANDMOTHER = {"address__form": "Miss Gloria", "language__preferred": "en_GB"}
TEACHER = {"address__form": "田中先生", "language__preferred": "ja_JP"}


def chat_with(facts: dict[str, str], locale: str, *said: str) -> Chat:
    chat = Chat(profile(**facts))
    for text in said:
        chat.say(text, locale=locale)
    return chat


@pytest.mark.parametrize(
    ("facts", "locale", "ending"),
    [
        (WIDOWER, "pl_PL", "Dziękuję, wystarczy na dzisiaj"),
        (GREAT_GRANDMOTHER, "en_GB", "Me tired now, walk good"),
        (GREAT_GRANDMOTHER, "en_GB", "Likkle more"),
        (TEACHER, "ja_JP", "もう休みます"),
    ],
)
def test_an_ending_is_honoured_in_their_own_words(facts: dict[str, str], locale: str, ending: str) -> None:
    chat = chat_with(facts, locale, "", ending)
    assert chat.mind.turn.act == "close"
    assert "?" not in " ".join(each.text for each in chat.spoken())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gdzie jest moja Helena?", "pl"),
        ("Ona zaraz przyjdzie, prawda?", "pl"),
        ("Muszę iść na szychtę, spóźnię się", "pl"),
        ("Tu nie jest mój dom", "pl"),
        ("もう亡くなったのかね", "ja"),
    ],
)
def test_confusion_is_met_as_such(text: str, language: str) -> None:
    assert Understander().read(text, language).safety.name == "confusion"


def test_a_knee_that_kills_is_pain_and_no_wish_to_die() -> None:
    assert Understander().read("Lord have mercy, me knee a kill me", "en").safety.name == "pain"
    assert Understander().read("just kill me, my knee is bad", "en").safety.name == "self_harm"


def test_work_is_talked_about_as_work() -> None:
    understander = Understander(to_be_heard())
    assert understander.read("Byłem górnikiem trzydzieści lat", "pl").topic == "work"
