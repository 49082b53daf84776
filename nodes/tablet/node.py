"""The tablet node: the home's health as a plain page on this machine, and the signed-in pages by TLS."""

import ipaddress
import os
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kith_msgs import msg, srv

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.models import default_models_dir, installed_models
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.base.time_zone import machine_time_zone
from nodes.tablet.audit import AuditLog
from nodes.tablet.certificates import NAME, tls
from nodes.tablet.messages import alert_from_msg, call_from_msg
from nodes.tablet.pages import make_app
from nodes.tablet.people import People
from nodes.tablet.records import Records, records_path
from nodes.tablet.ros_home import RosHome
from nodes.tablet.server import WebServer
from nodes.tablet.site.routes import ROUTES
from nodes.tablet.site.signing_in import open_pages
from nodes.tablet.site.site import Site, new_setup_code
from nodes.tablet.view import Board, View

_LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"]
_RECOGNISERS = ("vosk", "whisper")


@dataclass(frozen=True, kw_only=True)
class TabletSettings(Settings):
    """What the tablet node can be told."""

    address: str = setting("127.0.0.1", "Network address to serve on; 127.0.0.1 is this machine alone")
    port: int = setting(8484, "TCP port to serve on; 0: any free one", low=0, high=65535)
    secure_port: int = setting(
        0,
        "TCP port of the signed-in pages, by TLS; 0: the one after port, or any where that is taken",
        low=0,
        high=65535,
    )
    lock_after_s: int = setting(180, "A device that nobody touches locks after so many seconds", low=30, high=3600)
    time_zone: str = setting("", "The home's time zone, such as Europe/London; empty for the machine's own")
    models_dir: str = setting("", "Folder of the models; empty: where `kith models install` puts them")
    carried_by: str = setting(
        "", "Who is signed in on the device that shows the page; nobody: showing a call there delivers it to nobody"
    )


class TabletNode(KithNode[TabletSettings]):
    """Reads /diagnostics and the open alerts; its web server has a thread of its own."""

    name = "tablet"
    settings_type = TabletSettings

    _server: WebServer | None = None
    _secure: WebServer | None = None
    _records: Records | None = None

    def configure(self) -> None:
        """Take the port. Errors: KithError when it is in use."""
        self._board = Board()
        self._raised: set[str] = set()
        self._raise = self.client(graph.RAISE_ALERT)
        # Without TLS on this machine alone: the health page tells who carries the calls.
        address = self.settings.address if self.settings.address in _LOOPBACK else "127.0.0.1"
        app = make_app(self._view, self._shown, _LOOPBACK, lambda: self._stopping)
        server = WebServer(app, address, self.settings.port)
        port = server.start()
        self._server = server
        self.health.values["url"] = f"http://{address}:{port}/"
        if self.settings.home_dir:
            self._serve_pages(port)
        self.subscription(graph.DIAGNOSTICS, self._on_diagnostics)
        self.subscription(graph.OPEN_ALERTS, self._on_alerts)
        self.every(1.0, self._watch, steady=True)

    def _serve_pages(self, beside: int) -> None:
        """The signed-in pages. Errors: KithError for a file, an authority or a port that cannot be used."""
        home = Path(self.settings.home_dir)
        address = self.settings.address
        self._records = records = Records(records_path(home))
        people, audit = records.call(lambda: (People(records.file), AuditLog(records.file)))
        names = [*_LOOPBACK, NAME, socket.gethostname()]
        if address not in names and not ipaddress.ip_address(address).is_unspecified:
            names.append(address)
        board = RosHome(self, self._board, self._show_to)
        zone, models = (
            self.settings.time_zone or machine_time_zone(),
            Path(self.settings.models_dir or default_models_dir()),
        )
        site = Site(
            board,
            records,
            people=people,
            audit=audit,
            lock_after=timedelta(seconds=self.settings.lock_after_s),
            time_zone=zone,
            heard=lambda: tuple(
                language
                for model in installed_models(models)
                if model.kind in _RECOGNISERS
                for language in model.languages
            ),
            stopping=lambda: self._secure is None or self._secure.stopping,
            setup_code=_setup_code(home),
            hosts=names,
        )
        app = site.app(ROUTES, open_pages(site))
        # The date by which devices outside judge it: the ROS clock may be simulated.
        certificate = tls(home, [name for name in names if not name.startswith("[")], datetime.now(UTC))
        wanted = self.settings.secure_port
        try:
            server = WebServer(app, address, wanted or min(beside + 1, 65535), certificate)
            port = server.start()
        except KithError:
            if wanted:
                raise
            server = WebServer(app, address, 0, certificate)
            port = server.start()
        self._secure = server
        self.health.values["pages"] = f"https://{NAME if address not in _LOOPBACK else 'localhost'}:{port}/"

    def activate(self) -> None:
        """Say where the pages are."""
        self.get_logger().info(f"the home's health is shown at {self.health.values['url']}")
        if "pages" in self.health.values:
            self.get_logger().info(f"the signed-in pages are at {self.health.values['pages']}")

    def cleanup(self) -> None:
        """Stop serving; close the records."""
        for server in (self._server, self._secure):
            if server is not None:
                server.stop()
        self._server = self._secure = None
        if self._records is not None:
            self._records.close()
            self._records = None

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
            [alert_from_msg(alert) for alert in alerts.alerts],
        )

        self._board.for_staff([call_from_msg(alert) for alert in alerts.alerts])

    def _shown(self, ids: list[str]) -> None:
        """A device has these alerts on its screen. From the web server's thread."""
        if self.settings.carried_by:
            self._show_to(ids, self.settings.carried_by)

    def _show_to(self, ids: list[str], to: str) -> None:
        self.post(lambda: self._deliver(ids, to))

    def _deliver(self, ids: list[str], to: str) -> None:
        for alert_id in ids:
            if alert_id in self._raised and self._raise.service_is_ready():
                self._raised.discard(alert_id)  # told again with the next list, should this one get lost
                alert = msg.Alert(id=alert_id, state=msg.Alert.DELIVERED, accepted_by=to)
                self._raise.call_async(srv.RaiseAlert.Request(alert=alert))

    def _watch(self) -> None:
        if any(server is not None and not server.alive for server in (self._server, self._secure)):
            self.health.error("web", "the web server has stopped: restart the tablet node")
        if not self._raise.service_is_ready():
            self.health.wait_for("alerts")
        else:
            self.health.found("alerts")


def _setup_code(home: Path) -> str:
    """What the first manager types: kept in a file that only the home's machine shows, for the owner alone."""
    path = home / "tablet" / "setup_code"
    try:
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(new_setup_code() + "\n")
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise KithError(f"{path}: cannot be read or written: check its owner, or remove it") from None


def main() -> int:
    """Run the tablet node."""
    return run(TabletNode)


if __name__ == "__main__":
    sys.exit(main())
