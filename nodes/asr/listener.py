"""The thread that listens: takes work from a bounded queue, so that whoever brings sound never waits."""

import contextlib
import queue
import threading
from collections.abc import Callable

_SECONDS = 10
_DEPTH = _SECONDS * 50  # chunks of 20 ms


class Listener:
    """Runs everything handed to it in order, on one thread."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        """`failed` is told the type of an error, from the thread; the next piece of work is done all the same."""
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue(_DEPTH)
        self._failed = failed
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def offer(self, work: Callable[[], None]) -> bool:
        """Do this next; False, and not done, if ten seconds of work are waiting."""
        try:
            self._work.put_nowait(work)
        except queue.Full:
            return False
        return True

    def put(self, work: Callable[[], None]) -> None:
        """Do this next, in any case: for words already worked out. Waits while the queue is full."""
        self._work.put(work)

    def close(self) -> None:
        """Stop after the piece at work; the rest is dropped."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._work.get_nowait()
        self._work.put(None)
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception as error:  # one bad chunk must not make the robot deaf
                self._failed(type(error).__name__)
