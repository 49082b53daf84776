"""Care rule 13, as far as talk goes: what is assumed is neither said nor asked; a first greeting is neutral."""

from behaviours.acts import Gesture, Speak
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile
from tests.behaviours.minds import Chat, profile


def assumed(**facts: str) -> Profile:
    one = profile("kenji")
    return Profile("kenji", facts=[
        Fact(resident_id="kenji", key=key.replace("__", "."), value=value, source=Source.CULTURE_PRIOR,
             status=Status.ASSUMED, confidence=0.6, when=Chat(one).now)
        for key, value in facts.items()
    ])  # fmt: skip


FACETS = [
    {},
    {"language__greeting": "ja_JP", "address__form": "Sato-san", "language__mother": "ja_JP", "topics__liked": "tea"},
    {
        "language__greeting": "pl_PL",
        "address__form": "panie Kenji",
        "food__liked": "pierogi",
        "topics__liked": "church",
    },
]


def test_swapping_what_is_only_assumed_changes_nothing_it_says_or_does() -> None:
    talks = []
    for facts in FACETS:
        chat = Chat(assumed(**facts))
        talk: list[object] = []
        for text in ("Good morning", "I slept well", "Mm", "What do you know about me?", "I like music", "Goodbye"):
            chat.say(text)
            talk += [
                each.text if isinstance(each, Speak) else each
                for each in chat.acts
                if isinstance(each, Speak | Gesture)
            ]
        talks.append(talk)
    assert talks[0] == talks[1] == talks[2]


def test_the_first_greeting_is_neutral_and_then_follows_what_was_stated() -> None:
    chat = Chat(assumed(**FACETS[1]))
    assert chat.say("Good morning").startswith("Good morning.")
    stated = Chat(profile("kenji", language__greeting="ja_JP", address__form="佐藤さん"))
    assert stated.say("Good morning").startswith("佐藤さん、おはようございます。")


def test_no_bow_and_no_other_gesture_that_implies_anything() -> None:
    chat = Chat(profile("kenji", language__greeting="ja_JP"))
    chat.say("Good morning")
    assert not [each for each in chat.acts if isinstance(each, Gesture) and each.name != "nod"]
