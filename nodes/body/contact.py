"""Bumpers and touch sensors: several of them as one word of the contract, told at each change and every second."""

from typing import Any

from std_msgs.msg import Bool

from nodes.base import graph
from nodes.base.node import KithNode


class Contact:
    """True while any of its parts is touched."""

    def __init__(self, node: KithNode[Any], topic: graph.Topic) -> None:
        """`topic`: the contract's."""
        self._touched: set[str | int] = set()
        self._told = False
        self._topic = node.publisher(topic)
        node.every(1.0, self.tell, steady=True)

    @property
    def touched(self) -> bool:
        """Whether any part is touched."""
        return bool(self._touched)

    def feel(self, part: str | int, touched: bool) -> bool:
        """One part is touched or let go; whether that changed the whole."""
        if touched:
            self._touched.add(part)
        else:
            self._touched.discard(part)
        changed = self.touched is not self._told
        if changed:
            self.tell()
        return changed

    def let_go(self) -> None:
        """Nobody knows any more: the driver is gone."""
        self._touched.clear()
        self.tell()

    def tell(self) -> None:
        """Say how it is."""
        self._told = self.touched
        self._topic.publish(Bool(data=self._told))
