"""The viewer's page, served on this machine alone, beside whatever else a command does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
import uvicorn

from culture_profiles.errors import KithError
from kith.viewer.pages import application
from kith.viewer.watching import Watcher
from sim.worlds.description import World


def bind(port: int) -> socket.socket:
    """A socket on this machine alone. Errors: KithError for a port that is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as problem:
        listening.close()
        raise KithError(f"port {port} cannot be used ({problem.strerror}): give another with --port") from None
    return listening


def server_for(watcher: Watcher, world: World) -> uvicorn.Server:
    """The pages, ready to run."""
    server = uvicorn.Server(uvicorn.Config("", log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    server.config.app = application(watcher, world, lambda: server.should_exit)
    return server


@contextmanager
def served(world: World, port: int = 0) -> Iterator[str]:
    """Its address, while the block runs; in the ROS domain of this process's environment.

    Errors: KithError for a port that is taken.
    """
    context = rclpy.Context()
    with bind(port) as listening:
        context.init()
        node = rclpy.create_node("view", context=context, start_parameter_services=False)
        watcher = Watcher(node)
        server = server_for(watcher, world)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="viewer", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(5.0)
            watcher.close()
            node.destroy_node()
            context.try_shutdown()
