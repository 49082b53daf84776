"""Telling staff: every alert is sent until the alerts node says that it is written down, and followed to its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kith_msgs import msg, srv

from behaviours.routines.occurrence import Occurrence
from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.reminders.messages import alert_from
from nodes.reminders.pause import Pause
from nodes.reminders.store import ReminderStore, Told

_SEND_AGAIN = (timedelta(seconds=2), timedelta(seconds=60))


class Telling:
    """Sends what the store still has to tell. `changed` is called with each occurrence closed with its alert."""

    def __init__(self, node: KithNode[Any], store: ReminderStore, changed: Callable[[Occurrence], None]) -> None:
        self._node = node
        self._store = store
        self._changed = changed
        self._client = node.client(graph.RAISE_ALERT)
        self._there = False
        self._unsent = {told.alert_id: told for told in store.tellings(stored=False)}
        self._open = {told.alert_id: told for told in store.tellings(stored=True)}
        self._pauses: dict[str, Pause] = {}
        self._merged_into: dict[str, str] = {}
        node.subscription(graph.OPEN_ALERTS, self._on_alerts)

    def look(self, now: datetime) -> None:
        """Something new has been written down for staff. Errors: KithError of the store."""
        for told in self._store.tellings(stored=False):
            self._unsent.setdefault(told.alert_id, told)
        self.turn(now)

    def turn(self, now: datetime) -> None:
        """Send what is not written down yet, ever more seldom."""
        if self._client.service_is_ready():
            for told in list(self._unsent.values()):
                self._send(told, now)

    def next_due(self) -> datetime | None:
        """When `turn` has something to do next."""
        if not self._client.service_is_ready():
            return None
        return min((self._pause(alert_id).until for alert_id in self._unsent), default=None)

    def look_around(self, now: datetime) -> bool:
        """Whether the alerts node is absent; when it has come back, it is told at once."""
        there = self._client.service_is_ready()
        if there and not self._there:
            self._pauses.clear()
            self.turn(now)
        self._there = there
        return not there

    def settled(self, occurrence_id: str) -> None:
        """A person has closed the occurrence itself: its alerts need not be followed any further."""
        for alert_id in [key for key, told in self._open.items() if told.occurrence_id == occurrence_id]:
            self._forget(alert_id)

    def erased(self, resident_id: str) -> None:
        """Nothing of the resident is told or followed any more."""
        for told in [*self._unsent.values(), *self._open.values()]:
            if told.resident_id == resident_id:
                self._forget(told.alert_id)

    def _pause(self, alert_id: str) -> Pause:
        return self._pauses.setdefault(alert_id, Pause(*_SEND_AGAIN))

    def _forget(self, alert_id: str) -> None:
        self._unsent.pop(alert_id, None)
        self._open.pop(alert_id, None)
        self._pauses.pop(alert_id, None)
        self._merged_into.pop(alert_id, None)

    def _on_alerts(self, alerts: msg.AlertList) -> None:
        there = {alert.id for alert in alerts.alerts}
        if not self._client.service_is_ready():
            return
        now = self._node.now()
        for told in list(self._open.values()):
            if self._merged_into.get(told.alert_id, told.alert_id) not in there:
                # Raising it again is harmless, and answers what has become of it.
                self._send(told, now)

    def _send(self, told: Told, now: datetime) -> None:
        pause = self._pause(told.alert_id)
        if not pause.over(now):
            return
        pause.begin(now)
        future = self._client.call_async(srv.RaiseAlert.Request(alert=alert_from(told)))
        future.add_done_callback(lambda done: self._on_done(told, done.result()))

    def _on_done(self, told: Told, answer: srv.RaiseAlert.Response) -> None:
        try:
            self._on_answer(told, answer)
        except KithError as problem:  # it stays unsent here, and telling twice is telling once
            self._node.health.error("file", str(problem))

    def _on_answer(self, told: Told, answer: srv.RaiseAlert.Response) -> None:
        if not answer.stored:
            self._node.health.warn("alerts", "the alerts node could not write an alert down: trying again")
            return
        self._node.health.clear("alerts")
        if answer.alert_now.state == msg.Alert.CLOSED:
            closed = self._store.alert_closed(told.alert_id, answer.alert_now.accepted_by, self._node.now())
            self._forget(told.alert_id)
            if closed is not None:
                self._changed(closed)
            return
        if told.alert_id not in self._unsent and told.alert_id not in self._open:
            return  # erased meanwhile
        self._merged_into[told.alert_id] = answer.alert_now.id
        if told.alert_id in self._unsent:
            self._store.told(told.alert_id)
            self._open[told.alert_id] = self._unsent.pop(told.alert_id)
        self._pauses.pop(told.alert_id, None)
