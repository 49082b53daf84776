"""Rendering on a thread of its own, sentence by sentence, not far ahead of what is sounding."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from culture_profiles.errors import KithError
from nodes.tts.pacing import trimmed
from nodes.tts.sentences import sentences
from nodes.tts.synthesiser import Manner, PhraseCache, Sound, Synthesiser

_AHEAD = 3  # sentences


@dataclass(eq=False)
class Task:
    """One text to render. All calls come from the rendering thread, in order; after `cancel` at most one underway."""

    text: str
    manner: Manner
    ready: Callable[[Sound], None]
    problem: Callable[[str], None]
    done: Callable[[], None]
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
        self._cache = PhraseCache()
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
            engine = self._engine(task.manner.locale)
            for sentence in sentences(task.text):
                while not task._room.acquire(timeout=1.0):
                    if self._stopped.is_set():
                        return
                if task._cancelled.is_set() or self._stopped.is_set():
                    return
                try:
                    sound = self._cache.render(engine, sentence, task.manner, trimmed)
                except KithError as error:
                    task.problem(str(error))
                    task.consumed()
                    continue
                task.ready(sound)
        except KithError as error:
            task.problem(str(error))
        except Exception as error:  # an engine's surprise costs one utterance, never the voice
            task.problem(f"speech failed ({type(error).__name__})")
        task.done()

    def _engine(self, locale: str) -> Synthesiser:
        for engine in self._engines:
            if engine.speaks(locale):
                return engine
        raise KithError(f"no installed voice speaks {locale!r}: see `espeak-ng --voices` and `kith models list`")
