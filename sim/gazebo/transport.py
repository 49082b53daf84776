"""Gazebo's own Python bindings, wherever they are: `gz.transport13` with `gz.msgs10` (Harmonic), or later ones."""

import importlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError

_VERSIONS = ((13, 10), (14, 11), (15, 12), (16, 13))
"""Of transport and messages, from Harmonic on."""

HOW_TO_GET = (
    "Gazebo Sim (Harmonic or later) is not installed: follow https://gazebosim.org/docs/harmonic/install "
    "(Ubuntu: `sudo apt-get install gz-harmonic`, or with ROS `ros-jazzy-ros-gz`)"
)
HOW_TO_GET_BINDINGS = (
    "Gazebo's Python bindings are missing: `sudo apt-get install python3-gz-transport13 python3-gz-msgs10`, "
    "or `ros-jazzy-ros-gz` with ROS"
)


def program() -> str | None:
    """Gazebo's command `gz`; None where Gazebo is not installed."""
    return shutil.which("gz")


def _places() -> Iterator[Path]:
    """Where packages and builds put the bindings, beyond this Python's own path."""
    if (gz := program()) is not None:
        prefix = Path(gz).resolve().parent.parent
        yield prefix / "lib" / "python"
        yield prefix / "lib" / "python3" / "dist-packages"
    for vendor in ("gz_transport_vendor", "gz_msgs_vendor"):
        yield Path("/opt/ros/jazzy/opt") / vendor / "lib" / "python"
    if sys.version_info[:2] == _system_python():
        yield Path("/usr/lib/python3/dist-packages")


def _system_python() -> tuple[int, int]:
    version = Path("/usr/bin/python3").resolve().name.removeprefix("python")
    major, _, minor = version.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (0, 0)


@dataclass(frozen=True)
class Bindings:
    """The modules that were found."""

    transport: Any
    messages: str
    """Package of the message modules, such as gz.msgs10."""

    def message(self, name: str) -> Any:
        """A message type by its Gazebo name, such as gz.msgs.Twist. Errors: KithError for an unknown one."""
        short = name.rpartition(".")[2]
        for module in (short.lower(), _with_underscores(short)):
            try:
                found = getattr(importlib.import_module(f"{self.messages}.{module}_pb2"), short, None)
            except ImportError:
                continue
            if found is not None:
                return found
        raise KithError(f"Gazebo has no message {name}")


def _with_underscores(name: str) -> str:
    made = name[:1]
    for before, letter in itertools.pairwise(name):
        made += f"_{letter}" if letter.isupper() and not before.isupper() and before != "_" else letter
    return made.lower()


@cache
def load() -> Bindings:
    """Errors: KithError that says how to get them."""
    # The messages' C++ implementation in wheels and Gazebo's own protobuf are not of one version.
    os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
    added: list[str] = []
    why = ""
    for place in (None, *_places()):
        if place is not None:
            if not (place / "gz").is_dir():
                continue
            sys.path.append(str(place))
            added.append(str(place))
            importlib.invalidate_caches()
            _forget()
        for transport, messages in _VERSIONS:
            try:
                module = importlib.import_module(f"gz.transport{transport}")
                importlib.import_module(f"gz.msgs{messages}.stringmsg_pb2")
            except ModuleNotFoundError as problem:
                if problem.name and not problem.name.startswith("gz"):
                    why = f" (they need the Python module {problem.name})"
                _forget()
            except ImportError as problem:
                why = f" ({str(problem).splitlines()[0]})"
                _forget()
            else:
                return Bindings(module, f"gz.msgs{messages}")
    for each in added:
        sys.path.remove(each)
    raise KithError(HOW_TO_GET_BINDINGS + why if program() or why else HOW_TO_GET)


def _forget() -> None:
    for name in [name for name in sys.modules if name == "gz" or name.startswith("gz.")]:
        del sys.modules[name]


Receive = Callable[[Any], None]


class Transport:
    """A node of Gazebo's transport. Callbacks come on Gazebo's own threads: hand over, nothing more."""

    def __init__(self) -> None:
        """Errors: KithError where the bindings are missing."""
        self._bindings = load()
        self._node = self._bindings.transport.Node()

    def subscribe(self, topic: str, kind: str, receive: Receive) -> None:
        """Errors: KithError for an unknown message, or a topic that Gazebo refuses."""
        message = self._bindings.message(kind)
        options = self._bindings.transport.SubscribeOptions()

        def got(data: bytes, _info: Any) -> None:
            receive(message.FromString(data))

        if not self._node.subscribe_raw(topic, got, message.DESCRIPTOR.full_name, options):
            raise KithError(f"Gazebo does not let {topic} be heard: is that a topic name?")

    def unsubscribe(self, topic: str) -> None:
        """Hear nothing more of it."""
        self._node.unsubscribe(topic)

    def publisher(self, topic: str, kind: str) -> tuple[Any, Callable[[Any], None]]:
        """A message type and how to send one. Errors: KithError."""
        message = self._bindings.message(kind)
        options = self._bindings.transport.AdvertiseMessageOptions()
        made = self._node.advertise(topic, message, options)
        if not made.valid():
            raise KithError(f"Gazebo does not let {topic} be spoken on: is that a topic name?")
        name = message.DESCRIPTOR.full_name
        return message, lambda sent: made.publish_raw(sent.SerializeToString(), name)

    def request(self, service: str, message: Any, answer: str, within_ms: int) -> bool:
        """Ask, and wait. It holds Python's lock meanwhile, and may deny what was done: for a process of its own."""
        done, _ = self._node.request(service, message, type(message), self._bindings.message(answer), within_ms)
        return bool(done)

    def make(self, kind: str) -> Any:
        """An empty message."""
        return self._bindings.message(kind)()
