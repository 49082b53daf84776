"""pyttsx3 on eSpeak NG in its own process, with a deadline: hung or dead, it is replaced and the sentence repeated."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from culture_profiles.errors import KithError
from nodes.tts import voices
from nodes.tts.synthesiser import Manner, Sound

_WORKER = "nodes.tts.espeak_worker"
_ROOT = Path(__file__).resolve().parents[2]  # where the package `nodes` lies, also on a robot
_START_S = 10.0
_ATTEMPTS = 2


class _WorkerLostError(Exception):
    """The process hung, died or answered nonsense."""


class ESpeak:
    """The robot's own voice."""

    name = "espeak"

    def __init__(self, deadline_s: float = 5.0, worker: str = _WORKER) -> None:
        """`deadline_s`: for one sentence, which takes some 10 ms. `worker`: the module that is run."""
        self._deadline_s = deadline_s
        self._worker = worker
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = b""
        self._languages: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._starts = 0

    @property
    def restarts(self) -> int:
        """How often the process had to be replaced."""
        return max(0, self._starts - 1)

    @property
    def pid(self) -> int | None:
        """The process at work, if any."""
        return self._process.pid if self._process else None

    def languages(self) -> tuple[str, ...]:
        """eSpeak's names of the languages it speaks. Errors: KithError if eSpeak NG is missing or does not start."""
        with self._lock:
            if not self._languages:
                try:
                    self._running()
                except _WorkerLostError as lost:
                    self._kill()
                    raise KithError(f"the speech process does not start ({lost}): run `kith doctor`") from lost
            return self._languages

    def speaks(self, locale: str) -> bool:
        """Whether there is a voice for the locale. Errors: as `languages`."""
        return voices.choose(locale, self.languages()) is not None

    def render(self, text: str, manner: Manner) -> Sound:
        """One sentence. Errors: KithError if there is no voice, or the process failed twice."""
        voice = voices.choose(manner.locale, self.languages())
        if voice is None:
            raise KithError(f"eSpeak NG has no voice for {manner.locale!r}: see `espeak-ng --voices`")
        request = {
            "text": text,
            "voice": voice,
            "rate": min(450.0, max(80.0, manner.rate)),
            "pitch": min(1.9, max(0.1, manner.pitch)),
            "volume": min(1.0, max(0.0, manner.volume)),
        }
        line = json.dumps(request).encode() + b"\n"
        reason = ""
        with self._lock:
            for _ in range(_ATTEMPTS):
                try:
                    return self._ask(line)
                except _WorkerLostError as lost:
                    reason = str(lost)
                    self._kill()
        raise KithError(f"the speech process failed twice on one sentence ({reason}): run `kith doctor`")

    def close(self) -> None:
        """End the process, within a second."""
        process = self._process
        if process and process.stdin:
            process.stdin.close()
            try:
                process.wait(1.0)
            except subprocess.TimeoutExpired:
                process.kill()
        with self._lock:
            self._kill()

    def _ask(self, line: bytes) -> Sound:
        process = self._running()
        deadline = time.monotonic() + self._deadline_s
        assert process.stdin is not None
        try:
            process.stdin.write(line)
        except (OSError, ValueError) as error:
            raise _WorkerLostError("it ended") from error
        header = self._header(deadline)
        if "error" in header:
            raise _WorkerLostError(str(header["error"]))
        sound = self._read(int(header["bytes"]), deadline)
        if not sound:
            raise _WorkerLostError("it gave no sound")
        return Sound(np.frombuffer(sound, "<i2").astype(np.int16), int(header["rate"]))

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started and greeted if need be."""
        if self._process and self._process.poll() is None:
            return self._process
        self._kill()
        self._starts += 1
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._worker],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
        )
        greeting = self._header(time.monotonic() + _START_S)
        if "error" in greeting:
            self._kill()
            raise KithError(
                "eSpeak NG cannot be used: install it with `apt-get install espeak-ng libespeak-ng1` and try again"
            )
        self._languages = tuple(greeting["languages"])
        return self._process

    def _header(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._pending:
            self._more(deadline)
        line, _, self._pending = self._pending.partition(b"\n")
        try:
            header: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise _WorkerLostError("it spoke nonsense") from error
        return header

    def _read(self, size: int, deadline: float) -> bytes:
        parts, have = [self._pending], len(self._pending)
        while have < size:
            self._pending = b""
            self._more(deadline)
            parts.append(self._pending)
            have += len(self._pending)
        joined = b"".join(parts)
        self._pending = joined[size:]
        return joined[:size]

    def _more(self, deadline: float) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise _WorkerLostError("it hung")
        got = os.read(process.stdout.fileno(), 1 << 16)
        if not got:
            raise _WorkerLostError("it ended")
        self._pending += got

    def _kill(self) -> None:
        process, self._process = self._process, None
        self._pending = b""
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
