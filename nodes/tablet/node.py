"""The tablet node: the home's health as a plain page on this machine, and the signed-in pages by TLS."""

import os
import socket
import ssl
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from kith_msgs import msg, srv

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.models import default_models_dir, installed_models
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.base.time_zone import machine_time_zone
from nodes.tablet.addresses import Addresses, forget_addresses, own_addresses, write_addresses
from nodes.tablet.announcing import Announcement
from nodes.tablet.api.app import WHERE, api_app
from nodes.tablet.audit import AuditLog
from nodes.tablet.certificates import NAME, ca_path, tls
from nodes.tablet.courier import Courier
from nodes.tablet.forgetting import Forgetting
from nodes.tablet.golive import GoLive
from nodes.tablet.messages import alert_from_msg, call_from_msg
from nodes.tablet.pages import make_app
from nodes.tablet.pairing import Pairing, pairing_app
from nodes.tablet.passkeys import Passkeys
from nodes.tablet.people import People
from nodes.tablet.programs import Programs
from nodes.tablet.records import SETUP_CODE, Records, records_path
from nodes.tablet.robots import RobotBoard
from nodes.tablet.ros_home import RosHome
from nodes.tablet.ros_robots import RosRobots
from nodes.tablet.sent import SentMessages
from nodes.tablet.server import WebServer
from nodes.tablet.site.app import site_app
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
    pairing_port: int = setting(
        0,
        "TCP port of the plain page from which devices get the home's certificate, served only beyond this machine; "
        "0: the one after the pages' port, or any where that is taken",
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
    _pairing: WebServer | None = None
    _announcement: Announcement | None = None
    _records: Records | None = None

    def configure(self) -> None:
        """Take the port. Errors: KithError when it is in use."""
        self._board = Board()
        self._robots = RobotBoard()
        self._robots_heard = RosRobots(self, self._robots)
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
        people, audit, programs, sent = records.call(
            lambda: (
                People(records.file),
                AuditLog(records.file),
                Programs(records.file),
                SentMessages(records.file),
            )
        )
        go_live = GoLive(records.file, home)
        if records.call(people.all):
            records.call(go_live.tell)
        reached = own_addresses(address) if address not in _LOOPBACK else []
        names = list(dict.fromkeys([*_LOOPBACK, NAME, socket.gethostname(), *reached]))
        board = RosHome(self, self._board, self._show_to, self._robots, self._robots_heard.introduce)
        zone, models = (
            self.settings.time_zone or machine_time_zone(),
            Path(self.settings.models_dir or default_models_dir()),
        )
        site = Site(
            board,
            records,
            people=people,
            audit=audit,
            sent=sent,
            programs=programs,
            passkeys=records.call(lambda: Passkeys(records.file, people)),
            go_live=go_live,
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
        self._courier = Courier(self, records, sent, self._robots, site.zone)
        self._forgetting = Forgetting(self, records, sent)
        app = site_app(site, ROUTES, open_pages(site), {WHERE: api_app(site)})
        # The date by which devices outside judge it: the ROS clock may be simulated.
        certificate = tls(home, [name for name in names if not name.startswith("[")], datetime.now(UTC))
        self._secure, port = _serve(app, address, self.settings.secure_port, beside + 1, certificate)
        pages = f"https://{NAME if reached else 'localhost'}:{port}/"
        where = ""
        site.pairing = Pairing(ca_path(home).read_text(encoding="ascii"), pages)
        if reached:
            plain = pairing_app(site.pairing, names)
            self._pairing, paired_at = _serve(plain, address, self.settings.pairing_port, port + 1)
            host = f"[{reached[0]}]" if ":" in reached[0] else reached[0]
            where = f"http://{host}:{paired_at}/"
            site.pairing = Pairing(site.pairing.ca_pem, pages, where)
            self._announcement = Announcement(
                reached, port, lambda problem: self.post(lambda: self.health.warn("name", problem))
            )
            self._announcement.start()
        self.health.values["pages"] = pages
        write_addresses(home, Addresses(self.health.values["url"], pages, where))

    def activate(self) -> None:
        """Say where the pages are."""
        self.get_logger().info(f"the home's health is shown at {self.health.values['url']}")
        if "pages" in self.health.values:
            self.get_logger().info(f"the tablet's pages are at {self.health.values['pages']}")

    def cleanup(self) -> None:
        """Stop serving; close the records."""
        if self._announcement is not None:
            self._announcement.stop()
            self._announcement = None
        for server in (self._server, self._secure, self._pairing):
            if server is not None:
                server.stop()
        self._server = self._secure = self._pairing = None
        if self.settings.home_dir:
            forget_addresses(Path(self.settings.home_dir))
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
        self._robots_heard.on_diagnostics(array)

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
        if any(server is not None and not server.alive for server in (self._server, self._secure, self._pairing)):
            self.health.error("web", "the web server has stopped: restart the tablet node")
        if not self._raise.service_is_ready():
            self.health.wait_for("alerts")
        else:
            self.health.found("alerts")


def _serve(
    app: FastAPI, address: str, wanted: int, usual: int, certificate: ssl.SSLContext | None = None
) -> tuple[WebServer, int]:
    """Serve on the port that is wanted, else (0) on the usual one, else on any. Errors: KithError where it is taken."""
    server = WebServer(app, address, wanted or min(usual, 65535), certificate)
    try:
        return server, server.start()
    except KithError:
        if wanted:
            raise
    server = WebServer(app, address, 0, certificate)
    return server, server.start()


def _setup_code(home: Path) -> str:
    """What the first manager types: kept in a file that only the home's machine shows, for the owner alone."""
    path = home / "tablet" / SETUP_CODE
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
