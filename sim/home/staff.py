"""The simulated staff: named people who see the alerts and the open occurrences, accept, and close on their rounds."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from kith_msgs import msg, srv
from rclpy.node import Node
from rclpy.task import Future

from nodes.base import graph, times
from sim.home.agenda import Agenda
from sim.home.ends import subscription
from sim.home.observer import Observer

_SHIFTS = (("Maria Lopes", "Tom Baker"), ("Grace Owusu", "Anna Nowak"))
_ROUND_S = 600.0
_ANSWER_WITHIN_S = 1.5
_TOLD = (msg.Occurrence.TOLD_STAFF, msg.Occurrence.MISSED)
_THEIRS = (*_TOLD, msg.Occurrence.ACCEPTED, msg.Occurrence.DECLINED)


class Staff:
    """Two to a shift. What a call does not reach, they do again on their next round."""

    def __init__(self, node: Node, agenda: Agenda, observer: Observer, rng: random.Random) -> None:
        self._node = node
        self._agenda = agenda
        self._observer = observer
        self._rng = rng
        self._clients: dict[str, Any] = {}
        self._pending: dict[Future, float] = {}
        self._alerts: dict[str, msg.Alert] = {}
        self._seen: set[str] = set()
        self._theirs: set[str] = set()
        self._round_due = False
        subscription(node, graph.OPEN_ALERTS, self._on_alerts)
        subscription(node, graph.OCCURRENCES, self._on_occurrence)

    @property
    def names(self) -> tuple[str, str]:
        """Who carries the alerts, and who stands in."""
        return _SHIFTS[0 if 7 <= self._agenda.now.hour < 19 else 1]

    def real_wait_s(self) -> float:
        """Real seconds in which an answer may still come."""
        now = time.monotonic()
        for call in [call for call, until in self._pending.items() if until <= now]:
            del self._pending[call]
        return max((until - now for until in self._pending.values()), default=0.0)

    def ask(self, service: graph.Service, request: Any, done: Callable[[Any], None] = lambda _: None) -> bool:
        """Call a service of the home. False: it is not there."""
        if service.name not in self._clients:
            self._clients[service.name] = self._node.create_client(service.type, service.name)
        client = self._clients[service.name]
        if not client.service_is_ready():
            return False
        call = client.call_async(request)
        self._pending[call] = time.monotonic() + _ANSWER_WITHIN_S

        def answered(future: Future) -> None:
            self._pending.pop(future, None)
            done(future.result())

        call.add_done_callback(answered)
        return True

    # Alerts ---------------------------------------------------------------------------------------------------------
    def _on_alerts(self, message: msg.AlertList) -> None:
        now = self._agenda.now
        self._alerts = {alert.id: alert for alert in message.alerts}
        for alert in message.alerts:
            self._observer.alert(alert.id, alert.resident_id, alert.text, alert.accepted_by, now)
            if alert.id not in self._seen:
                self._seen.add(alert.id)
                # Mostly within the minute, now and then somebody's hands are full.
                after = self._rng.choices((20, 40, 100), (6, 3, 1))[0]
                self._agenda.after(after, partial(self._accept, alert.id))
        if self._alerts:
            self._plan_round()

    def _accept(self, alert_id: str) -> None:
        alert = self._alerts.get(alert_id)
        if alert is not None and alert.state < msg.Alert.ACCEPTED:
            person = self._rng.choice(self.names)
            self.ask(graph.ACCEPT_ALERT, srv.AcceptAlert.Request(alert_id=alert_id, person=person))

    # Occurrences ----------------------------------------------------------------------------------------------------
    def _on_occurrence(self, occurrence: msg.Occurrence) -> None:
        if occurrence.state in _THEIRS:
            self._theirs.add(occurrence.id)
            if occurrence.state in _TOLD:
                self._observer.told(occurrence.id, self._agenda.now)
            self._plan_round()
        else:
            self._theirs.discard(occurrence.id)

    # Rounds ---------------------------------------------------------------------------------------------------------
    def _plan_round(self) -> None:
        if not self._round_due:
            self._round_due = True
            self._agenda.after(_ROUND_S, self._round)

    def _round(self) -> None:
        """Look after everything that is open: what is done is closed by name."""
        self._round_due = False
        person = self._rng.choice(self.names)
        for alert in self._alerts.values():
            done = alert.state == msg.Alert.ACCEPTED
            request = srv.AcceptAlert.Request(alert_id=alert.id, person=alert.accepted_by or person, close=done)
            self.ask(graph.ACCEPT_ALERT, request)
        for occurrence_id in self._theirs:
            request = srv.CloseOccurrence.Request(occurrence_id=occurrence_id, closed_by=person, note="seen to")
            self.ask(graph.CLOSE_OCCURRENCE, request, partial(self._closed, occurrence_id))
        if self._alerts or self._theirs:
            self._plan_round()

    def _closed(self, occurrence_id: str, answer: Any) -> None:
        if answer.success or "already" in answer.message:
            self._theirs.discard(occurrence_id)

    def look_at_list(self, done: Callable[[], None]) -> bool:
        """Read the whole list of the last two days: what a message did not bring is found there."""
        now = self._agenda.now

        def read(answer: srv.ListOccurrences.Response) -> None:
            for occurrence in answer.occurrences:
                self._on_occurrence(occurrence)
                self._observer.listed(occurrence.id, occurrence.closed_by, unsure=occurrence.uncertain)
            done()

        request = srv.ListOccurrences.Request(after=times.to_msg(now - timedelta(days=2)), before=times.to_msg(now))
        return self.ask(graph.LIST_OCCURRENCES, request, read)
