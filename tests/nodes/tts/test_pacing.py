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


def test_while_an_engine_is_restarted_the_loudspeaker_gets_silence_and_then_the_rest() -> None:
    pacer, sent, now = Pacer(), [], 0.0
    pacer.add(Sound(np.ones(RATE // 10, np.int16), RATE))
    while now < 3.0:
        sent += pacer.due(now)
        if now == 0.0:
            pacer.started(now)
        assert pacer.sent_s - pacer.played_s(now) > 0.05, "never hungry"
        now += 0.02
    silent = len(sent)
    pacer.add(Sound(np.full(RATE // 10, 2, np.int16), RATE))
    pacer.complete()
    while not pacer.over:
        sent += pacer.due(now)
        now += 0.02
    heard = np.concatenate([piece.samples for piece in sent])
    assert (np.count_nonzero(heard == 1), np.count_nonzero(heard == 2)) == (RATE // 10, RATE // 10)
    assert sent[-1].last and not any(piece.last for piece in sent[:silent])


def test_silence_that_turns_out_to_be_the_end_carries_the_mark_of_the_end() -> None:
    pacer, now = Pacer(), 0.0
    pacer.add(Sound(np.ones(RATE // 10, np.int16), RATE))
    pacer.due(now)
    pacer.started(now)
    for _ in range(50):
        now += 0.02
        pacer.due(now)
    pacer.complete()
    assert not pacer.over
    assert [piece.last for piece in pacer.due(now + 1.0)] == [True]
    assert pacer.over


def test_a_sentence_is_left_without_the_silence_around_it() -> None:
    loud = np.full(RATE // 2, 5000, np.int16)
    done = trimmed(Sound(np.concatenate((np.zeros(RATE, np.int16), loud, np.zeros(RATE, np.int16))), RATE))
    assert 0.5 < done.seconds < 0.53
    assert not len(trimmed(Sound(np.zeros(RATE, np.int16), RATE)).samples)
