"""The robot's own voice: known from what was sent, taken out of the sound, known by its words, and doubted late."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.asr.echo import LEAD_S, EchoCanceller
from nodes.asr.gate import Gate
from nodes.asr.reference import Reference
from nodes.asr.vad import BLOCK
from nodes.base.audio import Mono, level_db
from sim.room.acoustics import response

RATE = 16_000
_LEAD = round(LEAD_S * RATE)


def speechlike(seconds: float, seed: int) -> Mono:
    """Noise that comes and goes as syllables do."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    rising = 0.5 + 0.5 * np.sin(2 * np.pi * 3.5 * np.arange(count) / RATE + seed)
    smooth = np.convolve(random.standard_normal(count), np.ones(6) / 6, "same")
    made: Mono = (0.08 * smooth * rising**2).astype(np.float32)
    return made


def through(sent: Mono, level: float) -> Mono:
    path = response(RATE, level, 0.7, 0.25, 0.003)
    made: Mono = np.convolve(sent, path)[: len(sent)].astype(np.float32)
    return made + np.random.default_rng(9).normal(0, 5e-4, len(sent)).astype(np.float32)


def blocks(heard: Mono, sent: Mono) -> list[tuple[Mono, Mono]]:
    ahead = np.concatenate((sent[_LEAD:], np.zeros(_LEAD, np.float32)))
    starts = range(0, len(heard) - BLOCK, BLOCK)
    return [(heard[at : at + BLOCK], ahead[at : at + BLOCK]) for at in starts]


@pytest.mark.parametrize("level", [-6.0, 0.0, -20.0])
def test_a_loud_echo_is_weakened_a_hundredfold_within_seconds(level: float) -> None:
    sent = speechlike(4.0, 1)
    heard = through(sent, level)
    canceller = EchoCanceller()
    cleaned = [canceller(*each) for each in blocks(heard, sent)]
    assert all(each.own for each in cleaned[1:15]), "before it has learned nothing passes for somebody"
    late = slice(3 * RATE // BLOCK * BLOCK, len(cleaned) * BLOCK)
    left = np.concatenate([each.samples for each in cleaned])[late]
    floor = level_db(np.full(10, 5e-4, np.float32))
    assert level_db(left) < max(level_db(heard[late]) - 18.0, floor + 3.0)
    assert canceller.gain_db == pytest.approx(level, abs=3.0)


def test_somebody_who_speaks_meanwhile_is_heard() -> None:
    sent, somebody = speechlike(5.0, 1), speechlike(1.0, 4)
    heard = through(sent, -6.0)
    heard[4 * RATE : 5 * RATE] += somebody[: len(heard) - 4 * RATE]
    canceller = EchoCanceller()
    cleaned = [canceller(*each) for each in blocks(heard, sent)]
    before = cleaned[3 * RATE // BLOCK : 4 * RATE // BLOCK - 1]
    during = cleaned[4 * RATE // BLOCK + 1 :]
    assert not [each for each in before if not each.own and each.near > 1e-5], "a faint rest is no voice"
    assert sum(not each.own for each in during) > 0.5 * len(during)
    left = np.concatenate([each.samples for each in during])
    assert level_db(left) == pytest.approx(level_db(somebody), abs=3.0)


def test_while_the_robot_is_silent_the_sound_is_left_as_it_is() -> None:
    canceller, sound = EchoCanceller(), speechlike(0.5, 2)
    for heard, _ in blocks(sound, sound):
        cleaned = canceller(heard, np.zeros(BLOCK, np.float32))
        assert cleaned.samples is heard
        assert not cleaned.own


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(-500, 1500), st.integers(1, 600))
def test_what_was_sent_is_found_at_its_moment(length: int, offset: int, frames: int) -> None:
    sent = (np.arange(1, length + 1) % 100 + 1).astype(np.int16)
    reference = Reference()
    reference.add("u", sent, RATE, 1, 9.9, last=True)
    assert reference.awaits(10.0)
    reference.started("u", 10.0)
    assert not reference.awaits(10.0)
    found = reference.between(10.0 + offset / RATE, frames)
    around = np.zeros(4000)
    around[1000 : 1000 + length] = sent / 32768
    assert np.allclose(found, around[1000 + offset : 1000 + offset + frames])


def test_what_was_stopped_sounds_no_more_and_a_promise_is_not_awaited_for_ever() -> None:
    reference = Reference()
    reference.add("u", np.full(RATE, 100, np.int16), RATE, 1, 0.0, last=True)
    assert not reference.awaits(1.5)
    reference.started("u", 2.0)
    reference.ended("u", 2.5)
    found = reference.between(2.4, 3200)
    assert found[:1600].all()
    assert not found[1601:].any()
    with pytest.raises(ValueError, match="0"):
        reference.add("v", np.zeros(3, np.int16), 0, 1, 0.0, last=False)


def test_scraps_of_its_own_words_are_echo_only_while_the_sound_is_faint() -> None:
    gate = Gate(0.35)
    gate.caption("u", "Shall I stop the music, or come back at ten?")
    gate.started("u", 0.0)
    assert gate.is_echo("stop the", 1.0, faint=True)
    assert gate.is_echo("Shall I top the music", 1.0, faint=True)
    assert not gate.is_echo("stop", 1.0)
    assert not gate.is_echo("no thank you", 1.0, faint=True)


def test_who_hears_himself_three_times_in_a_minute_listens_for_urgent_words_only() -> None:
    gate = Gate(0.35)
    gate.caption("u", "It is time for your walk in the garden.")
    gate.started("u", 0.0)
    for at in (1.0, 2.0):
        assert gate.is_echo("time for your walk", at)
    assert not gate.broken(2.5)
    assert gate.is_echo("walk in the garden", 2.6)
    assert gate.broken(3.0)
    assert not gate.broken(90.0)
