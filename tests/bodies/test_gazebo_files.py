"""What is bridged between Gazebo and ROS: every topic has its plugin in the SDF and its part in the contract."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.launching.session import launch_directory
from sim.gazebo import entries
from sim.gazebo.conversions import TO_GAZEBO, TO_ROS
from sim.worlds import sdf
from tests.bodies.bodies import TOPICS, Body

_FILES = ("gazebo_bridge.yaml", "gazebo_clock.yaml")
_WORLD = sdf.CARE_HOME
_ROBOT = next(path / "kith_robot/model.sdf" for path in sdf.model_paths() if (path / "kith_robot").is_dir())
_PART = {
    "gazebo/cmd_vel": "cmd_vel", "gazebo/odom": "odom", "gazebo/joint_states": "joint_states", "gazebo/scan": "scan",
    "gazebo/camera/image_raw": "camera_image", "gazebo/camera/camera_info": "camera_info", "gazebo/bumper": "bumper",
    "gazebo/touch": "touch",
}  # fmt: skip


def _offered() -> dict[str, tuple[str, str]]:
    """What Gazebo has by the world's and the robot's SDF: topic → message, and which way it goes."""
    world = ET.parse(_WORLD).getroot().find("world")
    robot = ET.parse(_ROBOT).getroot().find("model")
    assert world is not None
    assert robot is not None
    systems = {each.get("name", "").rpartition("::")[2] for each in world.iter("plugin")}
    name, model = world.get("name"), robot.get("name")
    made = {f"/world/{name}/clock": ("gz.msgs.Clock", "GZ_TO_ROS")}
    for plugin in robot.findall("plugin"):
        kind = plugin.get("name", "").rpartition("::")[2]
        if kind == "DiffDrive":
            made[plugin.findtext("topic", f"/model/{model}/cmd_vel")] = ("gz.msgs.Twist", "ROS_TO_GZ")
            made[plugin.findtext("odom_topic", f"/model/{model}/odometry")] = ("gz.msgs.Odometry", "GZ_TO_ROS")
        elif kind == "JointStatePublisher":
            made[f"/world/{name}/model/{model}/joint_state"] = ("gz.msgs.Model", "GZ_TO_ROS")
        elif kind == "JointPositionController":
            made["/" + plugin.findtext("topic", "")] = ("gz.msgs.Double", "ROS_TO_GZ")
    for link in robot.findall("link"):
        for sensor in link.findall("sensor"):
            kind, topic = sensor.get("type"), "/" + sensor.findtext("topic", "")
            if kind == "contact" and "Contact" in systems:
                own = f"/world/{name}/model/{model}/link/{link.get('name')}/sensor/{sensor.get('name')}/contact"
                made[own] = ("gz.msgs.Contacts", "GZ_TO_ROS")
            elif kind == "gpu_lidar" and "Sensors" in systems:
                made[topic] = ("gz.msgs.LaserScan", "GZ_TO_ROS")
            elif kind == "camera" and "Sensors" in systems:
                made[topic] = ("gz.msgs.Image", "GZ_TO_ROS")
                made[topic.rpartition("/")[0] + "/camera_info"] = ("gz.msgs.CameraInfo", "GZ_TO_ROS")
    return made


@pytest.mark.parametrize("file", _FILES)
def test_every_bridged_topic_has_its_plugin_and_its_message(file: str) -> None:
    offered = _offered()
    for entry in entries.read(launch_directory() / file):
        assert offered.get(entry.gz_topic) == (entry.gz_type, entry.direction), entry.gz_topic
        table = TO_ROS if entry.to_ros else TO_GAZEBO
        assert (entry.ros_type, entry.gz_type) in table, "Kith's own bridge could not serve it"


def test_every_bridged_topic_is_a_part_of_the_contract_and_none_is_missing() -> None:
    bridged = {entry.ros_topic: entry for entry in entries.read(launch_directory() / "gazebo_bridge.yaml")}
    joints = {name for name in bridged if name.startswith("gazebo/joint/")}
    assert set(bridged) - joints == set(_PART)
    body = Body("gazebo", "")
    assert {part for part in _PART.values() if not body.has(part)} == set()
    for name, part in _PART.items():
        if part not in ("bumper", "touch"):
            assert bridged[name].ros_type == TOPICS[part]["type"], name
        assert bridged[name].to_gazebo is (TOPICS[part]["direction"] == "subscribes")
    offered = {topic for topic, (kind, _) in _offered().items() if kind == "gz.msgs.Double"}
    assert {bridged[name].gz_topic for name in joints} == offered
    assert joints == {f"gazebo/joint/{topic.rpartition('/')[2]}" for topic in offered}


def test_the_clock_has_a_bridge_of_its_own() -> None:
    (clock,) = entries.read(launch_directory() / "gazebo_clock.yaml")
    assert clock.ros_topic == "/clock"
    assert all(entry.ros_topic != "/clock" for entry in entries.read(launch_directory() / "gazebo_bridge.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a list"),
        ("- {", "line 1: is not YAML"),
        ("- 3", "entry 1: must have"),
        ("- {ros_topic_name: a}", "entry 1: gz_topic_name is missing"),
        (
            "- {ros_topic_name: a, gz_topic_name: b, ros_type_name: c, gz_type_name: d, direction: UP}",
            "entry 1: direction is 'UP': use one of",
        ),
        (
            "- {ros_topic_name: a, gz_topic_name: b, ros_type_name: c, gz_type_name: d, direction: GZ_TO_ROS, x: 1}",
            "entry 1: x is not known",
        ),
    ],
)
def test_a_bad_file_is_told_with_entry_and_field(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bridge.yaml"
    file.write_text(text)
    with pytest.raises(KithError, match=said):
        entries.read(file)
