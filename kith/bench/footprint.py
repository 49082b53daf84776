"""Memory and idle processor time of all processes of a home, with a live microphone in which nobody speaks."""

import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from kith.bench.floor import floor
from kith.bench.place import Started, started

TARGET_MB = 800.0
TARGET_PERCENT = 25.0
_SETTLE_S = 3.0


@dataclass(frozen=True)
class Load:
    """One process. Memory in MB (10⁶ bytes) of proportional set size; processor time in percent of one core."""

    name: str
    pid: int
    pss_mb: float
    cpu_percent: float


@dataclass(frozen=True)
class Footprint:
    """Sums over all processes, `kith up` itself and children of nodes among them."""

    pss_mb: float
    idle_cpu_percent: float
    per_process: list[Load]
    window_s: float
    floor_pss_mb: float
    """As many bare nodes, without a runner."""
    floor_cpu_percent: float
    target_pss_mb: float = TARGET_MB
    target_cpu_percent: float = TARGET_PERCENT

    @property
    def within_target(self) -> bool:
        """Whether both figures are as small as promised."""
        return self.pss_mb <= self.target_pss_mb and self.idle_cpu_percent <= self.target_cpu_percent


def pss_bytes(pid: int) -> int:
    """Proportional set size: shared pages are counted in parts, so that sums over processes are true."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def loads(names: dict[int, str], window_s: float) -> list[Load]:
    """Watch processes for so long; those that end meanwhile are left out."""
    processes = [psutil.Process(pid) for pid in names]
    before = {process.pid: _cpu_s(process) for process in processes}
    began = time.monotonic()
    threading.Event().wait(window_s)
    found = []
    for process in processes:
        try:
            used = 100 * (_cpu_s(process) - before[process.pid]) / (time.monotonic() - began)
            memory = pss_bytes(process.pid) / 1e6
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            continue
        found.append(Load(names[process.pid], process.pid, round(memory, 1), round(used, 2)))
    return found


def _names(home: Started) -> dict[int, str]:
    """Every process below `kith up` by id, children named after their node."""
    names = {home.pid: "kith up"}
    for child in psutil.Process(home.pid).children(recursive=True):
        own = next((name for name, pid in home.pids.items() if pid == child.pid), None)
        names[child.pid] = own or f"{names.get(child.ppid(), 'kith up')}: {child.name()}"
    return names


def measure(window_s: float) -> Footprint:
    """Start a home, let it settle, watch it for `window_s`. Errors: KithError when it does not start."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, started(Path(folder)) as home:
        threading.Event().wait(_SETTLE_S)
        real = loads(_names(home), window_s)
        nodes = len(home.per_node_s)
    with floor(nodes) as bare:
        threading.Event().wait(_SETTLE_S)
        least = loads(dict.fromkeys(bare.pids, "bare"), window_s)
    return Footprint(
        pss_mb=round(sum(load.pss_mb for load in real), 1),
        idle_cpu_percent=round(sum(load.cpu_percent for load in real), 1),
        per_process=sorted(real, key=lambda load: -load.pss_mb),
        window_s=window_s,
        floor_pss_mb=round(sum(load.pss_mb for load in least), 1),
        floor_cpu_percent=round(sum(load.cpu_percent for load in least), 1),
    )
