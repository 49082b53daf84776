"""One whole performance: a home made ready, the launch file run, the scenario played, sound and words written."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import yaml

from culture_profiles.errors import KithError
from culture_profiles.importing import read_resident
from culture_profiles.store import ProfileStore
from kith import home as homes
from kith import launching
from kith.demo.events import Log
from kith.demo.player import Line, Player
from kith.demo.recorder import Recorder
from kith.demo.scenario import Scenario
from kith.demo.stage import Stage
from kith.viewer.serving import served
from nodes.profiles.register import store_path
from nodes.tablet.addresses import read_addresses
from nodes.tablet.certificates import ca_path
from nodes.tablet.records import setup_code
from sim.residents import people
from sim.worlds import sdf

_READY_WITHIN_S = 60.0
_ANSWER_WITHIN_S = 30.0
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Pages:
    """Where the home can be looked at in a browser while it is played.

    `view`: the simulated home from above; `tablet`: the carers' pages, empty without them; `code`: with it their first
    manager begins; `authority`: the certificate file by which a browser trusts them.
    """

    view: str
    tablet: str
    code: str
    authority: Path


@dataclass(frozen=True)
class Result:
    """How it went. Milliseconds are from the end of a resident's speech to the first sound of the answer."""

    steps: int
    done: int
    problem: str
    response_ms: tuple[float, ...]
    ready_s: float
    played_s: float
    audio_s: float

    def percentile(self, percent: int) -> float | None:
        """Of the answer times; None without any."""
        if len(self.response_ms) < 2:
            return self.response_ms[0] if self.response_ms else None
        return quantiles(self.response_ms, n=100, method="inclusive")[percent - 1]


def perform(
    scenario: Scenario,
    home: Path,
    audio: Path,
    show: Callable[[Line], None],
    trouble: Callable[[str], None],
    watch: Callable[[Pages], None] | None = None,
    given: Mapping[str, str] | None = None,
) -> Result:
    """Play a scenario in a home and write the room's sound to `audio`, also when it is broken off.

    `trouble` is told what goes wrong with a node meanwhile, in any thread. `watch` is told where the simulated home can
    be watched; None: nowhere. `given`: launch arguments of demo.launch.yaml, such as the simulator.
    Errors: KithError when the stack or the scenario cannot begin.
    """
    began = time.monotonic()
    move_in(scenario.residents, home)
    _decide(scenario, home)
    log, recorder = Log(), Recorder()
    try:
        with ExitStack() as stack:
            running = stack.enter_context(_launched(home, trouble, given or {}))
            if watch is not None:
                watch(_pages(stack.enter_context(served(sdf.read(sdf.CARE_HOME))), home))
            stage = Stage(scenario.residents, log, recorder)
            stack.callback(stage.close)
            stage.wait_until_set(_READY_WITHIN_S)
            ready_s = time.monotonic() - began
            player = Player(scenario, stage, log, recorder, show, _ProfileCommands(home))
            problem = player.play()
            played_s = time.monotonic() - began - ready_s
            del running
    finally:
        audio_s = recorder.write(audio)
    return Result(len(scenario.steps), player.done, problem, tuple(player.response_ms), ready_s, played_s, audio_s)


def _pages(view: str, home: Path) -> Pages:
    addresses = read_addresses(home)
    return Pages(view, addresses.pages if addresses is not None else "", setup_code(home), ca_path(home))


def move_in(resident_ids: tuple[str, ...], home: Path) -> None:
    """Give the home the profiles of simulated residents whom it does not know yet.

    Errors: KithError for an unknown resident, or when the home's profiles cannot be written.
    """
    everybody = people.everybody()
    homes.create(home)
    with ProfileStore(store_path(home)) as store:
        for resident_id in resident_ids:
            if resident_id not in everybody:
                raise KithError(f"no simulated resident {resident_id}: there are {', '.join(everybody)}")
            if resident_id not in store.residents():
                for fact in read_resident(everybody[resident_id].file, datetime.now(UTC)):
                    store.set_fact(fact)


def _decide(scenario: Scenario, home: Path) -> None:
    """Write down the policies that the scenario wants; a home that has its own keeps them."""
    file = home / "reminders" / "policies.yaml"
    if scenario.policies and not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_text(yaml.safe_dump(scenario.policies), encoding="utf-8")
        file.chmod(0o600)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kith-demo-") as folder:
        yield Path(folder) / "home"


@contextmanager
def _launched(home: Path, trouble: Callable[[str], None], given: Mapping[str, str]) -> Iterator[launching.Running]:
    def on_event(event: launching.Event) -> None:
        match event:
            case launching.Said(node=node, line=line):
                trouble(f"{node}: {line}")
            case launching.StateChanged(node=node, status=status) if status.state in (
                launching.State.RESTARTING,
                launching.State.FAILED,
            ):
                trouble(f"{node} {status.state}: {status.detail}")

    arguments = {"time_zone": zone_where_it_is_morning(datetime.now(UTC)), "tablet_port": str(_free_port()), **given}
    with launching.run("demo", arguments, home=home, ready_within_s=_READY_WITHIN_S, on_event=on_event) as running:
        join_graph(running.processes[0].environment)
        yield running


def zone_where_it_is_morning(now: datetime) -> str:
    """A time zone of whole hours in which it is between nine and ten: at night a robot does not begin to talk."""
    east = (9 - now.astimezone(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def _free_port() -> int:
    """A home that runs on this machine already keeps its tablet's port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def join_graph(environment: Mapping[str, str]) -> None:
    """Make this process speak with nodes that were started with `environment`: same domain, same middleware."""
    for name, value in environment.items():
        if name.startswith(("ROS_", "RMW_", "FASTRTPS_", "FASTDDS_")):
            os.environ[name] = value


class _ProfileCommands:
    """`kith profiles`, run as a process of its own as a user would."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def set(self, resident_id: str, key: str, value: str) -> None:
        self._run("set", resident_id, key, value)

    def explain(self, resident_id: str, key: str) -> str:
        return self._run("explain", resident_id, key, "--simulation")

    def _run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "kith.main", "--home", str(self._home), "profiles", *arguments]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=_ANSWER_WITHIN_S, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            problem = said[-1] if said else f"exit code {done.returncode}"
            raise KithError(f"kith profiles {arguments[0]} failed: {problem}")
        return done.stdout.strip()
