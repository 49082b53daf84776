"""Any node of a running home may die at any moment: it is back within five seconds, and the conversation goes on."""

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kith import launching
from kith.demo.events import Captioned, Log, Played, Sound
from kith.demo.performance import join_graph, move_in, zone_where_it_is_morning
from kith.demo.recorder import Recorder
from kith.demo.stage import Stage

NODES = ("profiles", "reminders", "alerts", "tablet", "asr", "tts", "dialogue", "motion", "safety", "body")
BACK_WITHIN_S = 5.0
ANSWER_WITHIN_S = 8.0
TRIES = 3
QUESTION = "What time is it?"
TIME = re.compile(r"\d:\d\d")


@dataclass(frozen=True)
class Home:
    """A home with Hanna in front of the robot."""

    running: launching.Running
    stage: Stage
    log: Log
    segments: frozenset[Path]
    """What lay in shared memory before."""

    def ask(self) -> bool:
        """Hanna asks the time aloud until she is told it: words that fall into a restart may be lost, like in life."""
        for _ in range(TRIES):
            mark = self.log.mark()
            self.stage.say("hanna", QUESTION)
            told = self.log.wait(
                lambda mark=mark: any(TIME.search(each.text) for each in self.log.since(mark, Captioned)) or None,
                ANSWER_WITHIN_S,
            )
            if told:
                # While the robot still sounds it does not listen.
                self.log.wait(lambda mark=mark: self._silent_since(mark), ANSWER_WITHIN_S)
                return True
        return False

    def _silent_since(self, mark: int) -> bool | None:
        sounds = self.log.since(mark, Played)
        return (bool(sounds) and sounds[-1].sound is not Sound.STARTED) or None


def _segments() -> frozenset[Path]:
    return frozenset(Path("/dev/shm").glob("fastrtps_*"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    directory = tmp_path_factory.mktemp("home") / "home"
    move_in(("hanna",), directory)
    before = dict(os.environ)
    segments = _segments()
    log = Log()
    # At night the robot would rightly greet nobody.
    morning = {"time_zone": zone_where_it_is_morning(datetime.now(UTC))}
    with launching.run("demo", morning, home=directory, ready_within_s=60.0) as running:
        join_graph(running.processes[0].environment)
        stage = Stage(("hanna",), log, Recorder())
        try:
            stage.wait_until_set(30.0)
            mark = log.mark()
            stage.enter("hanna")
            assert log.wait(lambda: log.since(mark, Captioned) or None, 2 * ANSWER_WITHIN_S), "Hanna was not greeted"
            yield Home(running, stage, log, segments)
        finally:
            stage.close()
            os.environ.clear()
            os.environ.update(before)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("node", NODES)
def test_a_killed_node_is_back_and_the_conversation_goes_on(home: Home, node: str) -> None:
    old = home.running.pids()[node]
    os.kill(old, signal.SIGKILL)

    def back(statuses: dict[str, launching.Status]) -> bool:
        status = statuses[node]
        return status.pid not in (None, old) and status.settled

    assert home.running.supervisor.wait_for(back, BACK_WITHIN_S), (
        f"{node} is {home.running.statuses()[node]} five seconds after it was killed"
    )
    assert home.ask(), f"after {node} came back Hanna was not told the time"


def test_killed_nodes_leave_nothing_in_shared_memory(home: Home) -> None:
    assert _segments() <= home.segments
