"""Any ROS 2 base as a body: its driver's topics, this machine's microphone and loudspeaker."""

import sys
from dataclasses import dataclass
from typing import ClassVar

from sensor_msgs.msg import JointState
from std_msgs.msg import Bool

from nodes.base import graph, qos
from nodes.base.run import run
from nodes.base.settings import setting
from nodes.body.contact import Contact
from nodes.body.plugged import PluggedBody, PluggedSettings


@dataclass(frozen=True, kw_only=True)
class GenericSettings(PluggedSettings):
    """And its other senses, where it has them."""

    bumper_topic: str = setting("", "The driver's bumper, a Bool that is true while something is touched; empty: none")
    joint_states_topic: str = setting("", "The driver's joint states; empty: none")


class GenericBody(PluggedBody[GenericSettings]):
    """A base, and a microphone and a loudspeaker plugged into this machine."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[GenericSettings]] = GenericSettings

    def configure(self) -> None:
        """The driver's topics and the sound devices."""
        super().configure()
        given = self.settings
        if given.bumper_topic:
            bumper = Contact(self, graph.BUMPER)
            topic = graph.Topic(self.theirs(given.bumper_topic), Bool, qos.SENSOR)
            self.subscription(topic, lambda message: bumper.feel("", message.data))
        if given.joint_states_topic:
            joints = self.publisher(graph.JOINT_STATES)
            topic = graph.Topic(self.theirs(given.joint_states_topic), JointState, qos.SENSOR)
            self.subscription(topic, joints.publish)


def main() -> int:
    """Run the body."""
    return run(GenericBody)


if __name__ == "__main__":
    sys.exit(main())
