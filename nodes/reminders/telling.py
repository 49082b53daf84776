"""Telling staff: every alert is sent until the alerts node says that it is written down, and followed to its end."""

from typing import Any

from kith_msgs import msg, srv

from behaviours.routines.occurrence import Occurrence
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.reminders.messages import alert_from
from nodes.reminders.store import ReminderStore, Told

_ANSWER_WITHIN_S = 5.0


class Telling:
    """Sends what the store still has to tell. `changed` is called with each occurrence closed with its alert."""

    def __init__(self, node: KithNode[Any], store: ReminderStore, changed: Any) -> None:
        self._node = node
        self._store = store
        self._changed = changed
        self._client = node.client(graph.RAISE_ALERT)
        self._sent: dict[str, float] = {}  # alert id → steady time of sending
        self._merged_into: dict[str, str] = {}
        node.subscription(graph.OPEN_ALERTS, self._on_alerts)

    def turn(self) -> None:
        """Send what is not written down yet; call about once a second. Errors: KithError of the store."""
        if not self._client.service_is_ready():
            self._node.health.wait_for("alerts")
            return
        self._node.health.found("alerts")
        for told in self._store.tellings(stored=False):
            self._send(told)

    def _on_alerts(self, alerts: msg.AlertList) -> None:
        there = {alert.id for alert in alerts.alerts}
        if not self._client.service_is_ready():
            return
        for told in self._store.tellings(stored=True):
            if self._merged_into.get(told.alert_id, told.alert_id) not in there:
                # Raising it again is harmless, and answers what has become of it.
                self._send(told)

    def _send(self, told: Told) -> None:
        now = self._node.steady_s()
        if now - self._sent.get(told.alert_id, -_ANSWER_WITHIN_S) < _ANSWER_WITHIN_S:
            return
        self._sent[told.alert_id] = now
        future = self._client.call_async(srv.RaiseAlert.Request(alert=alert_from(told)))
        future.add_done_callback(lambda done: self._on_answer(told, done.result()))

    def _on_answer(self, told: Told, answer: srv.RaiseAlert.Response) -> None:
        self._sent.pop(told.alert_id, None)
        if not answer.stored:
            self._node.health.warn("alerts", "the alerts node could not write an alert down: trying again")
            return
        self._node.health.clear("alerts")
        self._merged_into[told.alert_id] = answer.alert_now.id
        closed: Occurrence | None = None
        if answer.alert_now.state == msg.Alert.CLOSED:
            closed = self._store.alert_closed(told.alert_id, answer.alert_now.accepted_by, self._node.now())
            self._merged_into.pop(told.alert_id, None)
        elif not told.stored:
            self._store.told(told.alert_id)
        if closed is not None:
            self._changed(closed)
