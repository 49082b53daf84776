"""The alerts node: writes calls for people down, shows the open ones, sends them again until a person accepts."""

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kith_msgs import msg, srv

from behaviours.calling.alert import Alert, Level, Shift, State
from culture_profiles.errors import KithError
from nodes.alerts.pager import Page, Pager, PagerSettings, may_be_paged
from nodes.alerts.store import AlertStore
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.resident_records import ResidentRecords
from nodes.base.run import run
from nodes.base.settings import Settings, setting

_PAGER_S = 10.0
_ROOM_WITHIN_S = 1.0


@dataclass(frozen=True, kw_only=True)
class AlertsSettings(Settings):
    """What the alerts node can be told."""

    again_after_s: int = setting(
        60, "An alert that nobody has accepted goes out again after so many seconds", low=1, high=3600
    )
    same_call_s: int = setting(
        120, "A repeated call counts as the same one until so many seconds after it was accepted", low=0, high=3600
    )


def alert_to_msg(alert: Alert) -> msg.Alert:
    """An alert as it travels."""
    return msg.Alert(
        id=alert.id,
        raised_at=times.to_msg(alert.raised_at),
        robot=alert.robot,
        resident_id=alert.resident_id,
        level=int(alert.level),
        kind=alert.kind,
        text=alert.text,
        state=int(alert.state),
        accepted_by=alert.accepted_by,
        raise_count=alert.raise_count,
        handed_from=alert.handed_from,
        handed_to=alert.handed_to,
    )


