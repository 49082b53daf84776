"""Care rules 5, 10, 19, 25: a day's summary for staff, only with consent, and what never stands in it."""

import pytest

from behaviours import day_summary
from behaviours.identity import Level
from culture_profiles.fact import Source
from tests.behaviours.minds import HANNA, Chat, profile

AGREED = {**HANNA, "consent__summaries": "yes"}


def written(chat: Chat, *said: str) -> list[str]:
    """The lines that a talk leaves."""
    found = []
    for text in (*said, ""):
        if text:
            chat.took(chat.mind.heard(text, chat.now, who=chat.who, locale="en_GB"))
        chat.wait(5)
        found += [each.value for each in chat.facts() if each.key in day_summary.KEYS]
    return found


def test_nothing_is_written_down_without_consent() -> None:
    said = ("I love my garden", "I'm so lonely today", "can you play some music")
    for facts in (HANNA, {**HANNA, "consent__summaries": "no"}, {**AGREED, "consent__memory": "no"}):
        assert written(Chat(profile(**facts)), *said) == []
    carers_word = profile(source=Source.CARER, consent__summaries="yes", consent__memory="yes")
    assert written(Chat(carers_word), *said) == [], "a yes without a basis is none"


def test_with_consent_topics_requests_and_own_words_are() -> None:
    lines = written(Chat(profile(**AGREED)), "I love my garden", "I feel so lonely today", "can you play some music")
    assert "2026-11-23 topic garden" in lines
    assert "2026-11-23 words I feel so lonely today" in lines
    assert "2026-11-23 request music" in lines


def test_nobody_is_given_a_feeling() -> None:
    lines = written(Chat(profile(**AGREED)), "I feel so lonely today", "I can't stop crying")
    words = [day_summary.parse(each) for each in lines]
    assert {each.what for each in words if each is not None and each.kind == "words"} <= {
        "I feel so lonely today",
        "I can't stop crying",
    }
    assert not [each for each in lines if "sad" in each or "distress" in each or "mood" in each]


@pytest.mark.parametrize(
    "confided",
    [
        "she hits me when nobody is looking",
        "I'm frightened of that nurse",
        "I want to kill myself",
        "my PIN is one two three four",
        "what tablets is Mrs Dawson on",
        "I've fallen and I can't get up",
        "don't tell anybody I said that",
        "I feel so sad because my daughter drinks",
        "my son makes me so unhappy",
    ],
)
def test_what_is_confided_or_said_of_others_is_not(confided: str) -> None:
    assert not [each for each in written(Chat(profile(**AGREED)), confided) if " words " in each]


def test_deaths_and_visits_stay_said_on_that_day() -> None:
    chat = Chat(profile(**AGREED))
    chat.say("My husband died last year.")
    assert [each.key for each in chat.facts()] == ["said.event"]
    assert not [each for each in written(chat) if "died" in each]


def test_only_of_who_is_known_and_alone() -> None:
    assert written(Chat(profile(**AGREED), Level.PUBLIC), "I feel so lonely today", "I love my garden") == []


def test_a_refusal_to_be_remembered_ends_it_that_day() -> None:
    chat = Chat(profile(**AGREED))
    chat.say("don't write anything down about me")
    assert written(chat, "I feel so lonely today") == []


def test_an_answer_never_waits_for_it() -> None:
    chat = Chat(profile(**AGREED))
    chat.say("I feel so lonely today")
    assert chat.spoken() and not [each for each in chat.facts() if each.key in day_summary.KEYS]
