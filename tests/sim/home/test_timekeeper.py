"""Simulated time: a day passes in seconds, nothing is skipped, and an outage takes its real length."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rclpy.executors import SingleThreadedExecutor

from sim.home.rounds import Answer, Rounds
from sim.home.timekeeper import TimeKeeper
from tests.peer import Peer

HOURLY = Path(__file__).parents[2] / "nodes" / "base" / "hourly_node.py"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_round_is_quiet_only_when_nobody_has_worked_since_the_last() -> None:
    rounds = Rounds()
    two = frozenset({"/a", "/b"})
    works = [(1, 1), (2, 1), (2, 1)]
    quiet = []
    for work in works:
        number = rounds.ask(two)
        rounds.take("/a", number, Answer(work[0]))
        assert not rounds.complete
        rounds.take("/b", number, Answer(work[1]))
        quiet.append(rounds.quiet)
    assert quiet == [False, False, True]


def test_a_late_answer_to_an_earlier_round_counts_for_nothing() -> None:
    rounds = Rounds()
    first = rounds.ask(frozenset({"/a"}))
    rounds.ask(frozenset({"/a"}))
    rounds.take("/a", first, Answer(1))
    assert rounds.missing == {"/a"}


@pytest.fixture
def hourly(ros_domain: int) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, str(HOURLY), "--ros-args", "-p", "use_sim_time:=true"], stdout=subprocess.PIPE, text=True
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.communicate()


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def _keeper(peer: Peer, up: frozenset[str]) -> TimeKeeper:
    assert isinstance(peer.executor, SingleThreadedExecutor)
    return TimeKeeper(peer.node, peer.executor, MIDNIGHT, lambda: up, lambda _: Answer(0))


def test_a_day_passes_at_once_and_every_hour_of_it_is_lived(hourly: "subprocess.Popen[str]", peer: Peer) -> None:
    keeper = _keeper(peer, frozenset({"/hourly"}))
    peer.until(lambda: peer.node.count_subscribers("/sim/time_step"), "the node's ear for the time")
    keeper.run(MIDNIGHT + timedelta(hours=1), lambda: True)
    keeper.run(MIDNIGHT + timedelta(days=1))
    hourly.terminate()
    said = [datetime.fromisoformat(line) for line in hourly.communicate()[0].split()]
    on_the_hour = [each for each in said if each >= MIDNIGHT + timedelta(hours=1)]
    assert [each - MIDNIGHT for each in on_the_hour] == [timedelta(hours=hour) for hour in range(1, 24)]


@pytest.mark.parametrize("dies", [False, True], ids=["comes up", "dies"])
def test_no_time_is_jumped_over_for_a_node_that_is_not_there_when_the_others_are_asked(
    hourly: "subprocess.Popen[str]", peer: Peer, *, dies: bool
) -> None:
    asked: list[None] = []

    def up() -> frozenset[str]:
        asked.append(None)  # the last question before the jump is under way, and the node is not asked
        return frozenset({"/hourly"} if len(asked) > 3 else ())

    # Whoever watches over the nodes learns of it before that question, or only after it.
    there = iter([dies, not dies])
    assert isinstance(peer.executor, SingleThreadedExecutor)
    keeper = TimeKeeper(peer.node, peer.executor, MIDNIGHT, up, lambda _: Answer(0))
    peer.until(lambda: peer.node.count_subscribers("/sim/time_step"), "the node's ear for the time")
    keeper.run(MIDNIGHT + timedelta(days=1), lambda: next(there, True))
    hourly.terminate()
    said = [datetime.fromisoformat(line) for line in hourly.communicate()[0].split()]
    on_the_hour = [each - MIDNIGHT for each in said if each >= MIDNIGHT + timedelta(hours=1)]
    assert on_the_hour == [timedelta(hours=hour) for hour in range(1, 24)]


def test_while_a_node_is_down_time_keeps_the_pace_of_real_time(peer: Peer) -> None:
    keeper = _keeper(peer, frozenset())
    began = time.monotonic()
    keeper.run(MIDNIGHT + timedelta(seconds=0.5), lambda: False)
    assert timedelta(seconds=time.monotonic() - began) >= (keeper.now - MIDNIGHT) * 0.9


def test_whoever_falls_silent_is_looked_for_while_time_goes_on(
    hourly: "subprocess.Popen[str]", peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supervisor is asked also while no answer comes: it is the one to start the node again."""
    monkeypatch.setattr("sim.home.timekeeper._SILENT_S", 0.2)
    keeper = _keeper(peer, frozenset({"/hourly"}))
    peer.until(lambda: peer.node.count_subscribers("/sim/time_step"), "the node's ear for the time")
    hourly.kill()
    hourly.communicate()
    asked: list[bool] = []

    def everybody() -> bool:
        asked.append(False)
        return False

    keeper.run(MIDNIGHT + timedelta(seconds=0.5), everybody)
    assert asked
