"""Gestures: at once, or with the first sound of the sentence they belong to."""

from typing import Any

from kith_msgs.action import Gesture

from behaviours.acts import Speak
from nodes.base import graph
from nodes.base.node import KithNode

_LONGEST_S = 3.0
_MOST_AHEAD = 5


class Gestures:
    """Carries out `acts.Gesture`."""

    def __init__(self, node: KithNode[Any]) -> None:
        self._gesture = node.action_client(graph.GESTURE)
        self._ahead: dict[str, str] = {}  # by the utterance with whose first sound they begin

    def make(self, name: str, spoken_with: Speak | None) -> None:
        """Now, or with the first sound of the sentence it belongs to: a greeting and its nod begin together."""
        if spoken_with is None:
            self._send(name, 0.0)
            return
        self._ahead = dict(list(self._ahead.items())[-_MOST_AHEAD:])
        self._ahead[spoken_with.id] = name

    def sounds(self, said: Speak) -> None:
        """A sentence begins to sound: its gesture lasts about as long, and never so long that it looks asleep."""
        if name := self._ahead.pop(said.id, ""):
            self._send(name, min(_LONGEST_S, len(said.text.split()) / said.manner.rate * 60))

    def _send(self, name: str, seconds: float) -> None:
        if self._gesture.server_is_ready():
            self._gesture.send_goal_async(Gesture.Goal(name=name, duration_s=seconds))
