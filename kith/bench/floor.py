"""The floor: as many bare nodes as the home has, started at once in the same way."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from culture_profiles.errors import KithError
from kith.bench.place import READY_WITHIN_S, free_domain
from kith.launching.middleware import on_loopback


@dataclass(frozen=True)
class Floor:
    """Bare nodes that run. `ready_s`: from the start of the first until the last was active."""

    ready_s: float
    pids: list[int]


@contextmanager
def floor(nodes: int) -> Iterator[Floor]:
    """Start so many, yield when all are active, stop them. Errors: KithError when one does not come up."""
    with tempfile.TemporaryDirectory(prefix="kith-floor-") as folder:
        environment = {**os.environ, **on_loopback(free_domain()), "ROS_LOG_DIR": folder}
        began = time.monotonic()
        command = [sys.executable, "-m", "kith.bench.bare", "--ros-args", "--disable-external-lib-logs"]
        processes = [
            subprocess.Popen(
                [*command, "-r", f"__node:=bare{number}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
            for number in range(nodes)
        ]
        try:
            for process in processes:
                assert process.stdout is not None
                # Ends with the process at the latest, which its own start-up bounds.
                if not process.stdout.readline() or time.monotonic() - began > READY_WITHIN_S:
                    raise KithError("a bare node did not come up: is ROS ready? `kith doctor` tells")
            yield Floor(time.monotonic() - began, [process.pid for process in processes])
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(5.0)
                process.kill()
                process.wait()
                assert process.stdout is not None
                process.stdout.close()
