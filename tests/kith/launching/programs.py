"""Tiny programs and the types of the fixtures."""

import sys
from collections.abc import Callable
from pathlib import Path

from kith.launching.evaluation import Evaluation

WriteLaunchFile = Callable[..., Path]
Evaluate = Callable[..., Evaluation]


def program(path: Path, code: str) -> Path:
    """An executable Python program that needs no environment."""
    path.write_text(f"#!{sys.executable} -SE\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
