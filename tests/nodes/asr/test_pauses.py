"""How long to wait, learned per resident, and which words were said in which language."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.asr.choosing import choose
from nodes.asr.endpointer import Ending, Patience
from nodes.asr.pauses import LONG, Pauses
from nodes.asr.recogniser import NOTHING, Cadence, Heard, Word
from nodes.asr.unfinished import ending, goes_on, sounds_unfinished


def test_who_pauses_long_inside_sentences_is_waited_for_longer_and_nobody_else_is() -> None:
    pauses = Pauses(Patience())
    pauses.went_on("hanna", 2.2, finished=False)
    assert pauses.patience("hanna").unfinished_s > 2.2
    assert pauses.patience("hanna").end_s == Patience().end_s
    assert pauses.patience("kenji") == Patience()


def test_who_often_goes_on_after_finished_words_is_given_time_and_loses_it_again() -> None:
    pauses = Pauses(Patience())
    for _ in range(4):
        pauses.went_on("hanna", 1.1, finished=True)
    assert pauses.patience("hanna").end_s > 1.1
    for _ in range(12):
        pauses.was_over("hanna")
    assert pauses.patience("hanna").end_s == Patience().end_s


def test_with_aphasia_everything_is_waited_for_long() -> None:
    patience = Pauses(Patience()).patience("hanna", long=True)
    assert (patience.end_s, patience.doubtful_s, patience.unfinished_s) == (1.8, 3.0, 4.5)
    assert patience == Pauses(LONG).patience("hanna")


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 60.0), st.booleans()), max_size=40))
def test_waiting_has_bounds_whatever_was_learned(heard: list[tuple[float, bool]]) -> None:
    pauses, least = Pauses(Patience()), Patience()
    for pause_s, finished in heard:
        pauses.went_on("hanna", pause_s, finished=finished)
    patience = pauses.patience("hanna")
    assert least.end_s <= patience.end_s <= 2.0
    assert least.unfinished_s <= patience.unfinished_s <= 5.0
    assert patience.end_s <= patience.doubtful_s <= patience.unfinished_s


@pytest.mark.parametrize(
    "text", ["My husband and I.", "Is there any?", "He was a good.", "Would you please?", "They gave us.", "It was so."]
)
def test_a_full_stop_of_the_recogniser_does_not_finish_a_sentence(text: str) -> None:
    assert sounds_unfinished(text, "en")


@pytest.mark.parametrize("text", ["Who are you?", "Where are you from?", "Please come in.", "Who is he?", "Go on."])
def test_short_questions_and_requests_are_finished(text: str) -> None:
    assert not sounds_unfinished(text, "en")


def words(text: str, confidence: float, begins: float = 0.0) -> Heard:
    made = tuple(
        Word(word, begins + place * 0.5, begins + place * 0.5 + 0.4, confidence)
        for place, word in enumerate(text.split())
    )
    return Heard(text, made, confidence)


CALM, LEFT_OFF = Cadence(0.9, 0.01, 0.02, 0.99), Cadence(0.2, 0.4, 0.25, 0.7)


def test_how_words_were_spoken_tells_what_the_words_alone_do_not() -> None:
    def sounds(text: str, cadence: Cadence | None, language: str = "en") -> Ending:
        return ending(Heard(text, (), 0.9, cadence), language)

    assert sounds("My daughter is coming.", CALM) is Ending.FINISHED
    assert sounds("My daughter is coming.", LEFT_OFF) is Ending.UNFINISHED
    assert sounds("My daughter is coming.", Cadence(0.75, 0.07, 0.06, 0.9)) is Ending.DOUBTFUL
    assert sounds("My daughter is", CALM) is Ending.UNFINISHED
    assert sounds("My daughter is coming.", None) is Ending.FINISHED
    assert sounds("Moja córka", LEFT_OFF, "pl") is Ending.UNFINISHED


def test_a_last_word_that_may_have_been_another_one_after_which_more_must_come_is_waited_for() -> None:
    def sounds(text: str, instead: float | None) -> Ending:
        return ending(Heard(text, (), 0.9, replace(CALM, open=instead)), "en")

    assert sounds("Somebody has taken mine.", 0.25) is Ending.UNFINISHED  # "my", as the engine also thinks
    assert sounds("I used to work on ships.", 0.02) is Ending.DOUBTFUL
    assert sounds("My daughter is coming.", 0.001) is Ending.FINISHED
    assert sounds("My daughter is coming.", None) is Ending.FINISHED
    assert sounds("Yes, please.", 0.25) is Ending.FINISHED


def test_a_word_heard_well_ends_a_sentence_in_whatever_tone() -> None:
    said = Heard("I think I would like some tea.", (), 0.9, replace(LEFT_OFF, open=0.001))
    assert ending(said, "en") is Ending.DOUBTFUL


def test_a_possessive_heard_as_a_plural_is_unfinished() -> None:
    assert sounds_unfinished("It's my granddaughters.", "en")
    assert not sounds_unfinished("I had tea with my daughters.", "en")
    assert not sounds_unfinished("It's my glasses.", "en")


@pytest.mark.parametrize("text", ["Later, please.", "Yes.", "No, thank you.", "I think so.", "Good night.", "Help!"])
def test_short_answers_are_whole_however_they_were_spoken(text: str) -> None:
    assert ending(Heard(text, (), 0.9, LEFT_OFF), "en") is Ending.FINISHED


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_more_is_likelier_the_more_another_word_is(values: list[float]) -> None:
    stops, trails, follows, sure = values
    less, more = Cadence(stops, trails, follows / 2, sure), Cadence(stops, trails, follows, sure)
    assert 0 < goes_on(less) <= goes_on(more) < 1


def test_the_mother_tongue_is_followed_at_once_and_one_doubtful_word_is_no_switch() -> None:
    english, korean = words("good morning", 0.85), words("좋은 아침", 0.9)
    both = {"en": (words("go chung", 0.3), "faster-whisper"), "ko": (korean, "vosk")}
    assert choose(both, ("en", "ko"), "en").languages == ("ko",)
    assert choose({"en": (english, "faster-whisper"), "ko": (korean, "vosk")}, ("ko", "en"), "ko").languages == ("en",)
    near = {"en": (words("nay", 0.5), "faster-whisper"), "ko": (words("네", 0.8), "vosk")}
    assert choose(near, ("ko", "en"), "ko").languages == ("ko",)
    assert choose({"en": (NOTHING, "faster-whisper")}, ("en",), "") == choose({}, ("en",), "")


def test_a_mixed_sentence_keeps_the_words_of_both_languages() -> None:
    english = Heard("I want to see me", (*words("I want to see", 0.9).words, *words("me", 0.2, 2.0).words), 0.76)
    korean = words("어머니", 0.95, 2.0)
    chosen = choose({"en": (english, "faster-whisper"), "ko": (korean, "vosk")}, ("en", "ko"), "en")
    assert chosen.heard.text == "I want to see 어머니"
    assert chosen.languages == ("en", "ko")
