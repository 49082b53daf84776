"""Who holds the floor, told to every node whenever it changes."""

from collections.abc import Callable
from typing import Any

from kith_msgs.msg import FloorState

from behaviours.mind import Mind
from nodes.base import graph, times
from nodes.base.node import KithNode


class ToldFloor:
    """`speaking`: whether a sentence is on its way; `halted`: why the robot may not move, or empty."""

    def __init__(
        self, node: KithNode[Any], mind: Mind, *, speaking: Callable[[], bool], halted: Callable[[], str]
    ) -> None:
        self._node, self._mind, self._speaking, self._halted = node, mind, speaking, halted
        self._told: FloorState | None = None
        self._publisher = node.publisher(graph.FLOOR)

    def tell(self) -> None:
        """Publish it if it is not as it was."""
        holder, speaking = self._mind.floor.holder, self._speaking()
        state = FloorState(
            priority=int(self._mind.floor.priority),
            speaking=speaking,
            listening=not speaking,
            person_id=holder.person_id if holder else "",
            halted=self._halted(),
        )
        if self._told is not None:
            state.stamp = self._told.stamp
        if state == self._told:
            return
        state.stamp = times.to_msg(self._node.now())
        self._told = state
        self._publisher.publish(state)
