"""Recognition on a thread of its own, so that sound is listened to while words are worked out."""

import queue
import threading
from collections.abc import Callable
from typing import Any

from nodes.asr.recogniser import NOTHING, Heard, Recogniser, Utterance
from nodes.base.audio import Mono

# number of the utterance, number of the request, what was heard
Answer = Callable[[int, int, Heard], None]


class Decoder:
    """Takes sound of numbered utterances and answers requests for their words, from its thread, in order.

    Of several waiting requests for one utterance only the newest is worked on, the older are never answered.
    """

    def __init__(self, recogniser: Recogniser, answer: Answer, failed: Callable[[str], None]) -> None:
        self.recogniser = recogniser
        self._answer = answer
        self._failed = failed
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._open: dict[int, Utterance] = {}
        self._newest: dict[int, int] = {}
        self._waiting = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="decoder", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether a request would be worked on at once."""
        return self._waiting == 0

    def feed(self, number: int, samples: Mono) -> None:
        """More sound of an utterance; the first begins it."""
        self._jobs.put(lambda: self._utterance(number).feed(samples))

    def hear(self, number: int, request: int, *, final: bool, hurried: bool = False) -> None:
        """Ask for its words. After the final answer the utterance is forgotten."""
        self._newest[number] = request
        with self._lock:
            self._waiting += 1
        self._jobs.put(lambda: self._hear(number, request, final, hurried))

    def drop(self, number: int) -> None:
        """Forget an utterance."""
        self._newest.pop(number, None)
        self._jobs.put(lambda: self._forget(number))

    def close(self) -> None:
        """Stop; waits for the decoding at work, at most two seconds."""
        self._newest.clear()
        self._jobs.put(None)
        self._thread.join(timeout=2.0)

    def _utterance(self, number: int) -> Utterance:
        if number not in self._open:
            self._open[number] = self.recogniser.begin()
        return self._open[number]

    def _forget(self, number: int) -> Any:
        return self._open.pop(number, None)

    def _hear(self, number: int, request: int, final: bool, hurried: bool) -> None:
        heard = NOTHING
        wanted = self._newest.get(number) == request
        try:
            if wanted:
                heard = self._utterance(number).hear(final=final, hurried=hurried)
        finally:
            with self._lock:
                self._waiting -= 1
            if final:
                self._forget(number)
            if wanted:  # also if the engine failed: who asked must not wait for ever
                self._answer(number, request, heard)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # an engine's failure costs one utterance, never the ears
                self._failed(type(error).__name__)
