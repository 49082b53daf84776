"""The laptop as a body: its microphone is audio_in, its loudspeaker plays audio_out, its battery is the battery."""

import array
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np
import psutil
from kith_msgs.msg import AudioChunk, Playback
from sensor_msgs.msg import BatteryState

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.audio import CHUNK_S, Pcm
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.body.playback import Happened, PlaybackQueue
from nodes.body.samples import MonoStream
from nodes.body.sound_card import (
    Block,
    Device,
    Loudspeaker,
    Microphone,
    find_device,
    load_library,
    look_again,
    what_is_missing,
)

_RATE = 16_000
_FRAMES = round(_RATE * CHUNK_S)
_STALLED_S = 5.0  # a device that moves no sound for so long is gone; a sound server may take seconds to begin
_STATES = {Happened.STARTED: Playback.STARTED, Happened.FINISHED: Playback.FINISHED, Happened.STOPPED: Playback.STOPPED}


@dataclass(frozen=True, kw_only=True)
class LaptopSettings(Settings):
    """Which devices."""

    microphone: str = setting("", "Microphone: number or part of the name of a sound device; empty: the default one")
    loudspeaker: str = setting("", "Loudspeaker: number or part of the name of a sound device; empty: the default one")


class LaptopBody(KithNode[LaptopSettings]):
    """A body without wheels. Without devices it stays up, says so, and takes them when they are plugged in."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[LaptopSettings]] = LaptopSettings

    def configure(self) -> None:
        """Open the topics and, where they are there, the devices."""
        self._library = load_library()
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._queue = PlaybackQueue(_RATE)
        self._due: list[tuple[datetime, str, int, float]] = []
        self._sequence = 0
        self._heard_s = self._played_s = self.steady_s()
        self._played_frames = 0
        self._audio_in = self.publisher(graph.AUDIO_IN)
        self._playback = self.publisher(graph.AUDIO_PLAYBACK)
        self._battery = self.publisher(graph.BATTERY_STATE)
        self.subscription(graph.AUDIO_OUT, self._on_audio_out)
        self.subscription(graph.AUDIO_CONTROL, self._on_audio_control)
        self.every(CHUNK_S, self._tell_playback, steady=True)
        self.every(1.0, self._watch_devices, steady=True)
        self.every(1.0, self._tell_battery, steady=True)

    def activate(self) -> None:
        """Begin to listen and to play."""
        self._open_devices()

    def deactivate(self) -> None:
        """Let the devices go."""
        self._close_devices()

    # Devices --------------------------------------------------------------------------------------------------------
    def _open_devices(self) -> None:
        microphone = find_device(self._library, "input", self.settings.microphone)
        loudspeaker = find_device(self._library, "output", self.settings.loudspeaker)
        missing = what_is_missing(self._library, self.settings.microphone, self.settings.loudspeaker)
        try:
            if microphone:
                self._listen(microphone)
            if loudspeaker:
                self._queue = PlaybackQueue(loudspeaker.rate)
                self._played_s, self._played_frames = self.steady_s(), 0
                self._loudspeaker = Loudspeaker(self._library, loudspeaker, self._queue)
        except KithError as problem:
            missing = str(problem)
        if missing:
            self.health.error("sound", missing)
            self.get_logger().error(missing, throttle_duration_sec=60.0)
        else:
            self.health.clear("sound")

    def _listen(self, device: Device) -> None:
        resampler = MonoStream(device.rate, device.channels, _RATE)
        waiting: Pcm = np.zeros(0, np.int16)
        self._heard_s = self.steady_s()

        def hear(block: Block) -> None:
            # On the sound card's thread: hand over, nothing more.
            self.post(lambda: publish(block))

        def publish(block: Block) -> None:
            nonlocal waiting
            self._heard_s = self.steady_s()
            heard = self.now() - timedelta(seconds=block.age_s + len(waiting) / _RATE)
            waiting = np.concatenate([waiting, resampler.feed(block.interleaved)])
            while len(waiting) >= _FRAMES:
                self._publish_chunk(waiting[:_FRAMES], heard)
                waiting = waiting[_FRAMES:]
                heard += timedelta(seconds=CHUNK_S)

        self._microphone = Microphone(self._library, device, hear)

    def _publish_chunk(self, samples: Pcm, heard: datetime) -> None:
        chunk = AudioChunk(
            sequence=self._sequence, sample_rate=_RATE, channels=1, samples=array.array("h", samples.tobytes())
        )
        chunk.header.stamp = times.to_msg(heard)
        chunk.header.frame_id = "microphone"
        self._audio_in.publish(chunk)
        self._sequence = (self._sequence + 1) % 2**32

    def _close_devices(self) -> None:
        for end in (self._microphone, self._loudspeaker):
            if end:
                end.close()
        self._microphone = self._loudspeaker = None
        # What was sounding is silent now, and its sender must hear of it.
        self._queue.stop("")
        self._tell_playback()

    def _watch_devices(self) -> None:
        microphone, loudspeaker = self._microphone, self._loudspeaker
        if microphone and loudspeaker:
            self.health.values["microphone overflows"] = str(microphone.overflows)
            self.health.values["loudspeaker underflows"] = str(loudspeaker.underflows)
            if self._moves_sound(microphone, loudspeaker):
                return
            self.health.count("sound devices lost")
            self.get_logger().error("the sound device is gone: plug it in again", throttle_duration_sec=60.0)
        self._close_devices()
        look_again(self._library)
        self._open_devices()

    def _moves_sound(self, microphone: Microphone, loudspeaker: Loudspeaker) -> bool:
        now = self.steady_s()
        if self._queue.position != self._played_frames:
            self._played_s, self._played_frames = now, self._queue.position
        stalled = max(now - self._heard_s, now - self._played_s) > _STALLED_S
        return microphone.open and loudspeaker.open and not stalled

    # Playing --------------------------------------------------------------------------------------------------------
    def _on_audio_out(self, chunk: AudioChunk) -> None:
        if not self._loudspeaker:
            # Nothing will sound: say so at once instead of letting the speaker wait for the end.
            self._queue.stop(chunk.utterance_id)
            return
        samples = np.frombuffer(chunk.samples, np.int16)
        try:
            self._queue.add(chunk.utterance_id, samples, chunk.sample_rate, chunk.channels, chunk.last)
        except ValueError as problem:
            self.health.warn("audio_out", f"sound that cannot be played: {problem}")
            self._queue.stop(chunk.utterance_id)
        else:
            self.health.clear("audio_out")

    def _on_audio_control(self, message: Any) -> None:
        self._queue.stop(message.data)
        self._tell_playback()

    def _tell_playback(self) -> None:
        now = self.now()
        latency = timedelta(seconds=self._loudspeaker.latency_s if self._loudspeaker else 0.0)
        for event in self._queue.events():
            # A sound handed to the card is heard a little later; a stop counts from now.
            when = now if event.happened is Happened.STOPPED else now + latency
            self._due.append((when, event.utterance_id, _STATES[event.happened], event.played_s))
        due, self._due = self._due, []
        for when, utterance_id, state, played_s in due:
            if when > now:
                self._due.append((when, utterance_id, state, played_s))
                continue
            self._playback.publish(
                Playback(stamp=times.to_msg(when), utterance_id=utterance_id, state=state, played_s=played_s)
            )

    # Battery --------------------------------------------------------------------------------------------------------
    def _tell_battery(self) -> None:
        battery = psutil.sensors_battery()
        if battery is None:
            return
        state = (
            BatteryState.POWER_SUPPLY_STATUS_CHARGING
            if battery.power_plugged
            else (BatteryState.POWER_SUPPLY_STATUS_DISCHARGING)
        )
        nan = float("nan")
        message = BatteryState(
            percentage=battery.percent / 100.0,
            power_supply_status=state,
            present=True,
            voltage=nan,
            current=nan,
            charge=nan,
            capacity=nan,
            design_capacity=nan,
            temperature=nan,
        )
        message.header.stamp = times.to_msg(self.now())
        self._battery.publish(message)


def main() -> int:
    """Run the laptop's body."""
    return run(LaptopBody)


if __name__ == "__main__":
    sys.exit(main())
