"""This machine's microphone and loudspeaker as the ears and mouth of a body."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from kith_msgs.msg import AudioChunk

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.audio import CHUNK_S
from nodes.base.node import KithNode
from nodes.body.hearing import Ears
from nodes.body.playback import Happened, PlaybackEvent, PlaybackQueue
from nodes.body.playback_messages import playback
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
_STALLED_S = 5.0  # a device that moves no sound for so long is gone; a sound server may take seconds to begin


class SoundDevices:
    """Opens what is there, says what is not, and takes it when it is plugged in later."""

    def __init__(self, node: KithNode[Any], microphone: str, loudspeaker: str) -> None:
        """Each by number or part of its name; empty: the default one. Errors: KithError without PortAudio."""
        self._node, self._names = node, (microphone, loudspeaker)
        self._library = load_library()
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._queue = PlaybackQueue(_RATE)
        self._due: list[tuple[datetime, PlaybackEvent]] = []
        self._heard_s = self._played_s = node.steady_s()
        self._played_frames = 0
        self._ears = Ears(node)
        self._playback = node.publisher(graph.AUDIO_PLAYBACK)
        node.subscription(graph.AUDIO_OUT, self._on_audio_out)
        node.subscription(graph.AUDIO_CONTROL, self._on_audio_control)
        node.every(CHUNK_S, self._tell_playback, steady=True)
        node.every(1.0, self._watch, steady=True)

    def open(self) -> None:
        """Begin to listen and to play, as far as there is something to do it with."""
        node = self._node
        microphone = find_device(self._library, "input", self._names[0])
        loudspeaker = find_device(self._library, "output", self._names[1])
        missing = what_is_missing(self._library, *self._names)
        try:
            if microphone:
                self._listen(microphone)
            if loudspeaker:
                self._queue = PlaybackQueue(loudspeaker.rate)
                self._played_s, self._played_frames = node.steady_s(), 0
                self._loudspeaker = Loudspeaker(self._library, loudspeaker, self._queue)
        except KithError as problem:
            missing = str(problem)
        if missing:
            node.health.error("sound", missing)
            node.get_logger().error(missing, throttle_duration_sec=60.0)
        else:
            node.health.clear("sound")

    def close(self) -> None:
        """Let the devices go."""
        for end in (self._microphone, self._loudspeaker):
            if end:
                end.close()
        self._microphone = self._loudspeaker = None
        # What was sounding is silent now, and its sender must hear of it.
        self._queue.stop("")
        self._tell_playback()

    def _listen(self, device: Device) -> None:
        self._ears.begin(device.rate, device.channels)
        self._heard_s = self._node.steady_s()

        def hear(block: Block) -> None:
            # On the sound card's thread: hand over, nothing more.
            self._node.post(lambda: publish(block))

        def publish(block: Block) -> None:
            self._heard_s = self._node.steady_s()
            self._ears.hear(block.interleaved, self._node.now() - timedelta(seconds=block.age_s))

        self._microphone = Microphone(self._library, device, hear)

    def _watch(self) -> None:
        microphone, loudspeaker, health = self._microphone, self._loudspeaker, self._node.health
        if microphone and loudspeaker:
            health.values["microphone overflows"] = str(microphone.overflows)
            health.values["loudspeaker underflows"] = str(loudspeaker.underflows)
            if self._moves_sound(microphone, loudspeaker):
                return
            health.count("sound devices lost")
            self._node.get_logger().error("the sound device is gone: plug it in again", throttle_duration_sec=60.0)
        self.close()
        look_again(self._library)
        self.open()

    def _moves_sound(self, microphone: Microphone, loudspeaker: Loudspeaker) -> bool:
        now = self._node.steady_s()
        if self._queue.position != self._played_frames:
            self._played_s, self._played_frames = now, self._queue.position
        stalled = max(now - self._heard_s, now - self._played_s) > _STALLED_S
        return microphone.open and loudspeaker.open and not stalled

    def _on_audio_out(self, chunk: AudioChunk) -> None:
        if not self._loudspeaker:
            # Nothing will sound: say so at once instead of letting the speaker wait for the end.
            self._queue.stop(chunk.utterance_id)
            return
        samples = np.frombuffer(chunk.samples, np.int16)
        try:
            self._queue.add(chunk.utterance_id, samples, chunk.sample_rate, chunk.channels, chunk.last)
        except ValueError as problem:
            self._node.health.warn("audio_out", f"sound that cannot be played: {problem}")
            self._queue.stop(chunk.utterance_id)
        else:
            self._node.health.clear("audio_out")

    def _on_audio_control(self, message: Any) -> None:
        self._queue.stop(message.data)
        self._tell_playback()

    def _tell_playback(self) -> None:
        now = self._node.now()
        latency = timedelta(seconds=self._loudspeaker.latency_s if self._loudspeaker else 0.0)
        for event in self._queue.events():
            # A sound handed to the card is heard a little later; a stop counts from now.
            self._due.append((now if event.happened is Happened.STOPPED else now + latency, event))
        due, self._due = self._due, []
        for when, event in due:
            if when > now:
                self._due.append((when, event))
            else:
                self._playback.publish(playback(event, when))
