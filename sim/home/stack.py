"""The real nodes of a simulated home, as processes: started, killed without a word, started again."""

import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

from culture_profiles.errors import KithError
from sim.home import link

_STOPPED_WITHIN_S = 8.0
_MOST_RESTARTS = 3
_PR_SET_PDEATHSIG = 1


def _live(module: str, arguments: list[str], log: str) -> None:
    """In the node's own process: what `python -m` does, with the imports done already."""
    if sys.platform == "linux":  # whatever ends the simulation, also SIGKILL, ends its nodes; Linux alone knows how
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The server of forks lives on while anybody holds this; nobody but the simulation shall.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    os.setpgid(0, 0)  # an interrupt from the keyboard is for the simulation, which then stops its nodes
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.environ["ROS_LOG_DIR"] = str(Path(log).parent)
    sys.argv = [module, "--ros-args", "--log-level", "warn", *arguments]
    sys.exit(importlib.import_module(module).main())


@dataclass(frozen=True)
class Member:
    """One node: its full name on the graph, and how it is started."""

    name: str
    module: str
    arguments: tuple[str, ...]
    robot: str = ""
    mortal: bool = True  # the link is part of the world, not of the stack


@dataclass
class _Process:
    member: Member
    process: BaseProcess
    began_s: float
    ready: bool = False
    fell_over: int = 0


def members(home: Path, robots: tuple[str, ...], zone: str) -> list[Member]:
    """Home nodes, one mind for each robot, and the link between them."""
    common = ("-p", "use_sim_time:=true", "-p", f"home_dir:={home}")
    named = "[" + ",".join(robots) + "]"
    remind = tuple(part for each in link.home_remaps(robots) for part in ("-r", each))
    found = [
        Member("/profiles", "nodes.profiles.node", common),
        Member(
            "/reminders",
            "nodes.reminders.node",
            (*common, "-p", f"time_zone:={zone}", "-p", f"robots:={named}", *remind),
        ),
        Member("/alerts", "nodes.alerts.node", common),
        Member("/link", "sim.home.link", ("-p", "use_sim_time:=true", "-p", f"robots:={named}"), mortal=False),
    ]
    for robot in robots:
        behind = tuple(part for each in link.robot_remaps(robot) for part in ("-r", each))
        settings = ("-p", f"robot:={robot}", "-p", f"time_zone:={zone}", "-p", "come_back_s:=1.0")
        namespace = ("-r", f"__ns:=/{robot}")
        found.append(
            Member(
                f"/{robot}/dialogue",
                "nodes.dialogue.node",
                (*common, *settings, "-p", "simulation:=true", *namespace, *behind),
                robot,
            )
        )
    return found


class Stack:
    """All processes. Use as a context: at the end none is left."""

    def __init__(self, found: list[Member], environment: Mapping[str, str], logs: Path) -> None:
        """`environment` is added to this process's own: the nodes inherit it."""
        os.environ.update(environment)
        # Nodes are forked from a process that has imported their modules and nothing else: a killed one is back as
        # soon as a supervisor on a fast machine would have it. Nothing of its former life is in there.
        self._nursery = multiprocessing.get_context("forkserver")
        self._nursery.set_forkserver_preload(sorted({each.module for each in found}))
        self._logs = logs
        self._processes: dict[str, _Process] = {}
        self._members = {each.name: each for each in found}
        self.fallen: list[str] = []
        """Nodes that ended by themselves, each time: mistakes of theirs."""

    def __enter__(self) -> "Stack":
        for member in self._members.values():
            self._start(member)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.process.terminate()
        deadline = time.monotonic() + _STOPPED_WITHIN_S
        for process in self._processes.values():
            process.process.join(max(0.1, deadline - time.monotonic()))
            if process.process.is_alive():
                process.process.kill()
                process.process.join()

    @property
    def mortals(self) -> list[Member]:
        """Who may be killed."""
        return [each for each in self._members.values() if each.mortal]

    @property
    def everybody(self) -> list[Member]:
        """All nodes."""
        return list(self._members.values())

    def up(self) -> frozenset[str]:
        """The nodes that run and have said so."""
        return frozenset(name for name, each in self._processes.items() if each.ready)

    def all_up(self) -> bool:
        """Whether nobody is missing. Restarts whoever has fallen over. Errors: KithError for one that always does."""
        for name, process in self._processes.items():
            if not process.process.is_alive():
                self.fallen.append(name)
                self._restart(name, process.fell_over + 1)
        return len(self.up()) == len(self._members)

    def answered(self, name: str) -> Member | None:
        """A node has said that it lives; the member, if that is news."""
        process = self._processes.get(name)
        # What its last life said may still be on its way in its first moments.
        if process is None or process.ready or time.monotonic() - process.began_s < 0.3:
            return None
        return process.member

    def ready(self, name: str) -> None:
        """A node can be counted upon: whoever it needs has found it."""
        self._processes[name].ready = True
        self._processes[name].fell_over = 0

    def kill(self, name: str) -> None:
        """With SIGKILL, and start it again, as a supervisor does."""
        process = self._processes[name]
        process.process.kill()
        process.process.join()
        self._restart(name, 0)

    def _restart(self, name: str, fell_over: int) -> None:
        if fell_over > _MOST_RESTARTS:
            raise KithError(f"{name} does not stay up: its log is {self._log(name)}")
        self._start(self._members[name], fell_over)

    def _log(self, name: str) -> Path:
        return self._logs / (name.strip("/").replace("/", "_") + ".log")

    def _start(self, member: Member, fell_over: int = 0) -> None:
        made = self._nursery.Process(
            target=_live, args=(member.module, list(member.arguments), str(self._log(member.name))), name=member.name
        )
        made.start()
        self._processes[member.name] = _Process(member, made, time.monotonic(), fell_over=fell_over)
