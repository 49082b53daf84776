"""Pepper's body over a driver that behaves as naoqi_driver2 does, faults included."""

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from kith_msgs.msg import Playback
from std_msgs.msg import String

from nodes.base import graph
from tests.bodies.bodies import BODIES
from tests.bodies.conftest import Processes, Stack, seconds

_PEPPER = next(body for body in BODIES if body.name == "pepper")


class Pepper:
    """The body, its driver, and the stack above."""

    def __init__(self, processes: Processes, *driver: str) -> None:
        self.processes = processes
        self.driver = processes.start("tests.bodies.fakes.naoqi", *driver)
        self.body = processes.start("nodes.body.pepper")
        self.peer = Stack()
        self.said: list[Any] = []
        self.peer.node.create_subscription(String, "/fake/said", self.said.append, 10)
        self.diagnostics: list[DiagnosticArray] = self.peer.listen(graph.DIAGNOSTICS)
        self.peer.until(lambda: self.peer.connected(_PEPPER), "the body's topics")

    def health(self) -> str:
        """What the body says of itself."""
        return next((m.status[0].message for m in reversed(self.diagnostics) if m.status[0].name == "body"), "")

    def says(self, words: str) -> Callable[[], bool]:
        return lambda: words in self.health()


@pytest.fixture(scope="module")
def running(domain: int) -> Iterator[Pepper]:
    """One robot for all tests that leave it as they found it."""
    processes = Processes()
    made = Pepper(processes)
    yield made
    made.peer.close()
    processes.end()


@pytest.fixture
def pepper(running: Pepper) -> Iterator[Pepper]:
    running.peer.forget()
    running.said.clear()
    running.diagnostics.clear()
    yield running
    running.peer.fault("none")


@pytest.fixture
def with_player(processes: Processes) -> Iterator[Pepper]:
    made = Pepper(processes, "player")
    yield made
    made.peer.close()


@pytest.fixture
def mortal(processes: Processes) -> Iterator[Pepper]:
    made = Pepper(processes)
    yield made
    made.peer.close()


