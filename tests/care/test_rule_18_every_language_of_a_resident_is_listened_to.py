"""Care rule 18: a switch to the mother tongue is followed at once, so every language of the resident is listened to."""

from nodes.asr.choosing import choose
from nodes.asr.persons import speaker
from nodes.asr.recogniser import Heard, Word
from tests.behaviours.minds import profile


def heard(text: str, confidence: float) -> Heard:
    return Heard(text, tuple(Word(word, 0.0, 0.4, confidence) for word in text.split()), confidence)


def test_preferred_language_and_mother_tongue_are_both_expected() -> None:
    someone = speaker(profile("min", language__preferred="en_GB", language__mother="ko_KR"), "en_GB")
    assert someone.languages == ("en", "ko")
    assert someone.locales["ko"] == "ko_KR"
    assert speaker(profile("min", language__mother="ko_KR"), "en_GB").languages == ("ko", "en")
    assert speaker(None, "pl_PL").languages == ("pl",)


def test_the_first_sentence_in_the_mother_tongue_is_followed_and_so_is_the_way_back() -> None:
    switched = choose(
        {"en": (heard("an yong", 0.3), "faster-whisper"), "ko": (heard("안녕 하세요", 0.9), "vosk")}, ("en", "ko"), "en"
    )
    assert switched.languages == ("ko",)
    back = choose(
        {"en": (heard("good morning", 0.9), "faster-whisper"), "ko": (heard("그 모닝", 1.0), "vosk")},
        ("en", "ko"),
        "ko",
    )
    assert back.languages == ("en",)