class AlertsNode(KithNode[AlertsSettings]):
    """Owner of alerts.db."""

    name = "alerts"
    settings_type = AlertsSettings

    _store: AlertStore | None = None
    _pager: Pager | None = None
    _pager_settings: PagerSettings | None = None

    def configure(self) -> None:
        """Open the file; offer the services. Errors: KithError."""
        if not self.settings.home_dir:
            raise KithError("alerts need a home to keep them in: set the parameter home_dir")
        self._store = AlertStore(
            Path(self.settings.home_dir) / "alerts" / "alerts.db",
            again_after=timedelta(seconds=self.settings.again_after_s),
            same_call_for=timedelta(seconds=self.settings.same_call_s),
        )
        ResidentRecords(self, self.name, self._store.residents, self._erase_resident)
        self._open = self.publisher(graph.OPEN_ALERTS)
        self.service(graph.RAISE_ALERT, self._raise)
        self.service(graph.ACCEPT_ALERT, self._accept)
        self.service(graph.SET_SHIFT, self._set_shift)
        self.service(graph.ERASE_ALERTS, self._erase)
        self.every(0.5, self._send_again)
        self._finding_room: set[str] = set()
        self._pager_file = Path(self.settings.home_dir) / "alerts" / "pager.yaml"
        self._snapshots = self.client(graph.GET_SNAPSHOT)
        self._look_at_pager()
        self.every(_PAGER_S, self._look_at_pager, steady=True)

    def activate(self) -> None:
        """Show what an earlier life left."""
        self._publish()

    def next_due(self) -> datetime | None:
        """When an alert that nobody accepts goes out again."""
        return self._file.next_due() if self.active else None

    def cleanup(self) -> None:
        """Close the file; what the pager did not take stays to be sent by the next life."""
        if self._pager is not None:
            self._pager.close()
            self._pager = self._pager_settings = None
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def _file(self) -> AlertStore:
        assert self._store is not None, "called before configure"
        return self._store

    def _publish(self) -> None:
        alerts, shift = self._file.open_alerts(), self._file.shift
        self._open.publish(
            msg.AlertList(
                stamp=times.to_msg(self.now()),
                alerts=[alert_to_msg(alert) for alert in alerts],
                holder=shift.holder,
                deputy=shift.deputy,
                covered=shift.covered,
            )
        )
        self._page_all()
        self.health.values["open"] = str(len(alerts))
        self.health.values["covered"] = str(shift.covered).lower()
        if shift.covered:
            self.health.clear("covered")
        else:
            self.health.warn("covered", "calls not covered: nobody carries the alerts")

    # The home's own pager -------------------------------------------------------------------------------------------
    def _look_at_pager(self) -> None:
        """Take up a pager that was written down, changed or removed. A mistake in it stops no alert."""
        try:
            settings = PagerSettings.read(self._pager_file) if self._pager_file.exists() else None
            self.health.clear("pager file")
        except KithError as problem:
            self.health.warn("pager file", str(problem))
            return
        if settings == self._pager_settings:
            return
        if self._pager is not None:
            self._pager.close()
        self._pager_settings = settings
        self._pager = Pager(settings, self._on_paged) if settings is not None else None
        self._page_all()

    def _page_all(self) -> None:
        """Hand the pager what it does not have yet: new, sent again, accepted or closed."""
        if self._pager is None or self._store is None:
            return
        for alert in self._file.to_page():
            page = Page.of(alert, "")
            if may_be_paged(alert) and not self._pager.has(page) and alert.id not in self._finding_room:
                self._finding_room.add(alert.id)
                self._find_room(alert.id, alert.resident_id)

    def _find_room(self, alert_id: str, resident_id: str) -> None:
        """Page it with the resident's room, or without where nobody tells it within a second."""

        def page(room: str) -> None:
            self.destroy_timer(timer)
            if alert_id not in self._finding_room:
                return
            self._finding_room.discard(alert_id)
            alert = self._store.find(alert_id) if self._store is not None else None
            if alert is not None and self._pager is not None:
                self._pager.send(Page.of(alert, room))

        def answered(done: Any) -> None:
            facts = done.result().snapshot.facts if done.result() is not None else []
            page(next((fact.value for fact in facts if fact.key == "room.name"), ""))

        asks = bool(resident_id) and self._snapshots.service_is_ready()
        timer = self.after(_ROOM_WITHIN_S if asks else 0.0, lambda: page(""), steady=True)
        if asks:
            self._snapshots.call_async(srv.GetSnapshot.Request(resident_id=resident_id)).add_done_callback(answered)

    def _on_paged(self, page: Page, problem: str) -> None:
        """Called on the pager's thread: it took a page, or what keeps it from doing so."""

        def note() -> None:
            if problem:
                self.health.warn("pager", problem)
                return
            self.health.clear("pager")
            try:
                if self._store is not None:
                    self._store.paged(page.alert_id, page.event, page.count)
            except KithError as trouble:
                self.health.error("file", str(trouble))

        self.post(note)

    def _send_again(self) -> None:
        try:
            if self._file.send_again(self.now()):
                self._publish()
            self.health.clear("file")
        except KithError as problem:
            self.health.error("file", str(problem))

    def _raise(self, request: Any, response: Any) -> Any:
        """Raising an id that is known changes nothing, but for a device that says DELIVERED and names who saw it."""
        given, now = request.alert, self.now()
        try:
            if given.state == msg.Alert.DELIVERED:
                alert = self._file.delivered(given.id, given.accepted_by, now)
            else:
                alert = self._file.raise_alert(self._new(given), now)
        except KithError as problem:
            response.stored, response.message = False, str(problem)
            self._publish()  # staff see it even when the disk refuses it; whoever raised it keeps trying
            return response
        response.stored, response.alert_now = True, alert_to_msg(alert)
        self._publish()
        return response

    def _new(self, given: Any) -> Alert:
        now = self.now()
        # A level nobody knows is treated as the most urgent one: an alert is never lost to a mistake in its form.
        level = Level(given.level) if given.level in tuple(Level) else Level.EMERGENCY
        return Alert(
            id=given.id,
            raised_at=times.from_msg(given.raised_at) if times.is_set(given.raised_at) else now,
            robot=given.robot,
            resident_id=given.resident_id,
            level=level,
            kind=given.kind,
            text=given.text,
            last_sent_at=now,
            state=State.RAISED,
        )

    def _accept(self, request: Any, response: Any) -> Any:
        act = self._file.close_alert if request.close else self._file.accept
        try:
            act(request.alert_id, request.person, self.now())
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        response.success = True
        self._publish()
        return response

    def _set_shift(self, request: Any, response: Any) -> Any:
        try:
            self._file.set_shift(Shift(request.holder, request.deputy), self.now())
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        response.success = True
        self._publish()
        return response

    def _erase(self, request: Any, response: Any) -> Any:
        """After the profile has been erased, which a legal hold forbids: closed alerts about the resident go too."""
        try:
            self._erase_resident(request.resident_id)
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        response.success = True
        return response

    def _erase_resident(self, resident_id: str) -> None:
        self._file.erase(resident_id)


def main() -> int:
    """Run the alerts node."""
    return run(AlertsNode)


if __name__ == "__main__":
    sys.exit(main())
