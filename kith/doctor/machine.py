"""The machine: Python, ports, sound, clock, systemd."""

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kith import home as homes
from kith.doctor.check import Check
from kith.service import units
from kith.service.machine import Machine

TABLET_PORT = 8484
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


def checks(home: Path) -> Iterator[Check]:
    """Everything about the machine itself."""
    version = ".".join(map(str, sys.version_info[:3]))
    right = (3, 11) <= sys.version_info[:2] < (3, 13)
    todo = "" if right else "install Python 3.11 or 3.12 and run `make setup`"
    yield Check("machine", "Python", right, True, version, todo)
    yield _port(home)
    yield _middleware()
    yield from _sound()
    yield _clock()
    yield _systemd()


def _port(home: Path) -> Check:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", TABLET_PORT))
        except OSError as problem:
            if homes.running(home) is not None:
                return Check("port", str(TABLET_PORT), True, True, "in use by this home, for its tablets")
            why = "in use" if problem.errno == errno.EADDRINUSE else os.strerror(problem.errno or 0)
            todo = f"stop what uses it (`ss -ltnp sport = :{TABLET_PORT}`), or `kith up tablet_port:=NUMBER`"
            return Check("port", str(TABLET_PORT), False, True, f"the tablets' port is {why}", todo)
    return Check("port", str(TABLET_PORT), True, True, "free for the tablets")


def _middleware() -> Check:
    """Whether datagrams pass on loopback, which is all the nodes use."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        try:
            one.bind(("127.0.0.1", 0))
            one.settimeout(0.5)
            other.sendto(b"kith", one.getsockname())
            passed = one.recv(8) == b"kith"
        except OSError:
            passed = False
    what = "nodes can talk on this machine" if passed else "datagrams to 127.0.0.1 do not arrive"
    return Check("port", "loopback", passed, True, what, "" if passed else "let the firewall pass the interface lo")


def _sound() -> Iterator[Check]:
    """Devices as the kernel lists them: PortAudio itself takes a second to ask."""
    nodes = [path.name for path in Path("/dev/snd").glob("pcm*")] if Path("/dev/snd").is_dir() else []
    for ending, name, use in (("c", "microphone", "hear"), ("p", "loudspeaker", "speak")):
        found = [node for node in nodes if node.endswith(ending)]
        allowed = any(os.access(f"/dev/snd/{node}", os.R_OK | os.W_OK) for node in found)
        if not found:
            what, todo = (
                f"no {name} on this machine",
                f"plug one in to {use} with `kith up --body laptop`; others need none",
            )
        elif not allowed:
            what, todo = (
                f"a {name} is there, but this user may not use it",
                "run `sudo adduser $USER audio` and log in again",
            )
        else:
            what, todo = f"{len(found)} found", ""
        yield Check("device", name, allowed, False, what, todo)


def _clock() -> Check:
    """Whether the clock is kept right: reminders and the order of facts hang on it."""
    synchronised = _SYNCHRONISED.exists()
    if not synchronised and shutil.which("timedatectl") and Path("/run/systemd/system").is_dir():
        try:
            done = subprocess.run(
                ["timedatectl", "show", "--property=NTPSynchronized", "--value"],
                capture_output=True, text=True, check=False, timeout=0.5,
            )  # fmt: skip
            synchronised = done.stdout.strip() == "yes"
        except (OSError, subprocess.TimeoutExpired):
            synchronised = False
    if synchronised:
        return Check("machine", "time", True, False, "the clock is kept right by a time server")
    todo = "run `sudo timedatectl set-ntp true`, or compare the clock with your own now and then"
    return Check("machine", "time", False, False, "nothing shows that the clock is kept right", todo)


def _systemd() -> Check:
    here = Machine()
    if not here.has_systemd:
        todo = "nothing for trying it out; for a home, use a machine with systemd"
        return Check("machine", "service", False, False, "no systemd: Kith cannot start by itself at boot", todo)
    if not (Path("/etc/systemd/system") / units.SERVICE).exists():
        what = "not installed: Kith does not start by itself at boot"
        return Check("machine", "service", False, False, what, "run `sudo kith service install`")
    return Check("machine", "service", True, False, "installed; `kith service status` tells how it is")
