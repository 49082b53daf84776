"""Kith's own launch files: complete, consistent, and on loopback only."""

import importlib
import os
import signal
from dataclasses import fields
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from kith.doctor.bodies import BODIES
from kith.launching import State, actions, run
from kith.launching.evaluation import Evaluation, Process
from kith.launching.session import launch_directory

_FILES = sorted(launch_directory().glob("*.launch.yaml"))
_MODULES = {
    "body_embedded": "sim.embedded.node",
    "body_gazebo": "sim.gazebo.node",
    "body_generic": "nodes.body.generic",
    "body_laptop": "nodes.body.node",
    "body_pepper": "nodes.body.pepper",
    "body_turtlebot4": "nodes.body.turtlebot4",
    "gazebo_bridge": "sim.gazebo.bridge",
    "gazebo_people": "sim.gazebo.people",
    "residents": "sim.residents.node",
}
_OTHERS = {"naoqi_driver_node", "gazebo_server"}


@pytest.fixture
def stubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package kith with programs that are never run."""
    prefix = tmp_path / "prefix"
    for folder in ("share/ament_index/resource_index/packages", "lib/kith"):
        (prefix / folder).mkdir(parents=True)
    (prefix / "share/ament_index/resource_index/packages/kith").touch()
    names = "profiles reminders alerts tablet asr tts dialogue motion safety vision gazebo_server"
    for name in (*names.split(), *_MODULES):
        (prefix / "lib/kith" / name).touch(mode=0o755)
    (prefix / "lib/naoqi_driver").mkdir()
    (prefix / "lib/naoqi_driver/naoqi_driver_node").touch(mode=0o755)
    (prefix / "share/ament_index/resource_index/packages/naoqi_driver").touch()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(prefix))
    return prefix


def resolve(name: str, parameter_dir: Path, **arguments: str) -> dict[str, Process]:
    path = launch_directory() / f"{name}.launch.yaml"
    parameter_dir.mkdir(exist_ok=True)
    evaluation = Evaluation(os.environ, parameter_dir)
    evaluation.configurations.update(arguments)
    evaluation.around.file = path
    evaluation.run(actions.read(path))
    return {process.node: process for process in evaluation.processes}


@pytest.mark.usefixtures("stubs")
def test_the_home_group_has_no_namespace_and_the_robot_group_has_its_own(tmp_path: Path) -> None:
    nodes = resolve("up", tmp_path / "p", robot="r1")
    home = {"profiles", "reminders", "alerts", "tablet"}
    robot = {"asr", "tts", "dialogue", "motion", "safety", "body"}
    assert set(nodes) == {f"/{name}" for name in home} | {f"/r1/{name}" for name in robot}
    assert nodes["/reminders"].parameters["robots"] == ["r1"]
    assert nodes["/r1/asr"].parameters["robot"] == "r1"


@pytest.mark.usefixtures("stubs")
def test_with_one_robot_there_is_no_namespace(tmp_path: Path) -> None:
    nodes = resolve("robot", tmp_path / "p")
    assert "/asr" in nodes
    assert nodes["/asr"].parameters["robot"] == ""


@pytest.mark.usefixtures("stubs")
def test_the_demo_has_residents_and_the_embedded_body(tmp_path: Path) -> None:
    nodes = resolve("demo", tmp_path / "p")
    assert nodes["/body"].command[0].endswith("/body_embedded")
    assert "/residents" in nodes


def test_the_bodies_are_the_same_everywhere() -> None:
    robot = actions.arguments(launch_directory() / "robot.launch.yaml")["body"]
    contract = yaml.safe_load((launch_directory() / "body.yaml").read_text())
    files = {path.name.removesuffix(".launch.yaml") for path in _FILES if path.name.startswith("body_")}
    assert set(BODIES) == set(robot.choices) == set(contract["bodies"]) == {f.removeprefix("body_") for f in files}


@pytest.mark.usefixtures("stubs")
def test_only_the_body_differs(tmp_path: Path) -> None:
    """Nothing above nodes/body is started in another way for another body, but for the joints that motion may move."""

    def above(body: str) -> dict[str, tuple[str, ...]]:
        nodes = resolve("robot", tmp_path / body, body=body, nao_ip="10.0.0.1")
        return {
            name: tuple(word for word in process.command if not word.startswith("/") and not word.endswith(".yaml"))
            for name, process in nodes.items()
            if name in ("/asr", "/tts", "/dialogue", "/motion", "/safety")
        }

    assert all(above(body) == above("embedded") for body in BODIES)
    for folder in ("asr", "tts", "dialogue", "motion", "safety", "vision"):
        for source in (launch_directory().parent / "nodes" / folder).rglob("*.py"):
            assert "nodes.body" not in source.read_text(), source


@pytest.mark.usefixtures("stubs")
def test_peppers_driver_reaches_nothing_past_the_body(tmp_path: Path) -> None:
    nodes = resolve("robot", tmp_path / "p", body="pepper", nao_ip="10.0.0.1", robot="r1")
    driver = next(process for process in nodes.values() if process.command[0].endswith("naoqi_driver_node"))
    remaps = {word.partition(":=")[0]: word.partition(":=")[2] for word in driver.command if ":=" in word}
    assert remaps["__ns"] == "/r1/driver"
    for absolute in ("/cmd_vel", "/joint_angles", "/speech", "/joint_states", "/diagnostics", "/tf"):
        assert remaps[absolute] == absolute[1:]
    assert driver.parameters["nao_ip"] == "10.0.0.1"


@pytest.mark.usefixtures("stubs")
def test_gazebo_is_started_headless_with_its_clock_bridged_apart(tmp_path: Path) -> None:
    nodes = resolve("gazebo", tmp_path / "p", use_sim_time="true")
    assert nodes[""].command[1:] == ("--world=", "--gui=false")
    assert nodes[""].environment["GZ_IP"] == "127.0.0.1"
    files = {name: Path(nodes[name].parameters["config_file"]).name for name in ("/gazebo_bridge", "/gazebo_clock")}
    assert files == {"/gazebo_bridge": "gazebo_bridge.yaml", "/gazebo_clock": "gazebo_clock.yaml"}
    assert "/gazebo_clock" not in resolve("gazebo", tmp_path / "q")


@pytest.mark.usefixtures("stubs")
def test_a_path_with_spaces_and_a_robot_named_like_a_number_stay_text(tmp_path: Path) -> None:
    nodes = resolve("up", tmp_path / "p", home_dir="/a b/1: x", tablet_port="9000")
    assert nodes["/profiles"].parameters["home_dir"] == "/a b/1: x"
    assert nodes["/tablet"].parameters["port"] == 9000


@pytest.mark.usefixtures("stubs")
def test_the_robot_looks_only_where_the_home_wants_it(tmp_path: Path) -> None:
    assert "/vision" not in resolve("up", tmp_path / "p")
    assert "/vision" in resolve("up", tmp_path / "q", vision="true")


@pytest.mark.usefixtures("stubs")
@pytest.mark.parametrize("body", BODIES)
def test_every_node_is_told_only_parameters_that_it_has(tmp_path: Path, body: str) -> None:
    home = resolve("up", tmp_path / "p", body=body, vision="true")
    for process in (*home.values(), *resolve("demo", tmp_path / "q").values()):
        program = Path(process.command[0]).name
        if program in _OTHERS:
            continue
        known = _settings(_MODULES.get(program, f"nodes.{program}.node"))
        assert set(process.parameters) <= set(known), program


@pytest.mark.parametrize("file", sorted((launch_directory() / "params").glob("*.yaml")), ids=lambda path: path.stem)
def test_parameter_files_name_what_the_nodes_have(file: Path) -> None:
    for rule, content in yaml.safe_load(file.read_text()).items():
        node = rule.removeprefix("/**/")
        known = _settings(_MODULES[file.stem] if node == "body" else f"nodes.{node}.node")
        for name, value in content["ros__parameters"].items():
            assert type(value) is type(known[name]), f"{rule} {name}"


def _settings(module: str) -> dict[str, Any]:
    """A node's parameters and their defaults."""
    loaded = importlib.import_module(module)
    from nodes.base.node import KithNode

    (node,) = [
        item
        for item in vars(loaded).values()
        if isinstance(item, type) and issubclass(item, KithNode) and item.__module__ == module
    ]
    return {field.name: field.metadata["default"] for field in fields(node.settings_type)}


