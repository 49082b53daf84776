"""Pepper as a body, over the topics of naoqi_driver2.

The driver tells no end of speech, stops for no silence, gives sound in large blocks of four channels at 48 kHz and
touches only when they change: what the contract promises beyond that is made here.
"""

import array
import math
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from kith_msgs.msg import AudioChunk, Caption
from naoqi_bridge_msgs.msg import AudioBuffer, Bumper, HandTouch, HeadTouch, JointAnglesWithSpeed
from sensor_msgs.msg import JointState, Range
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from nodes.base import graph, qos, times
from nodes.base.audio import CHUNK_S, Pcm
from nodes.base.run import run
from nodes.base.settings import setting
from nodes.body import battery, frames
from nodes.body.contact import Contact
from nodes.body.driver import DriverBody, DriverSettings
from nodes.body.hearing import Ears
from nodes.body.inlet import Inlet
from nodes.body.joints import Joints, read_limits
from nodes.body.playback import PlaybackQueue
from nodes.body.playback_messages import playback
from nodes.body.robot_voice import SoundWay, WordsWay
from nodes.body.scans import Cone

_LIMITS = Path(__file__).with_name("pepper_joints.yaml")
_VOICE_RATE = 22_050
_BUFFER_S = 0.1  # what the way to the robot and its own buffer take
_DEAF_S = 2.0
_APART = timedelta(milliseconds=250)
_TAGS = re.compile(r"[\\^]\S*")  # the robot's voice takes them for commands
_SONARS = {"sonar/front": 0.0, "sonar/back": math.pi}


@dataclass(frozen=True, kw_only=True)
class PepperSettings(DriverSettings):
    """The driver's own names for Pepper's parts."""

    sideways: bool = setting(True, "The base can also drive sideways")
    scan_topic: str = setting("laser", "The driver's three lasers; empty: none")
    image_topic: str = setting("camera/front/image_raw", "The camera in the forehead; empty: none")
    camera_info_topic: str = setting("camera/front/camera_info", "The measures of that camera")
    battery_topic: str = setting("", "A battery topic; Pepper's is in the driver's diagnostics")
    laser_pose: str = setting("0 0 0 0 0 0", "Middle of the lasers in base_link: x y z in m, roll pitch yaw in rad")
    camera_pose: str = setting("0.09 0 0.06 0 0 0", "Camera in the head, looking along its x: as laser_pose")
    microphone_pose: str = setting("0 0 0.14 0 0 0", "Microphones in the head: as laser_pose")
    head_height: float = setting(1.11, "Height of the middle of the head over the floor, m", low=0.3, high=2.0)
    voice: str = setting(
        "auto",
        "How it speaks. sound: our own voice, by a player on the robot that takes audio_out; words: the robot's voice, "
        "which tells no end; auto: sound where a player is there",
        choices=("auto", "sound", "words"),
    )
    audio_out_topic: str = setting("audio_out", "What a player on the robot takes, a naoqi_bridge_msgs/AudioBuffer")
    words_per_minute: float = setting(120.0, "How fast the robot's own voice speaks", low=60.0, high=300.0)
    joint_speed: float = setting(0.25, "Fastest of joints, as a fraction of what they can", low=0.05, high=1.0)


