"""The two threads of hearing: in order, bounded, and no engine's failure stops them."""

import queue
import threading
from typing import Any

import numpy as np

from nodes.asr.decoder import Decoder
from nodes.asr.listener import Listener
from nodes.asr.recogniser import NOTHING, Heard

SOUND = np.ones(160, np.float32)


class Slow:
    """A recogniser that decodes when it is let; `broken` fails."""

    name, language, streams, spots = "slow", "en", False, False

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.decoded: list[int] = []
        self.broken = False

    def begin(self) -> Any:
        engine = self

        class Utterance:
            fed = 0

            def feed(self, samples: Any) -> None:
                self.fed += len(samples)

            def hear(self, *, final: bool, hurried: bool = False) -> Heard:
                engine.go.acquire(timeout=5)
                if engine.broken:
                    raise RuntimeError("the words themselves")
                engine.decoded.append(self.fed)
                return Heard(f"{self.fed} samples")

        return Utterance()


def test_of_waiting_requests_only_the_newest_is_worked_on() -> None:
    engine, answers = Slow(), queue.Queue()
    decoder = Decoder(engine, lambda *answer: answers.put(answer), lambda _: None)
    for request in (1, 2, 3):
        decoder.feed(7, SOUND)
        decoder.hear(7, request, final=request == 3)
    engine.go.release(3)
    got = [answers.get(timeout=5)]
    while got[-1][1] != 3:
        got.append(answers.get(timeout=5))
    assert got[-1] == (7, 3, Heard("480 samples"))
    assert len(got) <= 2, "the first may have been at work already, the second was not worth it"
    assert decoder.idle
    decoder.close()


def test_a_failing_engine_is_told_by_kind_and_the_next_utterance_is_heard() -> None:
    engine, answers, failures = Slow(), queue.Queue(), queue.Queue()
    decoder = Decoder(engine, lambda *answer: answers.put(answer), failures.put)
    engine.broken = True
    engine.go.release(2)
    decoder.feed(1, SOUND)
    decoder.hear(1, 1, final=True)
    assert answers.get(timeout=5) == (1, 1, NOTHING)
    assert failures.get(timeout=5) == "RuntimeError"
    engine.broken = False
    decoder.feed(2, SOUND)
    decoder.hear(2, 2, final=True)
    assert answers.get(timeout=5) == (2, 2, Heard("160 samples"))
    decoder.close()


def test_the_listener_refuses_what_it_cannot_keep_up_with_and_survives_errors() -> None:
    failures: queue.Queue[str] = queue.Queue()
    listener = Listener(failures.put)
    at_work, go_on = threading.Event(), threading.Event()

    def first() -> None:
        at_work.set()
        go_on.wait(5)

    assert listener.offer(first)
    assert at_work.wait(5)
    accepted = 0
    while listener.offer(lambda: 1 / 0):
        accepted += 1
    assert accepted == 500, "ten seconds of sound"
    go_on.set()
    assert failures.get(timeout=5) == "ZeroDivisionError"
    done = threading.Event()
    listener.put(done.set)
    assert done.wait(5)
    listener.close()
