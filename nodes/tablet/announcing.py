"""Says on the home's network, by multicast DNS, which address kith.local has."""

import threading
from collections.abc import Callable
from ipaddress import ip_address

from nodes.tablet.certificates import NAME


class Announcement:
    """From `start` until `stop`, on a thread of its own: the network may be slow or away."""

    def __init__(self, addresses: list[str], port: int, problem: Callable[[str], None]) -> None:
        """`addresses`: of this machine; `problem` hears, from that thread, why the name cannot be announced."""
        self._addresses, self._port, self._problem = addresses, port, problem
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tablet-announcing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take the name back."""
        self._ending.set()
        self._thread.join(timeout=3.0)

    def _run(self) -> None:
        from zeroconf import Error, ServiceInfo, Zeroconf  # not before it is needed: most homes start without

        about = ServiceInfo(
            "_https._tcp.local.",
            "Kith._https._tcp.local.",
            addresses=[ip_address(each).packed for each in self._addresses],
            port=self._port,
            server=f"{NAME}.",
        )
        try:
            network = Zeroconf(interfaces=list(self._addresses))
        except (OSError, Error):
            self._problem("the name kith.local cannot be announced on this network: use the machine's address")
            return
        try:
            network.register_service(about, allow_name_change=True)
            self._ending.wait()
            network.unregister_service(about)
        except (OSError, Error):
            self._problem("the name kith.local is not announced: another machine has it, or the network refuses")
            self._ending.wait()
        finally:
            network.close()
