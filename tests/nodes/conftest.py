"""Real node processes for tests, and a peer that talks with them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.peer import DEADLINE_S, Peer


class Running:
    """One node in a process of its own, as launch starts it."""

    def __init__(self, module: str, parameters: dict[str, Any]) -> None:
        given = [part for name, value in parameters.items() for part in ("-p", f"{name}:={value}")]
        self._command = [sys.executable, "-m", module, "--ros-args", *given]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)

    def kill(self) -> None:
        """As the kernel would: no word, no clean-up."""
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def stop(self) -> tuple[int, str]:
        """As Ctrl-C does; returns the exit code and what it said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, said


@pytest.fixture
def run_node(ros_domain: int) -> Iterator[Callable[..., Running]]:
    """`run_node("nodes.alerts.node", home_dir=…)`; killed after the test."""
    started: list[Running] = []

    def run(module: str, **parameters: Any) -> Running:
        started.append(Running(module, parameters))
        return started[-1]

    yield run
    for node in started:
        if node.process.poll() is None:
            node.kill()


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()
