"""Runs ROS 2 launch files in YAML on machines without `ros2 launch`, and keeps a home's processes running.

`run()` is the way in, for `kith up`, tests, demo and benches.
"""

from kith.launching.session import Running, launch_file, run
from kith.launching.status import Event, Said, State, StateChanged, Status

__all__ = ["Event", "Running", "Said", "State", "StateChanged", "Status", "launch_file", "run"]
