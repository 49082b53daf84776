"""Utterances begin, pause and end where a patient listener would say so."""

from hypothesis import given
from hypothesis import strategies as st

from nodes.asr.endpointer import Ending, Endpointer, Mark, Patience
from nodes.asr.vad import BLOCK_S


def run(endpointer: Endpointer, spoken: list[tuple[float, float]], ending: Ending | None) -> list[tuple[float, Mark]]:
    """`spoken`: (seconds, probability) one after the other; marks with the time at which they came."""
    marks, block = [], 0
    for seconds, probability in spoken:
        for _ in range(round(seconds / BLOCK_S)):
            block += 1
            if mark := endpointer.step(probability, ending):
                marks.append((block * BLOCK_S, mark))
    return marks


def names(marks: list[tuple[float, Mark]]) -> list[str]:
    return [mark.name for _, mark in marks]


def test_a_finished_sentence_ends_after_half_a_second() -> None:
    marks = run(Endpointer(Patience()), [(0.5, 0.0), (1.0, 0.9), (2.0, 0.0)], Ending.FINISHED)
    assert names(marks) == ["STARTED", "PAUSED", "ENDED"]
    assert 0.2 <= marks[1][0] - 1.5 < 0.27
    assert 0.48 <= marks[2][0] - 1.5 < 0.55


def test_an_unfinished_or_unknown_one_is_waited_for() -> None:
    for ending in (Ending.UNFINISHED, None):
        marks = run(Endpointer(Patience()), [(1.0, 0.9), (2.0, 0.0)], ending)
        assert 1.55 <= marks[-1][0] - 1.0 < 1.67


def test_a_doubtful_one_is_waited_for_a_little_longer() -> None:
    marks = run(Endpointer(Patience()), [(1.0, 0.9), (2.0, 0.0)], Ending.DOUBTFUL)
    assert 0.77 <= marks[-1][0] - 1.0 < 0.87
    assert names(run(Endpointer(Patience()), [(1.0, 0.9), (0.7, 0.0), (0.5, 0.9)], Ending.DOUBTFUL)) == [
        "STARTED",
        "PAUSED",
        "RESUMED",
    ]


def test_a_pause_of_1300_ms_in_an_unfinished_sentence_is_one_utterance() -> None:
    marks = run(Endpointer(Patience()), [(1.0, 0.9), (1.3, 0.0), (1.0, 0.9), (2.0, 0.0)], Ending.UNFINISHED)
    assert names(marks) == ["STARTED", "PAUSED", "RESUMED", "PAUSED", "ENDED"]


def test_a_click_is_no_utterance_and_a_soft_syllable_does_not_end_one() -> None:
    assert names(run(Endpointer(Patience()), [(0.07, 0.9), (1.0, 0.0)], Ending.FINISHED)) == ["STARTED", "DROPPED"]
    soft = run(Endpointer(Patience()), [(0.5, 0.9), (0.4, 0.4), (0.5, 0.9), (1.0, 0.0)], Ending.FINISHED)
    assert names(soft) == ["STARTED", "PAUSED", "ENDED"]


def test_endless_speech_is_cut_before_the_recogniser_overflows() -> None:
    marks = run(Endpointer(Patience()), [(60.0, 0.9)], Ending.FINISHED)
    assert names(marks)[:3] == ["STARTED", "ENDED", "STARTED"]
    assert marks[1][0] < 28.2


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([*Ending, None])), max_size=600))
def test_marks_always_come_in_order(steps: list[tuple[float, Ending | None]]) -> None:
    endpointer, state = Endpointer(Patience(longest_s=5.0)), "silent"
    for probability, ending in steps:
        mark = endpointer.step(probability, ending)
        if mark is None:
            continue
        allowed = {"silent": {Mark.STARTED}, "speaking": {Mark.PAUSED, Mark.ENDED, Mark.DROPPED}}
        allowed["paused"] = {Mark.RESUMED, Mark.ENDED}
        assert mark in allowed[state]
        state = {Mark.STARTED: "speaking", Mark.RESUMED: "speaking", Mark.PAUSED: "paused"}.get(mark, "silent")
    assert endpointer.speaking == (state != "silent")
