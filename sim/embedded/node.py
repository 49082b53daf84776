"""The embedded body on the graph: the same topics as a real one (launch/body.yaml), in real time."""

import array
import math
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from geometry_msgs.msg import Twist
from kith_msgs.msg import AudioChunk, Playback
from nav_msgs.msg import Odometry
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Bool

from nodes.base import graph, times
from nodes.base.audio import CHUNK_S
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.body.playback import Happened
from sim.embedded.battery import Battery
from sim.embedded.drive import Drive
from sim.embedded.sound import RATE, Heard, Sound
from sim.room.mixing import Room

_STATES = {Happened.STARTED: Playback.STARTED, Happened.FINISHED: Playback.FINISHED, Happened.STOPPED: Playback.STOPPED}
_TICKS_PER_ODOMETRY = 2  # 25 Hz
_CLOCKS_APART = timedelta(milliseconds=50)


@dataclass(frozen=True, kw_only=True)
class EmbeddedSettings(Settings):
    """The room and the robot's share in it."""

    noise_dbfs: float = setting(
        -66.0, "RMS level of the room's noise floor in dBFS; -120: none", low=-120.0, high=-10.0
    )
    echo_db: float = setting(
        -6.0, "How loud the microphone hears the loudspeaker, in dB; -120: not at all", low=-120.0, high=6.0
    )
    battery_charge: float = setting(0.9, "Charge of the battery at the start, as a fraction", low=0.0, high=1.0)
    battery_hours: float = setting(8.0, "Hours that a full battery lasts standing still", low=0.01, high=100.0)


