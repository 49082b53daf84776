"""Processes are started, kept running and ended to the last one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from culture_profiles.errors import KithError
from kith.launching import Said, State, StateChanged, run
from kith.launching.output import OutputFile
from kith.launching.status import Event
from tests.kith.launching.programs import WriteLaunchFile, program

pytestmark = pytest.mark.usefixtures("ros_domain")
_SOON_S = 10.0


def until(condition: Callable[[], bool]) -> bool:
    """Whether the condition becomes true soon."""
    deadline = time.monotonic() + _SOON_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_killed_node_is_started_again(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    path = write('  - node: {pkg: things, exec: talker, name: t, respawn: "true", respawn_delay: 0.1}\n')
    with run(path, home=home_dir) as running:
        first = running.pids()["t"]
        os.kill(first, signal.SIGKILL)
        assert "SIGKILL" in running.wait_for("t", State.RESTARTING, _SOON_S).detail
        assert running.wait_for("t", State.READY, _SOON_S).restarts == 1
        second = running.pids()["t"]
        assert second != first
    assert not alive(second)


def test_dying_at_once_again_and_again_slows_down(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    program(package / "broken", "import sys; print('no such thing', file=sys.stderr); sys.exit(3)")
    path = write('  - node: {pkg: things, exec: broken, name: b, respawn: "true", respawn_delay: 0.1}\n')
    events: list[Event] = []
    with run(path, home=home_dir, ready_within_s=None, on_event=events.append):

        def restarts() -> list[StateChanged]:
            return [e for e in events if isinstance(e, StateChanged) and e.status.state is State.RESTARTING]

        assert until(lambda: len(restarts()) >= 4)
    deaths = [event.at_s for event in restarts()]
    assert deaths[3] - deaths[2] > 2 * (deaths[1] - deaths[0])
    assert restarts()[0].status.detail.startswith("ended with code 3: no such thing")


def test_respawn_has_an_end_where_the_file_says_so(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    program(package / "broken", "import sys; sys.exit(1)")
    path = write('  - node: {pkg: things, exec: broken, name: b, respawn: "true", respawn_max_retries: 1}\n')
    with run(path, home=home_dir, ready_within_s=None) as running:
        assert running.wait_for("b", State.FAILED, _SOON_S).restarts == 1


def test_a_stubborn_process_and_its_helpers_end_within_five_seconds(
    home_dir: Path, package: Path, write: WriteLaunchFile, tmp_path: Path
) -> None:
    program(
        package / "stubborn",
        "import os, signal, sys, time\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(number, signal.SIG_IGN)\n"
        "if os.fork() == 0:\n    time.sleep(600)\n"
        f"print('up', flush=True)\nopen({str(tmp_path / 'up')!r}, 'w').close()\ntime.sleep(600)",
    )
    path = write("  - node: {pkg: things, exec: stubborn, name: s}\n")
    with run(path, home=home_dir) as running:
        assert until((tmp_path / "up").exists)
        family = [running.pids()["s"], *(p.pid for p in psutil.Process(running.pids()["s"]).children())]
        assert len(family) == 2
        began = time.monotonic()
        assert running.stop()
    assert time.monotonic() - began < 5.0
    assert not any(alive(pid) for pid in family)


def test_helpers_of_a_killed_node_end_with_it(
    home_dir: Path, package: Path, write: WriteLaunchFile, tmp_path: Path
) -> None:
    marker = tmp_path / "helper"
    program(
        package / "parent",
        "import os, time\nchild = os.fork()\n"
        f"if child:\n    open({str(marker)!r}, 'w').write(str(child) + ' ')\ntime.sleep(600)",
    )
    path = write("  - node: {pkg: things, exec: parent, name: p}\n")
    with run(path, home=home_dir) as running:
        assert until(lambda: marker.exists() and marker.read_text().endswith(" "))
        helper = int(marker.read_text())
        assert alive(helper)
        os.kill(running.pids()["p"], signal.SIGKILL)
        running.wait_for("p", State.FAILED, _SOON_S)
        assert until(lambda: not alive(helper))


def test_a_required_process_ends_everything(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    path = write(
        "  - node: {pkg: things, exec: talker, name: t}\n"
        "  - executable: {cmd: 'true', name: short, on_exit: shutdown}\n"
    )
    with run(path, home=home_dir, ready_within_s=None) as running:
        assert running.supervisor.join(_SOON_S)
        assert running.statuses()["t"].state is State.STOPPED


def test_timers_start_later_and_log_speaks(home_dir: Path, write: WriteLaunchFile) -> None:
    path = write(
        "  - log: {message: begins}\n  - timer: {period: 0.2, children: [{executable: {cmd: 'true', name: late}}]}\n"
    )
    events: list[Event] = []
    with run(path, home=home_dir, on_event=events.append) as running:
        assert running.supervisor.join(_SOON_S)
        assert running.statuses()["late"].state is State.FINISHED
    assert isinstance(events[0], Said)
    assert events[0].line == "begins"
    assert next(e.at_s for e in events if isinstance(e, StateChanged)) >= 0.2


def test_output_goes_to_a_private_file_and_errors_are_told(
    home_dir: Path, package: Path, write: WriteLaunchFile
) -> None:
    program(
        package / "loud",
        "import sys, time\nprint('[INFO] [1.5] [loud]: fine', file=sys.stderr)\n"
        "print('[ERROR] [1.5] [loud]: no microphone', file=sys.stderr, flush=True)\n",
    )
    events: list[Event] = []
    path = write("  - node: {pkg: things, exec: loud, name: loud}\n")
    with run(path, home=home_dir, on_event=events.append) as running:
        assert running.supervisor.join(_SOON_S)
    log = home_dir / "logs" / "loud.log"
    assert "fine" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    assert [event.line for event in events if isinstance(event, Said)] == ["no microphone"]


def test_logs_are_rotated(tmp_path: Path) -> None:
    log = OutputFile(tmp_path / "n.log")
    for _ in range(10):
        log.write(b"x" * 900_000)
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.log", "n.log.1", "n.log.2", "n.log.3"]
    assert all(path.stat().st_size <= 2_000_000 for path in tmp_path.iterdir())


def test_what_cannot_be_started_is_said(home_dir: Path, write: WriteLaunchFile) -> None:
    path = write("  - executable: {cmd: /no/such/program, name: x}\n")
    with run(path, home=home_dir, ready_within_s=None) as running:
        assert "/no/such/program" in running.wait_for("x", State.FAILED, _SOON_S).detail


def test_not_ready_names_the_process_and_why(home_dir: Path, write: WriteLaunchFile) -> None:
    path = write("  - executable: {cmd: /no/such/program, name: x}\n")
    with pytest.raises(KithError, match=r"x \(cannot be started.*no such program"), run(path, home=home_dir):
        pass


def test_unknown_argument_lists_those_there_are(home_dir: Path, write: WriteLaunchFile) -> None:
    path = write("  - arg: {name: colour, default: red}\n")
    with (
        pytest.raises(KithError, match=r"unknown launch argument 'color': test.launch.yaml has colour"),
        run(path, {"color": "x"}, home=home_dir),
    ):
        pass


def test_ctrl_c_stops_everything_and_exits_0(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    path = write("  - node: {pkg: things, exec: talker, name: t}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "kith.main", "--home", str(home_dir), "up", "--launch", str(path), "--json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = (json.loads(line) for line in process.stdout)
        pid = next(line["pid"] for line in lines if line.get("state") == "ready")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest = list(lines)
        assert process.wait(_SOON_S) == 0
    assert time.monotonic() - began < 5.0
    assert rest[-1]["state"] == "stopped"
    assert not alive(pid)


def test_a_killed_kith_up_leaves_nothing_behind(home_dir: Path, package: Path, write: WriteLaunchFile) -> None:
    path = write("  - node: {pkg: things, exec: talker, name: t}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "kith.main", "--home", str(home_dir), "up", "--launch", str(path), "--json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        pid = next(line["pid"] for line in map(json.loads, process.stdout) if line.get("state") == "ready")
        process.kill()
        process.wait(_SOON_S)
        assert until(lambda: not alive(pid))
