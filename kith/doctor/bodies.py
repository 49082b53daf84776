"""Which bodies this machine can give a robot, and what each still needs."""

import os
from collections.abc import Iterator, Mapping

from culture_profiles.errors import KithError
from kith.doctor.check import Check
from kith.launching.packages import PackageError, executable
from nodes.body.sound_card import load_library, what_is_missing
from sim.gazebo import transport

BODIES = ("embedded", "gazebo", "generic", "laptop", "pepper", "turtlebot4")
_OWN_SOUND = ("laptop", "generic", "turtlebot4")


def missing(body: str, arguments: Mapping[str, str]) -> str:
    """What `kith up --body BODY` lacks on this machine, in one line that says what to do; empty: nothing.

    `arguments`: launch arguments as given. A driver that runs elsewhere is no matter of this machine: the body itself
    waits for it and says so.
    """
    if body == "gazebo":
        return _gazebo(arguments)
    if body == "pepper":
        return _pepper(arguments)
    if body in _OWN_SOUND:
        try:
            return what_is_missing(load_library(), arguments.get("microphone", ""), arguments.get("loudspeaker", ""))
        except KithError as problem:
            return str(problem)
    return ""


def _gazebo(arguments: Mapping[str, str]) -> str:
    if transport.program() is None and arguments.get("server", "true") == "true":
        return transport.HOW_TO_GET
    try:
        executable("ros_gz_bridge", "parameter_bridge", os.environ)
    except PackageError:
        pass
    else:
        return ""  # only the residents' places need the bindings then, and whoever moves them says so
    try:
        transport.load()
    except KithError as problem:
        return str(problem)
    return ""


def _pepper(arguments: Mapping[str, str]) -> str:
    if arguments.get("start_driver", "true") != "true":
        return ""
    try:
        executable("naoqi_driver", "naoqi_driver_node", os.environ)
    except PackageError:
        return (
            "Pepper's driver is not installed: `sudo apt-get install ros-jazzy-naoqi-driver` on a machine with ROS 2, "
            "or run it elsewhere and add start_driver:=false"
        )
    if not arguments.get("nao_ip"):
        return "where is Pepper? Press its chest button once, it says its address: add nao_ip:=ADDRESS"
    return ""


def checks() -> Iterator[Check]:
    """One line for each body but the laptop, whose devices are looked at as devices."""
    yield Check("body", "embedded", True, False, "the simulated home needs nothing more")
    for name, ready, arguments in (
        ("gazebo", "Gazebo Sim and its Python bindings are installed", {}),
        ("pepper", "its driver is installed", {"nao_ip": "given"}),
    ):
        lacks = missing(name, arguments)
        what, _, todo = lacks.partition(": ")
        yield Check("body", name, not lacks, False, what if lacks else ready, todo)
    for name, driver in (("generic", "the base's own driver"), ("turtlebot4", "TurtleBot 4's own launch files")):
        yield Check("body", name, True, False, f"needs {driver}, in the namespace `driver`; see docs/bodies.md")
