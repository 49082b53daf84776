"""The tablet node: collects the home's health and serves it as a page."""

import sys
from dataclasses import dataclass
from typing import Any

from kith_msgs import msg, srv

from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.tablet.pages import make_app
from nodes.tablet.server import WebServer
from nodes.tablet.view import Board, View, alert_view

_LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"]


@dataclass(frozen=True, kw_only=True)
class TabletSettings(Settings):
    """What the tablet node can be told."""

    address: str = setting("127.0.0.1", "Network address to serve on; 127.0.0.1 is this machine alone")
    port: int = setting(8484, "TCP port to serve on; 0: any free one", low=0, high=65535)
    carried_by: str = setting(
        "", "Who is signed in on the device that shows the page; nobody: showing a call there delivers it to nobody"
    )


class TabletNode(KithNode[TabletSettings]):
    """Reads /diagnostics and the open alerts; its web server has a thread of its own."""

    name = "tablet"
    settings_type = TabletSettings

    _server: WebServer | None = None

    def configure(self) -> None:
        """Take the port. Errors: KithError when it is in use."""
        self._board = Board()
        self._raised: set[str] = set()
        self._raise = self.client(graph.RAISE_ALERT)
        app = make_app(self._view, self._shown, [*_LOOPBACK, self.settings.address], lambda: self._stopping)
        server = WebServer(app, self.settings.address, self.settings.port)
        port = server.start()
        self._server = server
        self.health.values["url"] = f"http://{self.settings.address}:{port}/"
        self.subscription(graph.DIAGNOSTICS, self._on_diagnostics)
        self.subscription(graph.OPEN_ALERTS, self._on_alerts)
        self.every(1.0, self._watch, steady=True)

    def activate(self) -> None:
        """Say where the page is."""
        self.get_logger().info(f"the home's health is shown at {self.health.values['url']}")

    def cleanup(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def _stopping(self) -> bool:
        return self._server is None or self._server.stopping

    def _view(self) -> View:
        """For the web server's thread: reading a clock is safe from there."""
        return self._board.view(self.now(), self.steady_s())

    def _on_diagnostics(self, array: Any) -> None:
        at = self.steady_s()
        for status in array.status:
            self._board.node(status.name, status.level[0], status.message, at)

    def _on_alerts(self, alerts: msg.AlertList) -> None:
        self._raised = {alert.id for alert in alerts.alerts if alert.state == msg.Alert.RAISED}
        self._board.calls(
            alerts.covered,
            alerts.holder,
            alerts.deputy,
            [
                alert_view(
                    alert.id,
                    alert.kind,
                    alert.level,
                    alert.state,
                    alert.accepted_by,
                    times.from_msg(alert.raised_at),
                    alert.raise_count,
                )
                for alert in alerts.alerts
            ],
        )

    def _shown(self, ids: list[str]) -> None:
        """A device has these alerts on its screen. From the web server's thread."""
        if self.settings.carried_by:
            self.post(lambda: self._deliver(ids))

    def _deliver(self, ids: list[str]) -> None:
        for alert_id in ids:
            if alert_id in self._raised and self._raise.service_is_ready():
                self._raised.discard(alert_id)  # told again with the next list, should this one get lost
                alert = msg.Alert(id=alert_id, state=msg.Alert.DELIVERED, accepted_by=self.settings.carried_by)
                self._raise.call_async(srv.RaiseAlert.Request(alert=alert))

    def _watch(self) -> None:
        if self._server is not None and not self._server.alive:
            self.health.error("web", "the web server has stopped: restart the tablet node")
        if not self._raise.service_is_ready():
            self.health.wait_for("alerts")
        else:
            self.health.found("alerts")


def main() -> int:
    """Run the tablet node."""
    return run(TabletNode)


if __name__ == "__main__":
    sys.exit(main())
