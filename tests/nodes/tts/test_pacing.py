"""Sound is never far ahead of what has sounded, and nothing of it is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nodes.tts.pacing import AHEAD_S, Pacer, trimmed
from nodes.tts.synthesiser import Sound

RATE = 22_050


@given(st.lists(st.floats(0.0, 1.5), min_size=1, max_size=5), st.integers(1, 200))
def test_all_of_it_in_order_once_and_the_last_piece_marked(lengths: list[float], step_ms: int) -> None:
    pacer, sent, lasts, now, started = Pacer(), [], [], 0.0, None
    total = np.arange(sum(int(length * RATE) for length in lengths)).astype(np.int16)
    at = 0
    for length in lengths:
        size = int(length * RATE)
        pacer.add(Sound(total[at : at + size], RATE))
        at += size
    pacer.complete()
    while not pacer.over:
        for piece in pacer.due(now):
            sent.append(piece.samples)
            lasts.append(piece.last)
        played = 0.0 if started is None else min(now - started, pacer.sent_s)
        assert pacer.sent_s - played <= AHEAD_S + 1e-6
        if started is None and sent:
            started = now
            pacer.started(now)
        now += step_ms / 1000
    assert np.array_equal(np.concatenate(sent) if sent else total[:0], total)
    assert lasts == [False] * (len(lasts) - 1) + [True] * bool(lasts)


def test_nothing_is_marked_last_before_it_is_known() -> None:
    pacer = Pacer()
    pacer.add(Sound(np.ones(RATE // 10, np.int16), RATE))
    assert [piece.last for piece in pacer.due(0.0)] == [False] * 4
    pacer.complete()
    assert [piece.last for piece in pacer.due(0.0)] == [True]


def test_a_sentence_begins_without_silence_and_ends_with_one_pause() -> None:
    loud = np.full(RATE // 2, 5000, np.int16)
    done = trimmed(Sound(np.concatenate((np.zeros(RATE, np.int16), loud, np.zeros(RATE, np.int16))), RATE))
    assert 0.7 < done.seconds < 0.75
    assert not len(trimmed(Sound(np.zeros(RATE, np.int16), RATE)).samples)
