"""The bench of synthesis counts what left the loudspeaker: what is lost, spoken twice or reported shows."""

import numpy as np
import pytest

from kith.bench.speech import synthesis
from kith.bench.speech.synthesis import Run, marked, marks, measure
from nodes.body.playback import PlaybackQueue
from nodes.tts.synthesiser import PhraseCache

RATE = 22_050


@pytest.mark.parametrize("number", [0, 1, 9_999, 123_456])
def test_a_number_in_a_sound_is_found_wherever_the_cuts_fall(number: int) -> None:
    tone = (np.sin(np.arange(3000) / 5) * 31_000).astype(np.int16)
    sound = marked(tone, number)
    assert marks(sound) == [number]
    for lead in range(441):  # of a block of 20 ms
        run = Run(loudspeaker=PlaybackQueue(RATE))
        run.loudspeaker.add("u", np.concatenate((np.zeros(lead, np.int16), sound)), RATE, 1, last=True)
        run.mouth = _NoMouth()  # type: ignore[assignment]
        for _ in range(10):
            run.play()
        assert run.heard == {number: 1}


class _NoMouth:
    def heard(self, *_: object) -> None:
        pass


def test_all_of_a_hundred_sentences_are_spoken_or_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "_KILL_SHARE", 0.05)
    monkeypatch.setattr(synthesis, "_HANG_SHARE", 0.01)
    found = measure(100)
    assert found.asked == 100
    assert found.spoken + found.reported == 100
    assert (found.doubled, found.silent, found.stuck) == (0, 0, 0)
    assert found.within_target
    assert found.killed + found.hung > 0


def test_a_sentence_that_sounds_twice_or_not_at_all_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    render = PhraseCache.render

    def wrong(self: PhraseCache, engine: object, text: str, *rest: object, **more: object) -> object:
        # Number 3 is said in place of number 4.
        text = text.replace("number 4", "number 3")
        return render(self, engine, text, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(PhraseCache, "render", wrong)
    found = measure(10)
    assert (found.spoken, found.doubled, found.silent) == (9, 1, 1)
    assert not found.within_target
