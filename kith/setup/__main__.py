"""`python3 -m kith.setup --for demo|test`: everything that a fresh machine needs, in order, each only once."""

import argparse
import fcntl
import sys
import time
from pathlib import Path

from kith.setup import models, packages, system, workspace
from kith.setup.step import SetupError, Step

ROOT = Path(__file__).resolve().parent.parent.parent


def steps(purpose: str) -> list[Step]:
    """In order; each stands on those before it."""
    return [
        system.step(purpose),
        packages.environment_step(ROOT),
        packages.packages_step(ROOT),
        workspace.step(ROOT),
        models.step(ROOT),
    ]


def main() -> int:
    """Set up, say what is being done, and stop with one line when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python3 -m kith.setup", description=__doc__)
    parser.add_argument("--for", dest="purpose", choices=("demo", "test"), default="demo")
    purpose = parser.parse_args().purpose
    started = time.monotonic()
    with (ROOT / "pyproject.toml").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Set-up is already running here; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        todo = steps(purpose)
        done = 0
        try:
            for number, step in enumerate(todo, 1):
                done += step.run(f"[{number}/{len(todo)}]")
        except SetupError as problem:
            print(f"set-up stopped: {problem}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nset-up interrupted; the same command goes on where it stopped.", file=sys.stderr)
            return 130
    if done:
        print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