def test_every_argument_is_described_and_means_the_same_everywhere() -> None:
    defaults: dict[str, object] = {}
    for file in _FILES:
        for action in actions.read(file):
            if isinstance(action, actions.Argument):
                assert action.description, f"{file.name}: {action.name}"
                assert defaults.setdefault(action.name, action.default) == action.default, action.name


@pytest.mark.usefixtures("stubs")
def test_the_middleware_stays_here_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
    here = resolve("home", tmp_path / "p")["/alerts"].environment
    assert Path(here["FASTRTPS_DEFAULT_PROFILES_FILE"]).is_file()
    assert here["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "SYSTEM_DEFAULT"
    away = resolve("home", tmp_path / "q", network="true")["/alerts"].environment
    assert away["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "SUBNET"
    assert "FASTRTPS_DEFAULT_PROFILES_FILE" not in away
    monkeypatch.setenv("RMW_IMPLEMENTATION", "rmw_cyclonedds_cpp")
    other = resolve("home", tmp_path / "r")["/alerts"].environment
    assert other["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "LOCALHOST"


def test_real_nodes_talk_on_loopback_alone_and_come_back_after_a_kill(home_dir: Path, ros_domain: int) -> None:
    with run("home", {"tablet_port": "0"}, home=home_dir, ready_within_s=None) as running:
        assert running.ros_domain_id == ros_domain
        running.wait_for("profiles", State.READY, 30.0)
        running.wait_for("alerts", State.READY, 30.0)
        os.kill(running.pids()["alerts"], signal.SIGKILL)
        running.wait_for("alerts", State.RESTARTING, 5.0)
        assert running.wait_for("alerts", State.READY, 20.0).restarts == 1
        for pid in running.pids().values():
            sockets = psutil.Process(pid).net_connections("inet")
            assert {socket.laddr.ip for socket in sockets if socket.laddr} == {"127.0.0.1"}
            assert not [m for m in psutil.Process(pid).memory_maps() if "/dev/shm/fastrtps" in m.path]
    assert not [process for process in psutil.process_iter() if process.pid in running.pids().values()]
