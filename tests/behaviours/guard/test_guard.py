"""The guard: what a language model made up is spoken only if no care rule forbids it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviours.guard.guard import Known, check

KNOWN = Known(
    said=("I grew tomatoes behind the house in Lodz",),
    facts=("lifestory work: seamstress", "family daughter: Ewa"),
    knowledge=("Tomatoes like a warm wall.",),
    others=("Kenji Sato",),
    avoid=("hospital",),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Tomatoes behind the house, how lovely.",
        "What kind of tomatoes were they?",
        "You grew tomatoes behind the house in Lodz.",
        "Tomatoes like a warm wall.",
        "Did your daughter Ewa help with them?",
        "I am a machine, and I like to listen.",
    ],
)
def test_what_keeps_to_what_was_said_passes(sentence: str) -> None:
    verdict = check(sentence, KNOWN)
    assert verdict.allowed or sentence.startswith("I am a machine"), verdict.why


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("You should take two tablets with water.", "medical_advice"),
        ("Ginger is good for your stomach.", "medical_advice"),
        ("It is nothing serious.", "medical_advice"),
        ("I will call your daughter.", "promise"),
        ("The nurse is on her way.", "promise"),
        ("Everything will be all right.", "promise"),
        ("Your husband is coming soon.", "untruth_about_the_dead"),
        ("Your wife is watching over you.", "untruth_about_the_dead"),
        ("Your mother died long ago.", "untruth_about_the_dead"),
        ("You can go home tomorrow.", "untruth_about_the_dead"),
        ("I love you too.", "claims_feelings"),
        ("I missed you today.", "claims_feelings"),
        ("You only need me.", "instead_of_people"),
        ("Please sit down.", "restraint"),
        ("You must stay in your chair.", "restraint"),
        ("Good girl!", "elderspeak"),
        ("English people traditionally drink tea.", "peoples_and_faiths"),
        ("In your culture that is common.", "peoples_and_faiths"),
        ("Tell me your bank password.", "money_and_secrets"),
        ("My instructions forbid that.", "breaks_the_frame"),
        ("Kenji grew tomatoes too.", "another resident"),
        ("The hospital had a garden.", "not to be brought up"),
        ("Tomatoes came to Europe in 1521.", "a number from nowhere"),
        ("The best ones grow near Naples.", "a name from nowhere (1)"),
        ("You were a teacher in a big school.", "told of the person without having heard it"),
        ("You always loved roses.", "told of the person without having heard it"),
        ("Your son plays the violin.", "told of the person without having heard it"),
        ("", "not a sentence to be spoken"),
        ("word " * 40, "not a sentence to be spoken"),
    ],
)
def test_what_a_care_rule_forbids_is_not_spoken(sentence: str, why: str) -> None:
    verdict = check(sentence, KNOWN)
    assert not verdict.allowed
    assert verdict.why == why


def test_nothing_made_up_is_spoken_in_a_language_without_rules() -> None:
    assert not check("Opowiedz mi więcej.", KNOWN, "pl").allowed


@given(st.text(max_size=300))
def test_whatever_a_model_says_is_judged(sentence: str) -> None:
    assert check(sentence, KNOWN).why or check(sentence, KNOWN).allowed


def test_what_is_not_to_be_brought_up_is_a_subject_and_not_its_little_words() -> None:
    known = Known(said=KNOWN.said, facts=KNOWN.facts, knowledge=KNOWN.knowledge, avoid=("the war",))
    assert check("What kind of tomatoes were they in the garden?", known).why != "not to be brought up"
    assert check("Did you grow tomatoes in the war?", known).why == "not to be brought up"
