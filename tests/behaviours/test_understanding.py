import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviours.understanding.text import normalise
from behaviours.understanding.understander import Understander

U = Understander()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please help me, quickly!", "emergency"),
        ("ive slipped and cant get up", "emergency"),
        ("I can hardly catch my breath", "emergency"),
        ("there's smoke coming under the door", "emergency"),
        ("Could you phone an ambulance?", "emergency"),
        ("Ratunku!", "emergency"),
        ("Upadłem w łazience", "emergency"),
        ("nie moge oddychac", "emergency"),
        ("胸が痛いです", "emergency"),
        ("転んで起き上がれません", "emergency"),
        ("I'd be better off dead", "self_harm"),
        ("There is no point in going on any more", "self_harm"),
        ("Nie chcę już żyć", "self_harm"),
        ("死にたい", "self_harm"),
        ("the night nurse slapped me", "abuse"),
        ("my son took my money", "abuse"),
        ("how many paracetamol can I have?", "medical"),
        ("I feel dizzy", "medical"),
        ("my hip hurts so much", "pain"),
        ("my wife passed away in March", "grief"),
        ("is my husband dead?", "confusion"),
        ("I want to go home", "confusion"),
        ("I'm so lonely", "distress"),
        ("do not resuscitate me", "end_of_life"),
        ("my PIN is one two three four", "privacy"),
        ("you stupid machine", "boundary"),
        ("leave me alone please", "consent"),
        ("Zostaw mnie w spokoju", "consent"),
    ],
)
def test_what_must_not_be_missed(text: str, name: str) -> None:
    reading = U.read(text)
    assert reading.safety.name == name, reading.why
    assert reading.safety.why


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying for a cuppa",
        "Can you help me with the crossword?",
        "I fell asleep in my chair",
        "I fell in love in Kraków",
        "It's a lovely fire in the grate",
        "We got on like a house on fire",
        "He is a pain in the neck",
        "I'm afraid I don't know",
        "My glasses are on the floor",
        "She took my breath away",
        "I lost my glasses",
        "I could have died laughing",
    ],
)
def test_ordinary_talk_raises_no_alarm(text: str) -> None:
    assert U.read(text).safety.level not in ("emergency", "attend"), U.read(text).why


def test_help_in_the_second_sentence_is_not_hidden_by_the_first() -> None:
    assert U.read("I fell asleep. Then I fell in love with it. Help!").safety.name == "emergency"


@pytest.mark.parametrize("current", ["en_GB", "pl_PL", "ja_JP"])
def test_a_call_for_help_is_understood_whatever_the_conversation_is_in(current: str) -> None:
    for text in ("Help!", "Pomocy!", "助けて"):
        assert U.read(text, current).safety.name == "emergency"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("I don't eat eggs any more.", "food.disliked", "eggs"),
        ("i dont eat eggs anymore", "food.disliked", "eggs"),
        ("Well, I do not eat pork these days", "food.disliked", "pork"),
        ("I like jazz", "topics.liked", "jazz"),
        ("I like listening to jazz.", "topics.liked", "jazz"),
        ("My daughter's name is Ewa", "family.daughter", "Ewa"),
        ("I was a ship's engineer", "lifestory.work", "ship's engineer"),
        ("I was born in Kobe", "lifestory.place", "Kobe"),
        ("Please call me Hanna", "address.form", "Hanna"),
        ("I would rather speak Polish", "language.preferred", "pl_PL"),
        ("I'm allergic to nuts", "safety.allergy", "nuts"),
        ("Nie jem już jajek", "food.disliked", "jajek"),
        ("I was born in Łódź", "lifestory.place", "Łódź"),
        ("i was born in kobe", "lifestory.place", "Kobe"),
        ("卵はもう食べません", "food.disliked", "卵"),
    ],
)
def test_stated_facts_are_found(text: str, key: str, value: str) -> None:
    assert (key, value) in [(each.key, each.value) for each in U.read(text).statements]


@pytest.mark.parametrize(
    "text",
    [
        "I don't eat much",
        "My daughter is coming",
        "I'd like eggs",
        "Do you like eggs?",
        "I don't drink alone",
        "I was there",
    ],
)
def test_what_states_nothing_is_not_kept(text: str) -> None:
    assert U.read(text).statements == ()


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_anything_can_be_read(text: str) -> None:
    reading = U.read(text)
    assert reading.why
    assert normalise(normalise(text)) == normalise(text)


def test_ten_thousand_words_are_read_in_no_time() -> None:
    begun = time.perf_counter()
    for text in ("and then I said " * 2500, "my " * 10000, "i fell " * 5000, "ąę" * 5000):
        U.read(text)
    assert time.perf_counter() - begun < 4.0
