"""A node for the tests of simulated time: it asks itself every hour, through ROS, to say the time."""

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from std_msgs.msg import String

from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings


@dataclass(frozen=True, kw_only=True)
class HourlySettings(Settings):
    pass


class Hourly(KithNode[HourlySettings]):
    name = "hourly"
    settings_type = HourlySettings

    def configure(self) -> None:
        self._next: datetime | None = None
        self._word = self.publisher(graph.AUDIO_CONTROL)
        self.subscription(graph.AUDIO_CONTROL, lambda _: print(self.now().isoformat(), flush=True))
        self.every(0.1, self._look)

    def next_due(self) -> datetime | None:
        return self._next

    def _look(self) -> None:
        now = self.now()
        if self._next is None or now >= self._next:
            self._next = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            self._word.publish(String(data="the hour"))


if __name__ == "__main__":
    sys.exit(run(Hourly))
