"""What every body must do (launch/body.yaml). Runs against each body in bodies.py: one process each, for all tests."""

import math
from typing import Any

import numpy as np
import pytest
from kith_msgs.msg import Playback

from nodes.base import graph, qos
from tests.bodies.bodies import CONTRACT, SILENCE_S, TOPICS, Body
from tests.bodies.conftest import Processes, Stack, seconds

needs = pytest.mark.needs


@pytest.mark.parametrize("name", TOPICS)
def test_the_contract_names_the_topics_of_the_graph(name: str) -> None:
    topic: graph.Topic = getattr(graph, name.upper())
    module = topic.type.__module__.split(".")[0]
    assert TOPICS[name]["type"] == f"{module}/msg/{topic.type.__name__}"
    assert getattr(qos, TOPICS[name]["qos"]) is topic.qos
    assert topic.name == TOPICS[name].get("name", name)
    assert TOPICS[name]["optional"] is not ("with" in TOPICS[name])


def test_every_topic_goes_the_way_the_contract_says_and_none_is_promised_for_a_part_that_is_missing(
    peer: Stack, body: Body
) -> None:
    def ends(name: str) -> tuple[int, int]:
        publishers = [each for each in peer.node.get_publishers_info_by_topic(name) if each.node_name != "peer"]
        subscribers = [each for each in peer.node.get_subscriptions_info_by_topic(name) if each.node_name != "peer"]
        return len(publishers), len(subscribers)

    for name, topic in TOPICS.items():
        heard_as = topic.get("name", name)
        if body.has(name):
            wanted = (1, 0) if topic["direction"] == "publishes" else (0, 1)
            peer.until(lambda name=heard_as, wanted=wanted: ends(name) == wanted, f"{name} goes its way")
        else:
            assert ends(heard_as) == (0, 0), name