class EmbeddedBody(KithNode[EmbeddedSettings]):
    """Hears the room, plays the robot's voice in it, and drives."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[EmbeddedSettings]] = EmbeddedSettings

    def configure(self) -> None:
        """Create the topics; the room's clock starts when the node is active."""
        self._audio_in = self.publisher(graph.AUDIO_IN)
        self._playback = self.publisher(graph.AUDIO_PLAYBACK)
        self._odometry = self.publisher(graph.ODOM)
        self._battery_state = self.publisher(graph.BATTERY_STATE)
        self._bumper = self.publisher(graph.BUMPER)
        self.subscription(graph.AUDIO_OUT, self._on_audio_out)
        self.subscription(graph.AUDIO_CONTROL, self._on_audio_control)
        self.subscription(graph.ROOM_AUDIO, self._on_room_audio)
        self.subscription(graph.CMD_VEL, self._on_cmd_vel)
        # One timer for all that is frequent: waking up costs more than what is then done.
        self._ticker = self.every(CHUNK_S, self._on_tick, steady=True)
        self.every(1.0, self._on_second, steady=True)

    def activate(self) -> None:
        """Start the room's clock and the battery's."""
        settings = self.settings
        self._sound = Sound(Room(RATE, settings.noise_dbfs), settings.echo_db)
        self._battery = Battery(settings.battery_charge, settings.battery_hours)
        self._started_s = self.steady_s()
        self._started_at = self.now()
        self._drive = Drive(self._started_s)
        self._told_bumped: bool | None = None
        self._ticks = 0
        self._ticker.reset()  # ticks fall on the ends of blocks

    # Sound ----------------------------------------------------------------------------------------------------------
    def _frame(self) -> int:
        return math.floor((self.steady_s() - self._started_s) * RATE)

    def _time(self, frame: int) -> datetime:
        return self._started_at + timedelta(seconds=frame / RATE)

    def _on_tick(self) -> None:
        self._on_sound()
        self._ticks += 1
        if self._ticks % _TICKS_PER_ODOMETRY == 0:
            self._on_motion()

    def _on_sound(self) -> None:
        frame = self._frame()
        for heard in self._sound.until(frame):
            self._publish_heard(heard)
        self._tell_playback(frame)

    def _publish_heard(self, heard: Heard) -> None:
        chunk = AudioChunk(
            sequence=heard.sequence % 2**32,
            sample_rate=RATE,
            channels=1,
            samples=array.array("h", heard.samples.tobytes()),
        )
        chunk.header.stamp = times.to_msg(self._time(heard.frame))
        chunk.header.frame_id = "microphone"
        self._audio_in.publish(chunk)

    def _tell_playback(self, frame: int) -> None:
        for event in self._sound.events(frame):
            self._playback.publish(
                Playback(
                    stamp=times.to_msg(self._time(event.frame)),
                    utterance_id=event.utterance_id,
                    state=_STATES[event.happened],
                    played_s=event.played_s,
                )
            )

    def _on_audio_out(self, chunk: AudioChunk) -> None:
        samples = np.frombuffer(chunk.samples, np.int16)
        try:
            self._sound.queue.add(chunk.utterance_id, samples, chunk.sample_rate, chunk.channels, chunk.last)
        except ValueError as problem:
            self.health.warn("audio_out", f"sound that cannot be played: {problem}")
            self._sound.queue.stop(chunk.utterance_id)
        else:
            self.health.clear("audio_out")

    def _on_audio_control(self, message: Any) -> None:
        self._sound.queue.stop(message.data)

    def _on_room_audio(self, chunk: AudioChunk) -> None:
        """A resident's sound: the stamp says when its first sample sounds in the room."""
        if (chunk.sample_rate, chunk.channels) != (RATE, 1):
            self.health.warn("room_audio", f"sound in the room must be mono at {RATE} Hz: not heard")
            return
        self.health.clear("room_audio")
        samples = np.frombuffer(chunk.samples, np.int16)
        since_start = times.from_msg(chunk.header.stamp) - self._started_at
        self._sound.room.add(samples, round(since_start.total_seconds() * RATE))

    # Motion ---------------------------------------------------------------------------------------------------------
    def _on_cmd_vel(self, message: Twist) -> None:
        try:
            self._drive.command(message.linear.x, message.angular.z, self.steady_s())
        except ValueError as problem:
            self.health.warn("cmd_vel", f"standing still: {problem}")
        else:
            self.health.clear("cmd_vel")

    def _on_motion(self) -> None:
        self._drive.advance(self.steady_s())
        pose, message = self._drive.pose, Odometry()
        message.header.stamp = times.to_msg(self.now())
        message.header.frame_id = "odom"
        message.child_frame_id = "base_link"
        message.pose.pose.position.x = pose.x_m
        message.pose.pose.position.y = pose.y_m
        message.pose.pose.orientation.z = math.sin(pose.heading_rad / 2)
        message.pose.pose.orientation.w = math.cos(pose.heading_rad / 2)
        message.twist.twist.linear.x = self._drive.speed_m_s
        message.twist.twist.angular.z = self._drive.turn_rad_s
        self._odometry.publish(message)
        if self._drive.bumped is not self._told_bumped:
            self._tell_bumper()

    def _tell_bumper(self) -> None:
        self._told_bumped = self._drive.bumped
        self._bumper.publish(Bool(data=self._drive.bumped))

    # Once a second --------------------------------------------------------------------------------------------------
    def _on_second(self) -> None:
        self._tell_bumper()
        running_s = self.steady_s() - self._started_s
        charge = self._battery.charge(running_s, self._drive.driven_m)
        nan = float("nan")
        message = BatteryState(
            voltage=self._battery.voltage(charge),
            percentage=charge,
            present=True,
            power_supply_status=BatteryState.POWER_SUPPLY_STATUS_DISCHARGING,
            current=nan,
            charge=nan,
            capacity=nan,
            design_capacity=nan,
            temperature=nan,
        )
        message.header.stamp = times.to_msg(self.now())
        self._battery_state.publish(message)
        self.health.values["skipped audio blocks"] = str(self._sound.skipped)
        self.health.values["late room audio ms"] = str(self._sound.room.late_frames * 1000 // RATE)
        self.health.values["late audio_out chunks"] = str(self._sound.queue.late)
        self._keep_clocks_together()

    def _keep_clocks_together(self) -> None:
        """Sound goes by the steady clock, its stamps by the time of day: follow when that is set."""
        expected = self._started_at + timedelta(seconds=self.steady_s() - self._started_s)
        apart = self.now() - expected
        if abs(apart) > _CLOCKS_APART:
            self._started_at += apart
            self.health.count("clock changes")


def main() -> int:
    """Run the embedded body."""
    return run(EmbeddedBody)


if __name__ == "__main__":
    sys.exit(main())
