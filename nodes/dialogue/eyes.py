"""Whether the camera may look, said every second, and whether anybody attends to the robot, as sight tells it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hri_msgs.msg import EngagementLevel
from std_msgs.msg import Bool

from behaviours.acts import Act
from behaviours.mind import Mind
from behaviours.on_the_floor import Sighting
from culture_profiles.consent import Present, Purpose, in_room
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.node import KithNode

_TELL_EVERY_S = 1.0
_CHANGED_WITHIN_S = 0.2  # a no is heard by the camera so soon
_FRESH_S = 3.0  # sight tells who is in sight several times a second; silent for so long, it sees nothing


class Eyes:
    """For one robot. `here`, `strangers`, `profile`: who is present and what is known; `senses_on`: staff's word;
    `perform`: does what the mind decides."""

    def __init__(
        self,
        node: KithNode[Any],
        mind: Mind,
        *,
        here: Callable[[], Iterable[str]],
        strangers: Callable[[datetime], int],
        profile: Callable[[str], Profile | None],
        senses_on: Callable[[], bool],
        perform: Callable[[list[Act]], None],
    ) -> None:
        self._node, self._mind, self._perform = node, mind, perform
        self._here, self._strangers, self._profile, self._senses_on = here, strangers, profile, senses_on
        self._levels: dict[str, int] = {}
        self._subscriptions: dict[str, Any] = {}
        self._told_s = -_FRESH_S
        self._looking = node.publisher(graph.LOOKING)
        node.subscription(graph.PERSONS_TRACKED, self._on_persons)
        node.subscription(graph.ON_THE_FLOOR, self._on_the_floor)
        self._told: bool | None = None
        node.every(_TELL_EVERY_S, self._tell, steady=True)
        node.every(_CHANGED_WITHIN_S, self._tell_change, steady=True)

    def _may_look(self, now: datetime) -> bool:
        """Everybody here agreed, nobody said no today, and staff have not turned it off (care rules 10, 11, 23)."""
        present = [Present(self._profile(each), self._mind.refused_today(each, now)) for each in self._here()]
        present += [Present(None)] * self._strangers(now)
        return self._senses_on() and in_room(present, Purpose.CAMERA, now.date()).allowed

    def _tell_change(self) -> None:
        if self._may_look(self._node.now()) != self._told:
            self._tell()

    def _tell(self) -> None:
        may_look = self._told = self._may_look(self._node.now())
        self._node.health.values["camera"] = "may look" if may_look else "may not look"
        # Again and again: without a word of it, sight looks away.
        self._looking.publish(Bool(data=may_look))
        if not may_look or self._node.steady_s() - self._told_s > _FRESH_S:
            self._mind.attended(None)

    def _on_persons(self, message: Any) -> None:
        self._told_s = self._node.steady_s()
        tracked = set(message.ids)
        for gone in set(self._subscriptions) - tracked:
            self._node.destroy_subscription(self._subscriptions.pop(gone))
            self._levels.pop(gone, None)
        for come in tracked - set(self._subscriptions):
            self._subscriptions[come] = self._node.subscription(graph.person_engagement(come), self._hearer(come))
        self._mind.attended(EngagementLevel.ENGAGED in self._levels.values())

    def _on_the_floor(self, message: Any) -> None:
        now = self._node.now()
        if self._may_look(now):  # a picture from before the camera was turned off decides nothing any more
            places = [Sighting(each.position.x, each.position.y) for each in message.poses]
            self._perform(self._mind.on_the_floor(places, now))

    def _hearer(self, person_id: str) -> Callable[[Any], None]:
        def hear(message: Any) -> None:
            self._levels[person_id] = message.level

        return hear