@needs("audio_in", "audio_out")
def test_the_microphone_delivers_20_ms_in_real_time_without_gaps(peer: Stack, body: Body) -> None:
    peer.send(peer.utterance(), 1.0)  # something to be heard, where nothing else sounds
    peer.until(lambda: len(peer.audio) >= 76, "a second and a half of sound")
    chunks = peer.audio[:76]
    assert [each.sequence - chunks[0].sequence for each in chunks] == list(range(76))
    stamps = np.array([seconds(each.header.stamp) for each in chunks])
    # What a sound server does on a busy machine is not the body's doing.
    steps = np.diff(stamps) if not body.sound_card else np.median(np.diff(stamps))
    assert np.allclose(steps, 0.02, atol=0.002)
    assert all(len(each.samples) == each.sample_rate * each.channels // 50 for each in chunks)
    assert chunks[0].header.frame_id == TOPICS["audio_in"]["frame"]
    assert abs(peer.now() - stamps[-1]) < 0.5  # now, not some other time
    assert any(np.any(np.frombuffer(each.samples, np.int16)) for each in chunks)


@needs("audio_out")
def test_playback_begins_and_ends_when_the_sound_does(peer: Stack, body: Body) -> None:
    sent = peer.now()
    peer.send(peer.utterance(1), 0.5)
    peer.until(lambda: len(peer.played(peer.utterance(1))) == 2, "the end of the utterance")
    started, finished = peer.played(peer.utterance(1))
    assert (started.state, finished.state) == (Playback.STARTED, Playback.FINISHED)
    assert 0.0 <= seconds(started.stamp) - sent < (0.4 if not body.sound_card else 1.0)
    exact_s = 0.03 if not body.sound_card else 0.3
    assert seconds(finished.stamp) - seconds(started.stamp) == pytest.approx(0.5, abs=exact_s)
    assert finished.played_s == pytest.approx(0.5, abs=0.01)
    assert peer.now() >= seconds(finished.stamp)  # told when it has happened, not before


@needs("audio_out")
def test_silence_is_at_once_and_for_good(peer: Stack, body: Body) -> None:
    peer.send(peer.utterance(1), 1.5)
    peer.send(peer.utterance(2), 0.4)
    peer.until(lambda: peer.played(peer.utterance(1)), "the start of the utterance")
    peer.spin_for(0.3)
    asked = peer.now()
    peer.silence("")
    peer.until(lambda: len(peer.played(peer.utterance(1))) == 2 and peer.played(peer.utterance(2)), "STOPPED")
    stopped = peer.played(peer.utterance(1))[1]
    assert stopped.state == Playback.STOPPED
    assert seconds(stopped.stamp) - asked < (0.15 if body.name == "embedded" else 0.4)
    assert 0.2 < stopped.played_s < 1.0
    assert [each.state for each in peer.played(peer.utterance(2))] == [Playback.STOPPED]
    peer.send(peer.utterance(1), 0.2)  # late chunks of what was stopped
    peer.send(peer.utterance(3), 0.1)
    peer.until(lambda: len(peer.played(peer.utterance(3))) == 2, "the next utterance")
    assert len(peer.played(peer.utterance(1))) == 2


@needs("audio_out")
def test_one_utterance_is_silenced_by_its_id(peer: Stack) -> None:
    peer.send(peer.utterance(1), 1.5)
    peer.send(peer.utterance(2), 0.1)
    peer.until(lambda: peer.played(peer.utterance(1)), "the start of the utterance")
    peer.silence(peer.utterance(1))
    peer.until(lambda: len(peer.played(peer.utterance(2))) == 2, "the next utterance")
    assert [each.state for each in peer.played(peer.utterance(1))] == [Playback.STARTED, Playback.STOPPED]
    assert [each.state for each in peer.played(peer.utterance(2))] == [Playback.STARTED, Playback.FINISHED]


@needs("audio_out")
def test_an_utterance_whose_sender_died_does_not_hold_the_loudspeaker(peer: Stack) -> None:
    peer.send(peer.utterance(1), 0.1, last=False)
    peer.until(lambda: len(peer.played(peer.utterance(1))) == 2, "the body gives the utterance up")
    assert peer.played(peer.utterance(1))[1].state == Playback.STOPPED


@needs("audio_out")
def test_sound_that_cannot_be_played_is_answered_and_the_next_is_played(peer: Stack) -> None:
    peer.send(peer.utterance(1), 0.1, rate=200_000)
    peer.send(peer.utterance(2), 0.1)
    peer.until(lambda: len(peer.played(peer.utterance(2))) == 2, "the next utterance")
    assert [each.state for each in peer.played(peer.utterance(1))] == [Playback.STOPPED]


def speed(odometry: Any) -> float:
    return float(odometry.twist.twist.linear.x)


def heading(pose: Any) -> float:
    return 2 * math.atan2(pose.orientation.z, pose.orientation.w)


@needs("cmd_vel")
def test_it_stands_still_by_itself_when_commands_end(peer: Stack, body: Body) -> None:
    for _ in range(16):
        peer.drive(0.3)
        peer.spin_for(0.05)
    assert speed(peer.odometry[-1]) == pytest.approx(0.3, abs=0.05)
    peer.drive(0.3)
    last = peer.now()
    peer.until(lambda: speed(peer.odometry[-1]) == 0.0, "standstill")
    stood = next(each for each in peer.odometry if seconds(each.header.stamp) > last and speed(each) == 0.0)
    period = 1 / TOPICS["odom"]["rate_hz"]
    way_s = 0.05 if not body.driver else 0.25  # a driver is one more process there, and one more back
    assert seconds(stood.header.stamp) - last < SILENCE_S + period + way_s
    peer.spin_for(0.3)
    places = {(each.pose.pose.position.x, each.pose.pose.position.y) for each in peer.odometry[-4:]}
    assert len(places) == 1


@needs("cmd_vel")
def test_odometry_is_where_it_drove(peer: Stack) -> None:
    before = peer.until(lambda: peer.odometry, "odometry")[-1].pose.pose
    began = peer.now()
    for _ in range(16):
        peer.drive(0.0, 1.0)
        peer.spin_for(0.05)
    commanded_s = peer.now() - began
    peer.until(lambda: peer.odometry[-1].twist.twist.angular.z == 0.0, "standstill")
    pose = peer.odometry[-1].pose.pose
    turned = heading(pose) - heading(before)
    assert 0.7 < turned % (2 * math.pi) < commanded_s + SILENCE_S + 0.35
    assert math.dist((pose.position.x, pose.position.y), (before.position.x, before.position.y)) < 0.05
    assert (peer.odometry[-1].header.frame_id, peer.odometry[-1].child_frame_id) == ("odom", "base_link")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@needs("cmd_vel")
def test_a_velocity_that_is_no_number_stops_it(peer: Stack, bad: float) -> None:
    def drives() -> bool:
        peer.drive(0.3)
        return bool(peer.odometry) and speed(peer.odometry[-1]) > 0.0

    peer.until(drives, "it drives")
    told = len(peer.odometry)
    peer.drive(bad)
    peer.until(lambda: len(peer.odometry) > told + 1, "odometry")
    assert all(math.isfinite(each.pose.pose.position.x) for each in peer.odometry)
    peer.until(lambda: speed(peer.odometry[-1]) == 0.0, "standstill")


def test_it_tells_its_state_as_often_as_agreed(peer: Stack, body: Body) -> None:
    peer.see()
    all_of_it = {
        "odom": peer.odometry,
        "bumper": peer.bumper,
        "battery_state": peer.battery,
        "touch": peer.touch,
        "hand_touch": peer.hand_touch,
        "cliff": peer.cliff,
        "joint_states": peer.joints,
        "scan": peer.scans,
        "camera_image": peer.images,
        "camera_info": peer.camera_info,
        "tf": peer.tf,
    }
    told = {name: heard for name, heard in all_of_it.items() if body.has(name)}
    peer.until(lambda: all(told.values()), "every topic has been heard")
    before = {name: len(heard) for name, heard in told.items()}
    peer.spin_for(2.5)
    rates = {name: (len(heard) - before[name]) / 2.0 for name, heard in told.items()}  # half a second of grace
    assert {name: rate for name, rate in rates.items() if rate < TOPICS[name]["rate_hz"]} == {}


@needs("battery_state")
def test_the_battery_is_a_fraction(peer: Stack) -> None:
    battery = peer.until(lambda: peer.battery, "the battery")[-1]
    assert 0.0 < battery.percentage <= 1.0
    assert battery.present


@needs("scan")
def test_the_scanner_tells_distances_all_around_in_metres(peer: Stack) -> None:
    scan = peer.until(lambda: peer.scans, "a scan")[-1]
    assert scan.header.frame_id == TOPICS["scan"]["frame"]
    ranges = np.array(scan.ranges)
    assert len(ranges) == round((scan.angle_max - scan.angle_min) / scan.angle_increment) + 1
    assert not np.isnan(ranges).any()
    met = ranges[np.isfinite(ranges)]
    assert len(met) > 0
    assert met.min() > 0.0
    assert met.max() <= scan.range_max + 0.1


@needs("camera_image")
def test_the_camera_sees_something_and_tells_how(peer: Stack) -> None:
    peer.see()
    image = peer.until(lambda: peer.images, "a picture")[-1]
    info = peer.until(lambda: peer.camera_info, "the camera's measures")[-1]
    assert image.encoding in ("rgb8", "bgr8")
    assert (image.width, image.height) == (info.width, info.height)
    pixels = np.frombuffer(image.data, np.uint8)
    assert len(pixels) == image.height * image.step == image.height * image.width * 3
    assert pixels.std() > 5.0  # not a blank wall, nor a black frame
    assert info.k[0] > 0.0
    assert info.header.frame_id == image.header.frame_id == TOPICS["camera_image"]["frame"]


@needs("joint_targets")
def test_joints_go_where_they_are_told_and_no_further_than_they_can(peer: Stack) -> None:
    peer.until(lambda: peer.joints, "joint states")
    peer.aim(HeadYaw=0.5, RShoulderPitch=0.0)
    peer.until(lambda: abs(peer.angle("HeadYaw") - 0.5) < 0.05, "the head turns")
    peer.until(lambda: abs(peer.angle("RShoulderPitch")) < 0.1, "the arm rises")
    peer.aim(HeadYaw=50.0)
    peer.until(lambda: peer.angle("HeadYaw") > 1.5, "the head turns on")
    peer.spin_for(0.5)
    assert peer.angle("HeadYaw") < math.pi


@needs("joint_targets")
def test_a_joint_target_that_is_no_number_or_no_joint_moves_nothing(peer: Stack) -> None:
    peer.until(lambda: peer.joints, "joint states")
    at_rest = peer.angle("HeadYaw")
    peer.aim(HeadYaw=math.nan)
    peer.aim(HeadYaw=0.5, Tail=1.0)
    peer.spin_for(0.6)
    assert peer.angle("HeadYaw") == pytest.approx(at_rest, abs=0.02)


@needs("tf")
def test_its_frames_hang_together(peer: Stack) -> None:
    def parents() -> dict[str, str]:
        heard = [each for message in (*peer.tf, *peer.tf_static) for each in message.transforms]
        return {each.child_frame_id: each.header.frame_id for each in heard}

    def way_up(frame: str) -> list[str]:
        above, known = [frame], parents()
        while above[-1] in known and len(above) < 20:
            above.append(known[above[-1]])
        return above

    for frame in set(CONTRACT["frames"]) - {"odom"}:
        # Where a body knows the house, odom hangs on map (REP-105).
        peer.until(lambda frame=frame: "odom" in way_up(frame), f"{frame} hangs on odom")


def test_it_stops_cleanly_when_told_and_leaves_nothing_moving(body: Body, processes: Processes) -> None:
    process = processes.body(body)
    peer = Stack()
    try:
        peer.until(lambda: peer.connected(body), "the body's topics")
        process.terminate()
        _, said = process.communicate(timeout=15)
    finally:
        peer.close()
    assert process.returncode == 0, said
    assert "Traceback" not in said
