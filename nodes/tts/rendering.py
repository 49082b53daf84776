"""Rendering on a thread of its own, sentence by sentence, not far ahead of what is sounding."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from culture_profiles.errors import KithError
from nodes.tts.reading.language import of_locale
from nodes.tts.sentence import PLAIN, SentenceRenderer, Wording
from nodes.tts.sentences import sentences
from nodes.tts.synthesiser import Manner, Sound, Synthesiser

_AHEAD = 3  # sentences


@dataclass(eq=False)
class Task:
    """One text to render. All calls come from the rendering thread, in order; after `cancel` at most one underway."""

    text: str
    manner: Manner
    ready: Callable[[Sound], None]
    problem: Callable[[str], None]
    done: Callable[[], None]
    wording: Wording = PLAIN
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AHEAD))

    def cancel(self) -> None:
        """Render no more of it."""
        self._cancelled.set()
        self._room.release()

    def consumed(self) -> None:
        """One sentence was sent: there is room for another."""
        self._room.release()


class Renderer:
    """Works on one task after the other. `engines`: the first one that speaks the language is used."""

    def __init__(self, engines: Sequence[Synthesiser]) -> None:
        self._engines = engines
        self._sentence = SentenceRenderer(engines)
        self._tasks: queue.SimpleQueue[Task | Callable[[], None] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="render", daemon=True)
        self._thread.start()

    def add(self, task: Task) -> None:
        """Render this next."""
        self._tasks.put(task)

    def call(self, work: Callable[[], None]) -> None:
        """Do something with the engines, on their thread."""
        self._tasks.put(work)

    def close(self) -> None:
        """Stop the thread and the engines."""
        self._stopped.set()
        self._tasks.put(None)
        for engine in self._engines:
            engine.close()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None and not self._stopped.is_set():
            if isinstance(task, Task):
                self._render(task)
            else:
                task()

    def _render(self, task: Task) -> None:
        try:
            self._sentence.check(task.manner.locale)
            how = of_locale(task.manner.locale)
            rate = 0
            for sentence in sentences(task.text, short=how.abbreviations if how else ()):
                while not task._room.acquire(timeout=1.0):
                    if self._stopped.is_set():
                        return
                if task._cancelled.is_set() or self._stopped.is_set():
                    return
                try:
                    sound = self._sentence.render(sentence, task.manner, task.wording, rate)
                except KithError as error:
                    task.problem(str(error))
                    task.consumed()
                    continue
                if not len(sound.samples):
                    task.consumed()
                    continue
                rate = sound.rate
                task.ready(sound)
        except KithError as error:
            task.problem(str(error))
        except Exception as error:  # an engine's surprise costs one utterance, never the voice
            task.problem(f"speech failed ({type(error).__name__})")
        task.done()
