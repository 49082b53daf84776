"""Care rule 25: "who told you?" names a person only if they agreed to it."""

import pytest

from behaviours.ownership.provenance import who_told
from behaviours.phrases import phrasebook
from tests.behaviours.minds import Chat
from tests.culture_profiles.profiles import fact, profile

AGREED = fact("sources.may_be_named", "Ewa")


def test_somebody_who_did_not_agree_is_not_named() -> None:
    told = fact("food.liked", "pierogi", "family", who="ewa")
    assert (who_told(profile(told), [told]).phrase, who_told(profile(told), [told]).name) == ("who_told.someone", "")
    reply = who_told(profile(told, AGREED), [told])
    assert (reply.phrase, reply.name) == ("who_told.named", "Ewa")


def test_several_tellers_are_not_named_even_if_one_agreed() -> None:
    facts = [fact("food.liked", "pierogi", "family", who="ewa"), fact("food.liked", "soup", "family", who="jan")]
    assert who_told(profile(*facts, AGREED), facts).name == ""


def test_only_staff_record_that_somebody_agreed() -> None:
    told = fact("food.liked", "pierogi", "family", who="ewa")
    own_say = fact("sources.may_be_named", "Ewa", "family")
    assert who_told(profile(told, own_say), [told]).name == ""


@pytest.mark.parametrize(
    ("source", "phrase"), [("resident", "who_told.you"), ("carer", "who_told.staff"), ("family", "who_told.someone")]
)
def test_the_answer_tells_the_source(source: str, phrase: str) -> None:
    told = fact("food.liked", "soup", source, who="x")
    assert who_told(profile(told), [told]).phrase == phrase
    assert phrasebook().has(phrase)


def test_asked_in_talk() -> None:
    known = [fact("consent.memory", "yes", "resident"), fact("family.daughter", "Ewa", "family", who="jan")]
    chat = Chat(profile(*known))
    said = chat.say("Who told you about Ewa?")
    assert "jan" not in said.casefold()
    assert "agreed" in said or "may not" in said
    assert "myself" not in said