def test_it_speaks_sentence_by_sentence_in_the_robots_voice_and_ends_when_that_should(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.send("p1", 0.3)
    peer.until(lambda: peer.played("p1"), "STARTED")
    peer.caption("p1", "Good morning. \\rspd=300\\ How did you ^start(x) sleep?")
    peer.until(lambda: len(peer.played("p1")) == 2, "FINISHED, by estimate")
    assert [each.data.split() for each in pepper.said] == [["Good", "morning."], ["How", "did", "you", "sleep?"]]
    started, finished = peer.played("p1")
    assert finished.state == Playback.FINISHED
    assert 2.0 < seconds(finished.stamp) - seconds(started.stamp) < 8.0  # six words at 120 a minute


def test_a_stop_drops_what_it_has_not_begun_to_say(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.send("p2", 0.3)
    peer.until(lambda: peer.played("p2"), "STARTED")
    peer.caption("p2", "One word and another word and more. Two. Three.")
    peer.until(lambda: pepper.said, "the first sentence")
    peer.silence("p2")
    peer.until(lambda: len(peer.played("p2")) == 2, "STOPPED")
    assert peer.played("p2")[1].state == Playback.STOPPED
    peer.spin_for(1.0)
    assert len(pepper.said) == 1


def test_what_is_confidential_has_no_words_and_is_never_claimed_to_have_been_said(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.send("p3", 2.0)
    peer.until(lambda: len(peer.played("p3")) == 2, "an answer")
    assert [each.state for each in peer.played("p3")] == [Playback.STARTED, Playback.STOPPED]
    assert pepper.said == []


def test_with_a_player_on_the_robot_it_speaks_with_our_own_voice(with_player: Pepper) -> None:
    peer = with_player.peer
    peer.send("u1", 0.4)
    peer.until(lambda: len(peer.played("u1")) == 2, "FINISHED")
    peer.until(lambda: with_player.said, "sound at the robot")
    assert {each.data for each in with_player.said} == {"sound 22050 1"}


def test_a_hand_on_the_head_and_a_hand_taken_are_told_at_once(pepper: Pepper) -> None:
    peer = pepper.peer
    for word, heard in (("head", peer.touch), ("hand", peer.hand_touch), ("bump", peer.bumper)):
        peer.until(lambda heard=heard: heard and not heard[-1].data, "not touched")
        peer.fault(word)
        peer.until(lambda heard=heard: heard[-1].data, f"{word} touched")
        peer.fault(f"{word}-off")
        peer.until(lambda heard=heard: not heard[-1].data, f"{word} let go")


def test_sonar_and_lasers_are_one_scan_all_round(pepper: Pepper) -> None:
    scan = pepper.peer.until(lambda: [s for s in pepper.peer.scans if min(s.ranges) < 1.0], "sonar in the scan")[-1]
    ranges = np.array(scan.ranges)
    angles = scan.angle_min + np.arange(len(ranges)) * scan.angle_increment
    assert np.allclose(ranges[np.abs(angles) < 0.2], 0.8)  # the sonar sees nearer than the laser
    assert np.allclose(ranges[np.abs(angles) > 2.5], np.inf)  # nothing looks backwards
    side = ranges[(np.abs(angles) > 1.3) & (np.abs(angles) < 2.0)]
    assert np.isclose(side, 2.0, atol=0.01).sum() > 0.9 * len(side)


def test_the_battery_is_found_in_the_drivers_diagnostics(pepper: Pepper) -> None:
    battery = pepper.peer.until(lambda: pepper.peer.battery, "the battery")[-1]
    assert battery.percentage == pytest.approx(0.73)


def test_without_sound_it_says_that_nobody_is_heard_and_hears_again_later(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.until(lambda: peer.audio, "sound")
    peer.fault("no-audio")
    peer.until(pepper.says("calls for help neither"), "it says so")
    peer.audio.clear()
    peer.fault("none")
    peer.until(lambda: len(peer.audio) > 20, "sound again")
    peer.until(lambda: not pepper.says("calls for help neither")(), "all is well")


def test_lost_sound_is_a_gap_in_the_sequence_and_a_flood_is_no_faster_time(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.until(lambda: peer.audio, "sound")
    peer.fault("no-audio")
    peer.spin_for(0.8)
    peer.fault("none")
    before = len(peer.audio)
    peer.until(lambda: len(peer.audio) > before + 30, "sound again")
    steps = np.diff([each.sequence for each in peer.audio])
    lost = steps[steps > 1]
    assert 20 <= lost.sum() <= 80, lost  # about 0.8 s of chunks of 20 ms
    stamps = [seconds(each.header.stamp) for each in peer.audio]
    assert peer.now() - stamps[-1] < 0.6


def test_joints_that_do_not_move_are_named(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.fault("stuck")
    peer.until(lambda: peer.joints, "joint states")
    peer.aim(HeadYaw=1.0)
    peer.until(pepper.says("does not reach its place: HeadYaw"), "it names the joint")


def test_a_driver_that_dies_is_waited_for_and_first_told_to_stand(mortal: Pepper) -> None:
    peer = mortal.peer

    def drives() -> bool:
        peer.drive(0.4)
        return bool(peer.odometry) and peer.odometry[-1].twist.twist.linear.x > 0.3

    peer.until(drives, "it drives")
    peer.fault("head")
    peer.until(lambda: peer.touch and peer.touch[-1].data, "touched")
    mortal.driver.kill()
    peer.until(mortal.says("is its driver running?"), "it says what it waits for")
    told = len(peer.odometry)
    peer.spin_for(0.3)
    assert len(peer.odometry) == told  # no invented places
    assert not peer.touch[-1].data  # nobody would tell when the hand is taken away
    mortal.processes.start("tests.bodies.fakes.naoqi")
    peer.until(lambda: len(peer.odometry) > told + 5, "the driver is back")
    peer.until(lambda: not mortal.says("is its driver running?")(), "all is well")
    began = time.monotonic()
    peer.until(drives, "it drives again")
    assert time.monotonic() - began < 10.0


def test_numbers_that_are_none_stop_it_and_are_not_handed_on(pepper: Pepper) -> None:
    peer = pepper.peer

    def drives() -> bool:
        peer.drive(0.4)
        return bool(peer.odometry) and peer.odometry[-1].twist.twist.linear.x > 0.3

    peer.until(drives, "it drives")
    peer.fault("nan")
    peer.until(pepper.says("does not know where it is"), "it says so")
    peer.until(pepper.says("measures nothing"), "and of the lasers too")
    peer.forget()
    for _ in range(10):
        peer.drive(0.4)
        peer.spin_for(0.05)
    assert peer.odometry == []
    assert peer.scans == []
    assert all(math.isfinite(angle) for each in peer.joints for angle in each.position)
    peer.fault("none")
    peer.until(lambda: peer.odometry and peer.scans, "all is well again")
    assert peer.odometry[-1].twist.twist.linear.x == 0.0


def test_a_driver_that_floods_is_thinned_out(pepper: Pepper) -> None:
    peer = pepper.peer
    peer.until(lambda: peer.odometry, "odometry")
    peer.fault("flood")
    peer.spin_for(0.5)
    peer.forget()
    began = time.monotonic()
    peer.spin_for(1.0)
    assert len(peer.odometry) / (time.monotonic() - began) < 70.0
    peer.drive(0.0, 0.5)
    peer.until(lambda: peer.odometry[-1].twist.twist.angular.z > 0.0, "it still obeys")
    peer.until(lambda: peer.odometry[-1].twist.twist.angular.z == 0.0, "and stands by itself")
