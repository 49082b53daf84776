"""The laptop's microphone and loudspeaker through sounddevice (PortAudio), and plain words for when they are missing.

PortAudio calls back on a thread of its own, where nothing may wait: the microphone's blocks go into a queue, the
loudspeaker's come from a `PlaybackQueue`, and times are the card's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from culture_profiles.errors import KithError
from nodes.base.audio import CHUNK_S, Pcm
from nodes.body.playback import PlaybackQueue

_AHEAD_S = 3 * CHUNK_S  # what the card holds ready: on a busy machine less than three blocks crackles


class SoundLibrary(Protocol):
    """The part of the module sounddevice that is used here."""

    PortAudioError: type[Exception]
    InputStream: Callable[..., Any]
    OutputStream: Callable[..., Any]

    def query_devices(self, device: int | str | None = None, kind: str | None = None) -> Any:
        """Properties of one device, or of all."""

    def _terminate(self) -> None:
        """Forget the devices known."""

    def _initialize(self) -> None:
        """Look for devices anew."""


def load_library() -> SoundLibrary:
    """The module sounddevice. Errors: KithError when PortAudio is not installed."""
    try:
        import sounddevice
    except OSError:
        raise KithError(
            "PortAudio is not installed: run `sudo apt-get install libportaudio2`, then start again"
        ) from None
    return sounddevice  # type: ignore[no-any-return]


def look_again(library: SoundLibrary) -> None:
    """Have PortAudio list the devices anew: it never notices what is plugged in later. No stream may be open."""
    library._terminate()
    library._initialize()


def _named(setting: str) -> int | str | None:
    return int(setting) if setting.isdigit() else setting or None


@dataclass(frozen=True)
class Device:
    """One end of a sound card: what sounddevice calls it, its usual rate in Hz, and how many channels to open."""

    index: int
    name: str
    rate: int
    channels: int


def find_device(library: SoundLibrary, kind: str, wanted: str = "") -> Device | None:
    """The device for `kind` ("input" or "output"): the default one, or the one of that number or part of a name."""
    try:
        found = library.query_devices(_named(wanted), kind)
    except (library.PortAudioError, ValueError):
        return None
    channels = int(found[f"max_{kind}_channels"])
    if channels < 1:
        return None
    # A robot's array of microphones is downmixed; a loudspeaker gets the same sound left and right.
    channels = min(channels, 4 if kind == "input" else 2)
    return Device(int(found["index"]), str(found["name"]), int(found["default_samplerate"]), channels)


def what_is_missing(library: SoundLibrary, microphone: str = "", loudspeaker: str = "") -> str:
    """One line that says which end is missing and what to do; empty when both are there."""
    missing = [
        f"no {word}{f' called {wanted!r}' if wanted else ''}"
        for word, kind, wanted in (("microphone", "input", microphone), ("loudspeaker", "output", loudspeaker))
        if find_device(library, kind, wanted) is None
    ]
    if not missing:
        return ""
    return (
        f"{' and '.join(missing)} found: plug one in and choose it in the system's sound settings, "
        "or use `--body embedded`"
    )


@dataclass(frozen=True)
class Block:
    """What the microphone heard. `age_s`: seconds since its first sample was heard, by the card's clock."""

    interleaved: Pcm
    rate: int
    channels: int
    age_s: float


class Microphone:
    """An open microphone. `hear` is called on the sound card's thread for every 20 ms block."""

    def __init__(self, library: SoundLibrary, device: Device, hear: Callable[[Block], None]) -> None:
        """Errors: KithError when the device cannot be opened."""
        self.device = device
        self.overflows = 0

        def callback(data: Pcm, frames: int, moment: Any, status: Any) -> None:  # noqa: ARG001
            if status:
                self.overflows += 1
            age = max(0.0, moment.currentTime - moment.inputBufferAdcTime) if moment.inputBufferAdcTime else CHUNK_S
            hear(Block(np.array(data, np.int16).reshape(-1), device.rate, device.channels, age))

        self._stream = _open(library, library.InputStream, device, callback, "microphone", "low")

    def close(self) -> None:
        """Release the device."""
        _close(self._stream)

    @property
    def open(self) -> bool:
        """False once the device has stopped by itself, as when it is unplugged."""
        return bool(self._stream.active)


class Loudspeaker:
    """An open loudspeaker that plays a queue."""

    def __init__(self, library: SoundLibrary, device: Device, queue: PlaybackQueue) -> None:
        """Errors: KithError when the device cannot be opened."""
        self.device = device
        self.latency_s = 0.0
        self.underflows = 0

        def callback(data: Pcm, frames: int, moment: Any, status: Any) -> None:
            if status:
                self.underflows += 1
            if moment.outputBufferDacTime:
                self.latency_s = max(0.0, moment.outputBufferDacTime - moment.currentTime)
            data[:] = queue.read(frames)[:, None]

        self._stream = _open(library, library.OutputStream, device, callback, "loudspeaker", _AHEAD_S)

    def close(self) -> None:
        """Release the device."""
        _close(self._stream)

    @property
    def open(self) -> bool:
        """False once the device has stopped by itself, as when it is unplugged."""
        return bool(self._stream.active)


def _open(
    library: SoundLibrary, stream: Callable[..., Any], device: Device, callback: Any, word: str, latency: str | float
) -> Any:
    try:
        made = stream(
            device=device.index,
            samplerate=device.rate,
            channels=device.channels,
            dtype="int16",
            blocksize=round(device.rate * CHUNK_S),
            latency=latency,
            callback=callback,
        )
        made.start()
    except (library.PortAudioError, ValueError) as problem:
        detail = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise KithError(
            f"the {word} {device.name!r} cannot be opened ({detail}): is another program using it?"
        ) from None
    return made


def _close(stream: Any) -> None:
    # `abort` rather than `stop`: a device that is gone never drains.
    stream.abort(ignore_errors=True)
    stream.close(ignore_errors=True)
