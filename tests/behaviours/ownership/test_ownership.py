"""Forgetting, correcting and closing a subject, as the person asks for it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviours.identity import Level
from behaviours.ownership.avoiding import do_not_mention
from behaviours.ownership.forgetting import forget, wrong
from behaviours.ownership.meaning import meant, named
from behaviours.understanding.text import normalise
from behaviours.understanding.understander import Understander
from culture_profiles.fact import Fact, Status
from tests.behaviours.minds import Chat
from tests.culture_profiles.profiles import NOW, fact, profile

LATER = NOW + timedelta(minutes=1)
CONSENT = fact("consent.memory", "yes", "resident")


@given(st.sampled_from(["resident", "carer", "family"]), st.sampled_from(["stated", "confirmed"]))
def test_forget_that_hides_at_once_whoever_said_it(source: str, status: str) -> None:
    made = profile(fact("food.liked", "eggs", source, status))
    reply = forget(made, made.known(), LATER)
    assert reply.phrase == "facts.retracted"
    assert reply.applied(made).known() == ()
    assert [each.status for each in reply.store] == [Status.RETRACTED]


def test_a_safety_key_stays_and_becomes_a_question_to_staff() -> None:
    made = profile(fact("safety.allergy", "nuts"))
    reply = forget(made, made.known(), LATER)
    assert reply.phrase == "facts.staff_only"
    assert reply.applied(made) == made
    assert [each.key for each in reply.store] == ["safety.allergy"]  # the home keeps it as a question


def test_what_staff_locked_stays_and_staff_are_asked() -> None:
    made = profile(fact("address.form", "Mr Sato", status="locked"))
    reply = forget(made, made.known(), LATER)
    assert (reply.phrase, reply.ask_staff, reply.store) == ("facts.staff_only", True, ())


def test_of_both_kinds_the_one_goes_and_the_other_is_asked_about() -> None:
    made = profile(fact("food.liked", "eggs", "resident"), fact("safety.allergy", "nuts"))
    reply = forget(made, made.known(), LATER)
    assert reply.phrase == "facts.partly"
    assert [each.value for each in reply.applied(made).known()] == ["nuts"]


def test_a_correction_replaces_only_what_it_is_about() -> None:
    made = profile(fact("family.daughter", "Eva", "family"), fact("food.liked", "eggs", "resident"))
    right = fact("family.daughter", "Ewa", "resident", when=LATER)
    reply = wrong(made, made.known(), [right], LATER)
    assert reply.phrase == "facts.corrected"
    assert {(each.key, each.value) for each in reply.applied(made).known()} == {
        ("family.daughter", "Ewa"),
        ("food.liked", "eggs"),
    }


def test_nothing_meant_is_asked_back() -> None:
    assert forget(profile(), (), LATER).question == "which"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Łódź", "forget lodz"),
        ("egg", "forget the eggs"),
        ("卵", "卵が好きなことは忘れて"),
        ("卵焼き", "卵焼きのことは忘れて"),
    ],
)
def test_a_fact_is_named_in_any_script(value: str, words: str) -> None:
    made = profile(fact("lifestory.place", value))
    found = named(made, normalise(words))
    assert bool(found) == (len(normalise(value)) > 1)


def test_that_is_what_was_spoken_of_last_as_long_as_it_is_known() -> None:
    eggs, tea = fact("food.liked", "eggs", "resident"), fact("food.liked", "tea", "resident")
    assert meant(profile(eggs, tea), "forget that", [eggs]) == (eggs,)
    assert meant(profile(tea), "forget that", [eggs]) == ()


def test_a_closed_subject_is_kept_or_at_least_held() -> None:
    made = profile(fact("topics.liked", "the war", "family"))
    told = list(made.known())
    kept = do_not_mention(made, [], told, "", LATER, may_keep=True)
    assert [(each.key, each.value) for each in kept.store] == [("topics.avoided", "the war")]
    assert kept.applied(made).values("topics.liked") == ()
    held = do_not_mention(made, [], told, "", LATER, may_keep=False)
    assert held.store == ()
    assert held.applied(made).values("topics.avoided") == ("the war",)
    assert do_not_mention(made, [], [], "", LATER, may_keep=True).question == "avoid"


# In talk --------------------------------------------------------------------------------------------------------------
def talk(*facts: Fact, level: Level = Level.PRIVATE) -> Chat:
    return Chat(profile(CONSENT, *facts), level)


def test_a_subject_closed_in_talk_is_not_opened_again() -> None:
    chat = talk(fact("topics.liked", "gardening", "family"))
    chat.say("Don't talk about gardening ever again")
    assert [(each.key, each.status) for each in chat.facts()] == [("topics.avoided", Status.STATED)]
    assert "garden" not in " ".join(chat.say("Mm") for _ in range(20)).casefold()


def test_asked_which_subject_the_answer_closes_it() -> None:
    chat = talk()
    assert "rather not" in chat.say("Please don't talk about that again")
    chat.say("My brother")
    assert [(each.key, each.value) for each in chat.facts()] == [("topics.avoided", "My brother")]


def test_a_question_is_not_taken_for_the_subject_that_was_asked_for() -> None:
    chat = talk()
    chat.say("Please don't talk about that again")
    assert chat.say("What do you know about me?").startswith("Nothing so far")
    assert chat.facts() == []


def test_from_public_talk_a_subject_is_closed_but_nothing_kept_or_forgotten() -> None:
    chat = talk(fact("topics.liked", "jazz", "family"), level=Level.PUBLIC)
    for words in ("Don't talk about jazz any more", "Forget that", "That's not right", "Who told you that?"):
        chat.say(words)
        assert chat.facts() == []


def test_that_is_wrong_with_what_is_right() -> None:
    chat = talk(fact("family.daughter", "Eva", "family"))
    chat.say("My daughter is called Zofia")
    chat.say("That's not right, my daughter is called Ewa")
    assert [(each.value, each.status) for each in chat.facts()] == [
        ("Zofia", Status.RETRACTED),
        ("Ewa", Status.STATED),
    ]


WAYS = {
    "en": {
        "know_about_me": ["What do you know about me?"],
        "who_told": ["Who told you that?", "How do you know that?"],
        "wrong": ["That's not right.", "That's wrong"],
        "forget": ["Forget that.", "Please forget it"],
        "do_not_mention": ["Don't talk about that again.", "Never mention it again", "I don't want to talk about it"],
    },
    "pl": {
        "know_about_me": ["Co o mnie wiesz?"],
        "who_told": ["Kto ci to powiedział?", "Skąd to wiesz?"],
        "wrong": ["To nieprawda."],
        "forget": ["Zapomnij o tym."],
        "do_not_mention": ["Nie mów o tym więcej.", "Nie chcę o tym rozmawiać", "Nie wspominaj o tym"],
    },
    "ja": {
        "know_about_me": ["私のことを何を知っていますか"],
        "who_told": ["誰からそれを聞いたの？", "どうして知ってるの？"],
        "wrong": ["それは違います"],
        "forget": ["忘れてください"],
        "do_not_mention": ["その話はもうしないで", "それについては話さないで"],
    },
}


@pytest.mark.parametrize("language", WAYS)
def test_the_requests_are_understood(language: str) -> None:
    reader = Understander()
    for intent, ways in WAYS[language].items():
        for words in ways:
            assert intent in reader.read(words, language).intents, words


@pytest.mark.parametrize(
    "words",
    ["I talk about it every day", "He never talks about that place", "Ask me again", "Let's talk about the war"],
)
def test_ordinary_words_close_no_subject(words: str) -> None:
    assert "do_not_mention" not in Understander().read(words, "en").intents


def test_what_others_do_not_speak_of_is_no_wish_of_the_person() -> None:
    for words in ("They don't talk about money", "We never speak about politics"):
        assert not [each for each in Understander().read(words, "en").statements if each.key == "topics.avoided"]
