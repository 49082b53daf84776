"""torch and transformers from their own lock files: understanding by meaning, and a local language model."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from culture_profiles.errors import KithError

NAME = "understanding"
MODEL = "all-minilm-l6-v2"
_LOCKS = Path(__file__).parents[2] / "lock"


def installed() -> bool:
    """Whether both libraries are there; neither is imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("torch", "transformers"))


def install_libraries(told: Callable[[str], None]) -> None:
    """Install both, each wheel checked by hash: torch's CPU wheel where pip finds one, else the registry's own build.

    Errors: KithError when neither can be had.
    """
    if installed():
        told("torch and transformers are there already")
        return
    common = _LOCKS / "understanding.txt"
    if not common.is_file():
        raise KithError(f"{common} is missing: run this from a checkout of Kith")
    for name in ("understanding-torch-cpu.txt", "understanding-torch.txt"):
        told(f"torch and transformers: {'the CPU build' if 'cpu' in name else 'the full build, about 5 GB'}")
        command = [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--no-deps",
            "--require-hashes", "-r", str(common), "-r", str(_LOCKS / name),
        ]  # fmt: skip
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            importlib.invalidate_caches()
            return
    raise KithError("torch and transformers could not be installed: is the package registry reachable? Run it again")
