"""The whole `main` of a node: start, spin on one thread, stop cleanly on SIGINT or SIGTERM."""

import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.executors import ExternalShutdownException
from rclpy.signals import SignalHandlerOptions

from culture_profiles.errors import KithError
from nodes.base.node import KithNode
from nodes.base.stepping import CountingExecutor

_STOPPED_WITHIN_S = 5.0


class _StopSignal:
    """Turns SIGINT and SIGTERM into a call, even while the executor waits inside C code.

    Python runs signal handlers only between bytecodes of the main thread; the wake-up file descriptor is written
    at once, so a small thread reads it.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._wait, name="stop-signal", daemon=True).start()

    def _wait(self) -> None:
        while received := self._read.recv(1):
            if received[0] in (signal.SIGINT, signal.SIGTERM):
                # A node that hangs while it cleans up must not keep the home from stopping.
                killer = threading.Timer(_STOPPED_WITHIN_S, os._exit, args=(1,))
                killer.daemon = True
                killer.start()
                self._stop()


def run(node_type: type[KithNode[Any]]) -> int:
    """Run one node until it is told to stop. Returns the exit code: 0 stopped, 1 failed (said in one line)."""
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    executor = CountingExecutor()
    stopping = threading.Event()
    try:
        node = node_type()
    except (KithError, InvalidParameterTypeException, InvalidParameterValueException) as problem:
        print(f"{node_type.name}: {problem}", file=sys.stderr)  # noqa: T201 - no logger without a node
        rclpy.try_shutdown()
        return 1
    executor.add_node(node)
    node.keep_time_with(executor)

    def stop() -> None:
        stopping.set()
        node.post(lambda: None)

    _StopSignal(stop)
    code = 0
    try:
        node.start()
        while not stopping.is_set():
            executor.spin_once()
        node.stop()
    except ExternalShutdownException:
        pass
    except Exception as problem:
        # The words of an exception may hold what a resident said: tell where, never what.
        where = " < ".join(
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
            for frame in reversed(traceback.extract_tb(problem.__traceback__))
        )
        node.get_logger().fatal(f"stopped by {type(problem).__name__} at {where}")
        code = 1
    finally:
        executor.shutdown(timeout_sec=1.0)
        node.destroy_node()
        rclpy.try_shutdown()
    return code
