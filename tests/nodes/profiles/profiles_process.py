"""A real profiles node in a process of its own, and a small peer that talks with it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rclpy
from rclpy.executors import SingleThreadedExecutor

DEADLINE_S = 20.0


class NodeProcess:
    """`nodes.profiles.node` as launch starts it."""

    def __init__(self, home: Path) -> None:
        self._command = [
            *(sys.executable, "-m", "nodes.profiles.node", "--ros-args"),
            *("-p", f"home_dir:={home}"),
        ]
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def restart(self) -> None:
        self.process = self._start()

    def stop(self) -> tuple[int, str]:
        self.process.terminate()
        _, said = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, said


@contextmanager
def profiles_node(home: Path) -> Iterator[NodeProcess]:
    node = NodeProcess(home)
    try:
        yield node
    finally:
        if node.process.poll() is None:
            node.kill()


class Peer:
    """Spins nodes of the test until something is true."""

    def __init__(self) -> None:
        rclpy.init()
        self.executor = SingleThreadedExecutor()

    def until(self, true: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + DEADLINE_S
        while not (result := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {DEADLINE_S:.0f} s")
            self.executor.spin_once(timeout_sec=0.05)
        return result

    def call(self, client: Any, request: Any) -> Any:
        self.until(client.service_is_ready, f"service {client.srv_name}")
        future = client.call_async(request)
        self.until(future.done, f"answer of {client.srv_name}")
        return future.result()

    def close(self) -> None:
        self.executor.shutdown(timeout_sec=1.0)
        rclpy.try_shutdown()
