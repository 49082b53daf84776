"""Calls for people: handed to the home until it has them, and what the home says became of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from kith_msgs import msg, srv
from rclpy.task import Future

from behaviours import acts
from behaviours.mind import Mind
from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.dialogue.outbox import Outbox
from nodes.dialogue.settings import DialogueSettings

_AGAIN = timedelta(seconds=2)
_AGAIN_AT_LAST = timedelta(seconds=60)
_LEVELS = {
    acts.AlertLevel.INFORM: msg.Alert.INFORM,
    acts.AlertLevel.ATTEND: msg.Alert.ATTEND,
    acts.AlertLevel.EMERGENCY: msg.Alert.EMERGENCY,
}


class Calls:
    """Carries out `acts.RaiseAlert`."""

    def __init__(
        self,
        node: KithNode[DialogueSettings],
        mind: Mind,
        outbox: Outbox,
        perform: Callable[[list[acts.Act]], None],
    ) -> None:
        self._node, self._mind, self._outbox, self._perform = node, mind, outbox, perform
        self._sent: dict[str, tuple[datetime, timedelta]] = {}  # when a call was sent last, and how long it waits
        self._merged: dict[str, str] = {}  # id under which the home keeps a call, by the id it was raised with
        self._raise = node.client(graph.RAISE_ALERT)
        node.subscription(graph.OPEN_ALERTS, self._on_alerts)

    def call(self, alert: acts.RaiseAlert) -> None:
        """Keep a call until the home has it, and send it."""
        try:
            self._outbox.put(alert, self._node.now())
            self._node.health.clear("outbox")
        except KithError as problem:
            self._node.health.error("outbox", str(problem))
        self.send()

    def next_due(self, now: datetime) -> datetime | None:
        """When a call is to be sent again."""
        pauses = (self._sent.get(alert.id, (now, timedelta())) for alert, _ in self._outbox.waiting())
        return min((sent_at + pause for sent_at, pause in pauses), default=None)

    def send(self) -> None:
        """Hand the home what it does not have yet; again and again until it says that it is stored."""
        waiting, health = self._outbox.waiting(), self._node.health
        health.values["calls waiting"] = str(len(waiting))
        if not waiting:
            health.clear("alerts")
            return
        if not self._raise.service_is_ready():
            health.error("alerts", "calls are waiting: the home's alerts cannot be reached")
            return
        now = self._node.now()
        for alert, raised_at in waiting:
            sent_at, pause = self._sent.get(alert.id, (now, timedelta()))
            if abs(now - sent_at) < pause:
                continue
            # Ever more seldom: a home that is away for hours need not be asked every other second.
            self._sent[alert.id] = (now, min(max(pause * 2, _AGAIN), _AGAIN_AT_LAST))
            request = srv.RaiseAlert.Request(
                alert=msg.Alert(
                    id=alert.id,
                    raised_at=times.to_msg(raised_at),
                    robot=self._node.settings.robot,
                    resident_id=alert.resident_id,
                    level=_LEVELS[alert.level],
                    kind=alert.kind,
                    text=alert.text,
                    state=msg.Alert.RAISED,
                )
            )
            self._raise.call_async(request).add_done_callback(partial(self._on_raised, alert.id))

    def _on_raised(self, alert_id: str, done: Future) -> None:
        answer = done.result()
        if not self._node.active or answer is None or not answer.stored:
            return
        if answer.alert_now.id:
            self._merged[alert_id] = answer.alert_now.id
        self._sent.pop(alert_id, None)
        self._perform(self._mind.alert_stored(alert_id))
        try:
            self._outbox.done(alert_id)
        except KithError as problem:
            self._node.health.error("outbox", str(problem))
        self._node.health.clear("alerts")

    def _on_alerts(self, message: Any) -> None:
        now = self._node.now()
        listed = {alert.id: alert for alert in message.alerts}
        ours = {raised: kept for raised, kept in self._merged.items() if kept in listed}
        ours |= {alert_id: alert_id for alert_id in listed}
        for raised, kept in ours.items():
            alert = listed[kept]
            done = self._mind.alert_state(
                raised, alert.state, now, accepted_by=alert.accepted_by, covered=message.covered
            )
            self._perform(done)
        self._mind.alerts_listed(set(ours))
