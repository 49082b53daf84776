"""What ordinary talk decides to say, as data."""

from dataclasses import dataclass

from behaviours.person import Pending

TOPIC = "topic"
"""The kind of pending question with which the robot began a topic; its text is the topic."""
THREAD = "thread"
"""The kind of pending offer to go on with a topic of another day."""


@dataclass(frozen=True)
class Said:
    """What to say: "" is to listen in silence. `act`: ask, offer, acknowledge, inform or comfort."""

    text: str
    locale: str
    act: str = "ask"
    why: str = ""
    pending: Pending | None = None