class PepperBody(DriverBody[PepperSettings]):
    """Pepper through its driver."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[PepperSettings]] = PepperSettings

    def configure(self) -> None:
        """Open everything of the driver's and of the contract's."""
        super().configure()
        self._heard_until: datetime | None = None
        self._configure_touch()
        self._configure_joints()
        self._configure_ears()
        self._configure_voice()
        self._battery_state = self.publisher(graph.BATTERY_STATE)
        self._hear_driver("diagnostics", DiagnosticArray, self._on_diagnostics)
        if self.laser is not None:
            for topic, direction in _SONARS.items():
                self._hear_driver(topic, Range, self._sonar(topic, direction))
        self.every(1.0, self._on_second, steady=True)

    def _hear_driver(self, topic: str, kind: Any, callback: Any) -> None:
        # The driver publishes reliably; best effort takes what it gives, and holds it up for nothing.
        self.subscription(graph.Topic(self.theirs(topic), kind, qos.SENSOR), callback)

    def fixed(self) -> dict[str, tuple[str, frames.Place]]:
        """Camera and microphones turn with the head."""
        places = super().fixed()
        return {name: ("base_link" if name == "laser" else "head", at) for name, (_, at) in places.items()}

    def _on_second(self) -> None:
        now_s = self.steady_s()
        if not self.drive.alive:
            # Nobody will tell when a hand is taken away.
            for contact in (self._bumper, self._touch, self._hand_touch):
                if contact.touched:
                    contact.let_go()
        if late := self._joints.late(now_s):
            self.health.warn("joints", f"does not reach its place: {', '.join(late)}")
        else:
            self.health.clear("joints")
        if now_s - self._heard_s > _DEAF_S:
            self._heard_until = None
            self.health.error(
                "audio", "the robot's microphones give no sound: nobody is heard, and calls for help neither"
            )
        else:
            self.health.clear("audio")

    # Touch ----------------------------------------------------------------------------------------------------------
    def _configure_touch(self) -> None:
        self._bumper = Contact(self, graph.BUMPER)
        self._touch = Contact(self, graph.TOUCH)
        self._hand_touch = Contact(self, graph.HAND_TOUCH)
        pressed = HeadTouch.STATE_PRESSED
        self._hear_driver("bumper", Bumper, lambda m: self._on_bumper(m.bumper, m.state == Bumper.STATE_PRESSED))
        # The driver counts the head's buttons from 0, its message from 1: only whether any is pressed matters here.
        self._hear_driver("head_touch", HeadTouch, lambda m: self._touch.feel(m.button, m.state == pressed))
        self._hear_driver("hand_touch", HandTouch, lambda m: self._hand_touch.feel(m.hand, m.state == pressed))

    def _on_bumper(self, which: int, pressed: bool) -> None:
        self._bumper.feel(which, pressed)
        if pressed:
            self.drive.stand()

    def _sonar(self, topic: str, direction: float) -> Any:
        def measured(message: Range) -> None:
            if self.laser is not None:
                cone = Cone(direction, message.field_of_view, message.range, message.max_range)
                self.laser.met(topic, cone)

        return measured

    # Joints ---------------------------------------------------------------------------------------------------------
    def _configure_joints(self) -> None:
        self._joints = Joints(read_limits(_LIMITS))
        self._joint_inlet = Inlet(25.0)
        self._angles = self.publisher(graph.Topic(self.theirs("joint_angles"), JointAnglesWithSpeed, qos.EVENT))
        self._joint_states = self.publisher(graph.JOINT_STATES)
        self.subscription(graph.JOINT_TARGETS, self._on_joint_targets)
        self._hear_driver("joint_states", JointState, self._on_joint_states)

    def _on_joint_targets(self, message: JointState) -> None:
        if len(message.name) != len(message.position):
            self.health.warn("joint_targets", "not obeyed: as many names as positions are needed")
            return
        try:
            targets = self._joints.aim(dict(zip(message.name, message.position, strict=True)), self.steady_s())
        except ValueError as problem:
            self.health.warn("joint_targets", f"not obeyed: {problem}")
            return
        self.health.clear("joint_targets")
        told = JointAnglesWithSpeed(
            joint_names=list(targets),
            joint_angles=list(targets.values()),
            speed=self.settings.joint_speed,
            relative=0,
        )
        told.header.stamp = times.to_msg(self.now())
        self._angles.publish(told)

    def _on_joint_states(self, message: JointState) -> None:
        now_s = self.steady_s()
        if not self._joint_inlet.take(now_s):
            return
        speeds = message.velocity if len(message.velocity) == len(message.name) else [0.0] * len(message.name)
        known = [
            (name, angle, speed if math.isfinite(speed) else 0.0)
            for name, angle, speed in zip(message.name, message.position, speeds, strict=False)
            if math.isfinite(angle)
        ]
        angles = {name: angle for name, angle, _ in known}
        self._joints.told(angles, now_s)
        stamp = times.to_msg(self.now())
        states = JointState(name=list(angles), position=list(angles.values()), velocity=[each[2] for each in known])
        states.header.stamp = stamp
        self._joint_states.publish(states)
        turn = frames.quaternion(0.0, angles.get("HeadPitch", 0.0), angles.get("HeadYaw", 0.0))
        head = frames.Place((0.0, 0.0, self.settings.head_height), turn)
        self.drive.tf.publish(TFMessage(transforms=[frames.transform("base_link", "head", head, stamp)]))

    # Ears -----------------------------------------------------------------------------------------------------------
    def _configure_ears(self) -> None:
        self._ears = Ears(self)
        self._heard_s = self.steady_s()
        self._sound_of = (0, 0)
        # Reliable, unlike the rest: a lost block is a lost word.
        self.subscription(graph.Topic(self.theirs("audio"), AudioBuffer, qos.SOUND), self._on_audio)

    def _on_audio(self, message: AudioBuffer) -> None:
        rate, channels = int(message.frequency), max(1, len(message.channel_map))
        samples: Pcm = np.frombuffer(message.data, np.int16)
        if not len(samples) or len(samples) % channels:
            self.health.count("sound blocks that are cut off")
            return
        length = timedelta(seconds=len(samples) / channels / max(rate, 1))
        now = self.now()
        if self._heard_until is not None and self._heard_until > now + _APART:
            self.health.count("sound blocks too many")  # more than sounds: a flood, or the same again
            return
        try:
            if (rate, channels) != self._sound_of:
                self._ears.begin(rate, channels)
                self._sound_of, self._heard_until = (rate, channels), None
        except ValueError as problem:
            self.health.warn("audio_in", f"sound that cannot be used: {problem}")
            return
        self.health.clear("audio_in")
        self._heard_s = self.steady_s()
        # Blocks follow one another; what time they arrive only tells whether some are missing.
        heard = self._heard_until
        if heard is None:
            heard = now - length
        elif now - length - heard > _APART:
            lost = now - length - heard
            self._ears.skip(round(lost / timedelta(seconds=CHUNK_S)))
            self.health.count("sound lost, ms", round(lost.total_seconds() * 1000))
            heard = now - length
        self._ears.hear(samples, heard)
        self._heard_until = heard + length

    # Voice ----------------------------------------------------------------------------------------------------------
    def _configure_voice(self) -> None:
        given = self.settings
        self._sound_way = SoundWay(_VOICE_RATE, _BUFFER_S)
        self._words_way = WordsWay(_VOICE_RATE, given.words_per_minute, _BUFFER_S)
        self._way_of: dict[str, PlaybackQueue] = {}
        self._to_player = self.publisher(graph.Topic(self.theirs(given.audio_out_topic), AudioBuffer, qos.SOUND))
        self._to_voice = self.publisher(graph.Topic(self.theirs("speech"), String, qos.EVENT))
        self._playback = self.publisher(graph.AUDIO_PLAYBACK)
        self.subscription(graph.AUDIO_OUT, self._on_audio_out)
        self.subscription(graph.AUDIO_CONTROL, self._on_audio_control)
        self.subscription(graph.CAPTIONS, self._on_caption)
        self.every(CHUNK_S, self._speak, steady=True)

    def _queue_for(self, utterance_id: str) -> PlaybackQueue | None:
        """The way an utterance goes, the same from its first chunk to its last; None: there is none now."""
        if utterance_id not in self._way_of:
            wanted = self.settings.voice
            if wanted != "words" and self._to_player.get_subscription_count():
                queue = self._sound_way.queue
            elif wanted != "sound" and self._to_voice.get_subscription_count():
                queue = self._words_way.queue
            else:
                return None
            self._way_of[utterance_id] = queue
            while len(self._way_of) > 100:
                del self._way_of[next(iter(self._way_of))]
        return self._way_of[utterance_id]

    def _on_audio_out(self, chunk: AudioChunk) -> None:
        queue = self._queue_for(chunk.utterance_id)
        if queue is None:
            self.health.warn("voice", "the robot cannot speak: neither a player nor the driver's speech is there")
            self._sound_way.queue.stop(chunk.utterance_id)
            return
        try:
            samples = np.frombuffer(chunk.samples, np.int16)
            queue.add(chunk.utterance_id, samples, chunk.sample_rate, chunk.channels, chunk.last)
        except ValueError as problem:
            self.health.warn("voice", f"sound that cannot be played: {problem}")
            queue.stop(chunk.utterance_id)
        else:
            self.health.clear("voice")

    def _on_audio_control(self, message: Any) -> None:
        if message.data and self._way_of.get(message.data) is not self._words_way.queue:
            self._sound_way.queue.stop(message.data)
            return
        if not message.data:
            self._sound_way.queue.stop("")
        self._words_way.stop(message.data)

    def _on_caption(self, caption: Caption) -> None:
        self._words_way.words(caption.utterance_id, _TAGS.sub(" ", caption.text), self.steady_s())

    def _speak(self) -> None:
        now_s = self.steady_s()
        if (sound := self._sound_way.due(now_s)) is not None:
            buffer = AudioBuffer(
                frequency=_VOICE_RATE,
                channel_map=[AudioBuffer.CHANNEL_FRONT_CENTER],
                data=array.array("h", sound.tobytes()),
            )
            buffer.header.stamp = times.to_msg(self.now())
            self._to_player.publish(buffer)
        for sentence in self._words_way.due(now_s):
            self._to_voice.publish(String(data=sentence))
        self.health.values["sentences that could not be said privately"] = str(self._words_way.unsaid)
        for event in (*self._sound_way.events(now_s), *self._words_way.events()):
            self._playback.publish(playback(event, self.now()))

    # Battery --------------------------------------------------------------------------------------------------------
    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            values = {each.key: each.value for each in status.values}
            if status.hardware_id == "joints" and status.level != b"\x00":
                self.health.warn("hot", "joints are hot: let the robot rest")
            elif status.hardware_id == "joints":
                self.health.clear("hot")
            if status.hardware_id == "battery" and "Percentage" in values:
                self._tell_battery(values)

    def _tell_battery(self, values: dict[str, str]) -> None:
        try:
            charge = float(values["Percentage"]) / 100.0
        except ValueError:
            return
        if not 0.0 <= charge <= 1.0:
            return
        charging, full = (values.get(key, "").lower() in ("1", "true") for key in ("Charging", "Fully Charged"))
        told = battery.state(charge, charging=charging, full=full)
        told.header.stamp = times.to_msg(self.now())
        self._battery_state.publish(told)


def main() -> int:
    """Run Pepper's body."""
    return run(PepperBody)


if __name__ == "__main__":
    sys.exit(main())
