"""The laptop's devices, on a sound library of our own, and on the real one where it finds nothing."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from culture_profiles.errors import KithError
from nodes.body.playback import Happened, PlaybackQueue
from nodes.body.sound_card import (
    Block,
    Loudspeaker,
    Microphone,
    find_device,
    load_library,
    look_again,
    what_is_missing,
)


class PortAudioError(Exception):
    pass


class Stream:
    """Behaves like PortAudio: calls back from a thread of its own, until it is aborted or unplugged."""

    def __init__(self, library: "FakeLibrary", device: int, **options: Any) -> None:
        if device in library.busy:
            raise PortAudioError("Device unavailable [PaErrorCode -9985]")
        self.options = options
        self.active = False
        self.closed = False
        library.streams.append(self)

    def start(self) -> None:
        self.active = True

    def abort(self, ignore_errors: bool = False) -> None:
        self.active = False

    def close(self, ignore_errors: bool = False) -> None:
        self.closed = True

    def callback(self, data: np.ndarray, moment: Any, status: str = "") -> None:
        thread = threading.Thread(target=self.options["callback"], args=(data, len(data), moment, status))
        thread.start()
        thread.join()


class FakeLibrary:
    PortAudioError = PortAudioError

    def __init__(self, devices: dict[str, dict[str, Any]]) -> None:
        self.devices = devices
        self.busy: set[int] = set()
        self.streams: list[Stream] = []
        self.looked = 0
        self.InputStream: Callable[..., Stream] = lambda **options: Stream(self, **options)
        self.OutputStream = self.InputStream

    def query_devices(self, device: int | str | None = None, kind: str | None = None) -> Any:
        found = self.devices.get(str(device) if device is not None else f"default {kind}")
        if found is None:
            raise PortAudioError(f"Error querying device {device}")
        return found

    def _terminate(self) -> None:
        self.looked += 1

    def _initialize(self) -> None:
        self.looked += 1


def card(index: int, inputs: int, outputs: int, rate: float = 48_000.0) -> dict[str, Any]:
    return {
        "index": index,
        "name": f"card {index}",
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": rate,
    }


def test_the_default_devices_are_taken_with_their_own_rate() -> None:
    library = FakeLibrary({"default input": card(0, 2, 0), "default output": card(1, 0, 8, 44_100.0)})
    microphone = find_device(library, "input")
    loudspeaker = find_device(library, "output")
    assert microphone and (microphone.index, microphone.rate, microphone.channels) == (0, 48_000, 2)
    assert loudspeaker and (loudspeaker.index, loudspeaker.rate, loudspeaker.channels) == (1, 44_100, 2)
    assert what_is_missing(library) == ""


@pytest.mark.parametrize(
    ("devices", "said"),
    [
        ({}, "no microphone and no loudspeaker found"),
        ({"default output": card(0, 0, 2)}, "no microphone found"),
        ({"default input": card(0, 1, 0)}, "no loudspeaker found"),
        ({"default input": card(0, 0, 2), "default output": card(0, 0, 2)}, "no microphone found"),
    ],
)
def test_what_is_missing_is_said_in_one_line_with_what_to_do(devices: dict[str, Any], said: str) -> None:
    line = what_is_missing(FakeLibrary(devices))
    assert line.startswith(said)
    assert "plug one in" in line and "--body embedded" in line and "\n" not in line


def test_a_device_asked_for_by_name_is_named_when_it_is_missing() -> None:
    library = FakeLibrary({"default input": card(0, 1, 0), "default output": card(1, 0, 1)})
    assert "no microphone called 'Jabra' found" in what_is_missing(library, microphone="Jabra")


def test_the_microphone_hands_over_each_block_with_its_age() -> None:
    library = FakeLibrary({"default input": card(0, 2, 0)})
    device = find_device(library, "input")
    assert device
    blocks: list[Block] = []
    microphone = Microphone(library, device, blocks.append)
    moment = SimpleNamespace(currentTime=10.05, inputBufferAdcTime=10.0)
    library.streams[0].callback(np.arange(8, dtype=np.int16).reshape(4, 2), moment)
    assert list(blocks[0].interleaved) == list(range(8))
    assert (blocks[0].rate, blocks[0].channels) == (48_000, 2)
    assert blocks[0].age_s == pytest.approx(0.05)
    assert library.streams[0].options["blocksize"] == 960
    library.streams[0].active = False
    assert not microphone.open
    microphone.close()
    assert library.streams[0].closed


def test_the_loudspeaker_plays_the_queue_on_every_channel() -> None:
    library = FakeLibrary({"default output": card(0, 0, 2)})
    device = find_device(library, "output")
    assert device
    queue = PlaybackQueue(device.rate)
    queue.add("u1", np.array([5, 6, 7], np.int16), device.rate, 1, last=True)
    loudspeaker = Loudspeaker(library, device, queue)
    data = np.full((4, 2), 99, np.int16)
    library.streams[0].callback(data, SimpleNamespace(currentTime=1.0, outputBufferDacTime=1.03), "underflow")
    assert data.tolist() == [[5, 5], [6, 6], [7, 7], [0, 0]]
    assert loudspeaker.latency_s == pytest.approx(0.03)
    assert loudspeaker.underflows == 1
    assert [event.happened for event in queue.events()] == [Happened.STARTED, Happened.FINISHED]


def test_a_device_that_another_program_holds_is_said_in_one_line() -> None:
    library = FakeLibrary({"default input": card(3, 1, 0)})
    library.busy.add(3)
    device = find_device(library, "input")
    assert device
    with pytest.raises(KithError, match=r"microphone 'card 3' cannot be opened .*another program"):
        Microphone(library, device, lambda _: None)


def test_looking_again_restarts_the_library_once() -> None:
    library = FakeLibrary({})
    look_again(library)
    assert library.looked == 2


def test_the_real_library_says_clearly_when_a_device_is_not_there() -> None:
    library = load_library()
    line = what_is_missing(library, microphone="no such microphone", loudspeaker="no such loudspeaker")
    assert "no microphone called 'no such microphone' and no loudspeaker called" in line
