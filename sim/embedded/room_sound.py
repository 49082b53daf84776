"""What the room's microphone and loudspeaker tell and are told on the graph, for every simulated body."""

import array
from collections.abc import Callable
from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from kith_msgs.msg import AudioChunk

from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.body.playback_messages import playback
from sim.embedded.sound import RATE, Heard, Sound
from sim.embedded.world_clock import WorldClock


def sound_chunk(heard: Heard, stamp: Time) -> AudioChunk:
    """What the microphone heard, as a message. `stamp`: when its first sample was heard."""
    made = AudioChunk(
        sequence=heard.sequence % 2**32,
        sample_rate=RATE,
        channels=1,
        samples=array.array("h", heard.samples.tobytes()),
    )
    made.header.stamp = stamp
    made.header.frame_id = "microphone"
    return made


class RoomSound:
    """The topics of sound of one body. `begin` before the first tick."""

    def __init__(self, node: KithNode[Any], loud: Callable[[str], float]) -> None:
        """`loud`: the factor by which the voice of a frame (a resident's) reaches the microphone."""
        self._node, self._loud = node, loud
        self._audio_in = node.publisher(graph.AUDIO_IN)
        self._playback = node.publisher(graph.AUDIO_PLAYBACK)
        node.subscription(graph.AUDIO_OUT, self._on_audio_out)
        node.subscription(graph.AUDIO_CONTROL, lambda message: self.sound.queue.stop(message.data))
        node.subscription(graph.ROOM_AUDIO, self._on_room_audio)

    def begin(self, sound: Sound, clock: WorldClock) -> None:
        """Hear and play from now on."""
        self.sound, self._clock = sound, clock

    def tick(self) -> None:
        """Tell what was heard and played up to now."""
        frame = self._clock.frame(self._node.steady_s())
        for heard in self.sound.until(frame):
            self._audio_in.publish(sound_chunk(heard, times.to_msg(self._clock.time(heard.frame / RATE))))
        for event in self.sound.events(frame):
            self._playback.publish(playback(event, self._clock.time(event.frame / RATE)))

    def _on_audio_out(self, chunk: AudioChunk) -> None:
        self.tick()  # what began before this arrived sounds without it, also when a tick is late
        samples = np.frombuffer(chunk.samples, np.int16)
        try:
            self.sound.queue.add(chunk.utterance_id, samples, chunk.sample_rate, chunk.channels, chunk.last)
        except ValueError as problem:
            self._node.health.warn("audio_out", f"sound that cannot be played: {problem}")
            self.sound.queue.stop(chunk.utterance_id)
        else:
            self._node.health.clear("audio_out")

    def _on_room_audio(self, chunk: AudioChunk) -> None:
        """A resident's sound, from where they are: the stamp says when its first sample sounds in the room."""
        if (chunk.sample_rate, chunk.channels) != (RATE, 1):
            self._node.health.warn("room_audio", f"sound in the room must be mono at {RATE} Hz: not heard")
            return
        self._node.health.clear("room_audio")
        samples = np.frombuffer(chunk.samples, np.int16)
        starts = self._clock.frame_at(times.from_msg(chunk.header.stamp))
        self.sound.room.add(samples, starts, self._loud(chunk.header.frame_id))
