"""The real `kith up` with the embedded body, in a home of its own that nobody else hears."""

import json
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import yaml

from culture_profiles.errors import KithError
from kith import home as homes
from kith.keeping import backup

READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 15.0
_DOMAINS = range(1, 101)


@dataclass
class Started:
    """A home that runs for a measurement."""

    pid: int
    """Of `kith up` itself."""
    home: Path
    ready_s: float
    """From the start of `kith up` until it said that all nodes are ready."""
    per_node_s: dict[str, float]
    """The same for each node, the first time it was ready."""
    pids: dict[str, int]
    stop_s: float = 0.0
    """From the signal to the end of the last process; known after the block."""


def free_domain() -> int:
    """A ROS domain in which nobody on this machine has the first participant's port."""
    for domain in random.sample(_DOMAINS, len(_DOMAINS)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", 7400 + 250 * domain + 10))
            except OSError:
                continue
            return domain
    raise KithError("no free ROS domain from 1 to 100: stop other homes on this machine")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(home: Path, data: Path | None) -> None:
    """Make a home in a ROS domain of its own, on a copy of the backup in `data`. Errors: KithError."""
    homes.create(home)
    if data is not None:
        try:
            shutil.copytree(data, home, dirs_exist_ok=True)
            key = data.parent.parent / "profiles" / "profiles.key"  # the home's own: no backup holds it
            if key.is_file():
                shutil.copy(key, home / "profiles")
        except OSError as problem:
            raise KithError(f"{data} cannot be copied: {problem.strerror}") from None
        found = backup.stores(home)
        for name in found:
            backup.check_store(home / name, str(name))
    path = home / homes.SETTINGS
    content = yaml.safe_load(path.read_text()) if path.is_file() else {}
    path.write_text(yaml.safe_dump({**(content or {}), "ros_domain_id": free_domain()}))
    homes.settings(home)


def _environment() -> dict[str, str]:
    """Ours, without a domain that another home may use."""
    return {name: value for name, value in os.environ.items() if name != "ROS_DOMAIN_ID"}


def _read(stream: IO[str], lines: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    for line in stream:
        try:
            lines.put(json.loads(line))
        except ValueError:
            continue
    lines.put(None)


@contextmanager
def started(folder: Path, data: Path | None = None) -> Iterator[Started]:
    """Start everything in `folder`/home, yield when all nodes are ready, stop it at the end of the block.

    Errors: KithError that names the nodes which did not become ready, and why.
    """
    home = folder / "home"
    prepare(home, data)
    command = [sys.executable, "-m", "kith.main", "--home", str(home), "up", "--json", "--body", "embedded"]
    command.append(f"tablet_port:={_free_port()}")
    complaints = folder / "complaints"
    lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    began = time.monotonic()
    with complaints.open("w") as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True, env=_environment()
        )
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    made: Started | None = None
    try:
        made = _wait(process.pid, home, lines, began, complaints)
        yield made
    finally:
        asked = time.monotonic()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(1.0)
        process.stdout.close()
        if made is not None:
            made.stop_s = time.monotonic() - asked


def _wait(
    pid: int, home: Path, lines: "queue.SimpleQueue[dict[str, Any] | None]", began: float, complaints: Path
) -> Started:
    last: dict[str, dict[str, Any]] = {}
    ready: dict[str, float] = {}
    while True:
        left = began + READY_WITHIN_S - time.monotonic()
        try:
            event = lines.get(timeout=max(left, 0.01))
        except queue.Empty:
            slow = [
                f"{name} ({event['detail'] or event['state']})" for name, event in last.items() if name not in ready
            ]
            slow += [f"{name} ({event['detail']})" for name, event in last.items() if event["state"] == "waiting"]
            raise KithError(f"not ready after {READY_WITHIN_S:.0f} s: {', '.join(slow) or 'kith up'}") from None
        now = time.monotonic() - began
        if event is None:
            said = complaints.read_text().strip().splitlines()
            raise KithError(f"`kith up` ended: {said[-1].removeprefix('kith: ') if said else 'without a word'}")
        if event["event"] == "ready":
            if ended := [name for name in last if name not in ready]:
                raise KithError(f"not every node became ready: {', '.join(ended)} (run `kith up` to see why)")
            pids = {name: int(found["pid"]) for name, found in last.items() if found["pid"]}
            return Started(pid, home, now, ready, pids)
        if event["event"] == "state":
            last[event["node"]] = event
            if event["state"] == "ready":
                ready.setdefault(event["node"], now)
