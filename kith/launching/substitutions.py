"""What each `$(…)` stands for. Names and meanings are those of ROS 2 Jazzy."""

import math
import os
import random
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kith.launching import expressions, packages
from kith.launching.grammar import Call, Template, Text


class SubstitutionError(ValueError):
    """A substitution that cannot be replaced; the message says why, in one line."""


@dataclass
class Surroundings:
    """What substitutions read: launch configurations, the environment, and the launch file they stand in."""

    configurations: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    log_dir: str = ""


def text(template: Template, around: Surroundings) -> str:
    """`template` with every substitution replaced. Errors: SubstitutionError."""
    return "".join(part.value if isinstance(part, Text) else _perform(part, around) for part in template)


def check(template: Template) -> None:
    """Refuse unknown substitutions and wrong numbers of arguments before anything runs. Errors: SubstitutionError."""
    for part in template:
        if isinstance(part, Text):
            continue
        if part.name not in _KNOWN:
            raise SubstitutionError(f"the substitution $({part.name}) is not known; known are {', '.join(_KNOWN)}")
        low, high, _ = _KNOWN[part.name]
        if not low <= len(part.arguments) <= high:
            wanted = f"{low}" if low == high else f"{low} to {high}"
            hint = "; put the expression in quotation marks" if part.name == "eval" else ""
            raise SubstitutionError(f"$({part.name}) takes {wanted} arguments, not {len(part.arguments)}{hint}")
        for argument in part.arguments:
            check(argument)


def truth(value: str) -> bool:
    """Text as true or false, by YAML's rules; 1 and 0 count too. Errors: SubstitutionError."""
    try:
        result = yaml.safe_load({"1": "true", "0": "false"}.get(value, value))
    except yaml.YAMLError:
        result = None
    if not isinstance(result, bool):
        raise SubstitutionError(f"{value!r} is neither true nor false")
    return result


def condition(value: str) -> bool:
    """The text of an `if` or `unless`. Errors: SubstitutionError for anything but true, false, 1 and 0."""
    word = value.strip().lower()
    if word not in ("true", "1", "false", "0"):
        raise SubstitutionError(f"{value!r} is neither true nor false")
    return word in ("true", "1")


def _perform(call: Call, around: Surroundings) -> str:
    _, _, function = _KNOWN[call.name]
    return function(call.arguments, around)


def _var(arguments: tuple[Template, ...], around: Surroundings) -> str:
    name = text(arguments[0], around)
    if name in around.configurations:
        return str(around.configurations[name])
    if len(arguments) == 1:
        raise SubstitutionError(f"there is no launch configuration {name!r}")
    return text(arguments[1], around)


def _env(arguments: tuple[Template, ...], around: Surroundings) -> str:
    default = text(arguments[1], around) if len(arguments) > 1 else None
    name = text(arguments[0], around)
    value = around.environment.get(name, default)
    if value is None:
        raise SubstitutionError(f"there is no environment variable {name!r}")
    return value


def _eval(arguments: tuple[Template, ...], around: Surroundings) -> str:
    modules: tuple[str, ...] = ("math",)
    if len(arguments) > 1:
        modules = tuple(name.strip() for name in text(arguments[1], around).split(",")) if arguments[1] else ()
    try:
        return expressions.evaluate(text(arguments[0], around), modules)
    except expressions.ExpressionError as problem:
        raise SubstitutionError(str(problem)) from None


def _dirname(_: tuple[Template, ...], around: Surroundings) -> str:
    if around.file is None:
        raise SubstitutionError("$(dirname) needs a launch file")
    return str(around.file.parent)


def _filename(_: tuple[Template, ...], around: Surroundings) -> str:
    if around.file is None:
        raise SubstitutionError("$(filename) needs a launch file")
    return str(around.file)


def _log_dir(_: tuple[Template, ...], around: Surroundings) -> str:
    return around.log_dir


def _package_prefix(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(packages.prefix(text(arguments[0], around), around.environment))


def _package_share(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(packages.share(text(arguments[0], around), around.environment))


def _package_executable(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(packages.executable(text(arguments[1], around), text(arguments[0], around), around.environment))


def _find_executable(arguments: tuple[Template, ...], around: Surroundings) -> str:
    name = text(arguments[0], around)
    found = shutil.which(name, path=around.environment.get("PATH"))
    if found is None:
        raise SubstitutionError(f"the executable {name!r} is not on the PATH")
    return found


def _file_content(arguments: tuple[Template, ...], around: Surroundings) -> str:
    path = Path(text(arguments[0], around))
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SubstitutionError(f"the file {path} cannot be read") from None


def _command(arguments: tuple[Template, ...], around: Surroundings) -> str:
    words = shlex.split(text(arguments[0], around))
    on_stderr = text(arguments[1], around) if len(arguments) > 1 else "fail"
    if on_stderr not in ("fail", "ignore", "warn", "capture"):
        raise SubstitutionError("the second argument of $(command) is one of fail, ignore, warn, capture")
    error = subprocess.STDOUT if on_stderr == "capture" else subprocess.PIPE
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=error, env=around.environment, check=False)
    except (OSError, IndexError):
        raise SubstitutionError(f"the command {' '.join(words)!r} cannot be run") from None
    if done.returncode != 0 or (done.stderr and on_stderr == "fail"):
        raise SubstitutionError(f"the command {' '.join(words)!r} failed")
    return done.stdout.decode(errors="replace")


def _anon(arguments: tuple[Template, ...], around: Surroundings) -> str:
    name = text(arguments[0], around)
    if f"anon{name}" not in around.configurations:
        number = random.randint(0, sys.maxsize)  # noqa: S311 - a name, not a secret
        made = f"{name}_{socket.gethostname()}_{os.getpid()}_{number}"
        around.configurations[f"anon{name}"] = made.replace(".", "_").replace("-", "_").replace(":", "_")
    return str(around.configurations[f"anon{name}"])


def _param(arguments: tuple[Template, ...], around: Surroundings) -> str:
    name = text(arguments[0], around)
    for entry in around.configurations.get("global_params", []):
        if isinstance(entry, tuple) and entry[0] == name:
            return str(entry[1])
    if len(arguments) == 1:
        raise SubstitutionError(f"no set_parameter gave {name!r}")
    return text(arguments[1], around)


def _not(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(not truth(text(arguments[0], around))).lower()


def _every(arguments: tuple[Template, ...], around: Surroundings) -> str:
    truths = [truth(text(argument, around)) for argument in arguments]
    return str(all(truths)).lower()


def _some(arguments: tuple[Template, ...], around: Surroundings) -> str:
    truths = [truth(text(argument, around)) for argument in arguments]
    return str(any(truths)).lower()


def _same(arguments: tuple[Template, ...], around: Surroundings) -> bool:
    # Jazzy compares an empty quotation ('') as the two characters []: kept, so that both agree.
    left, right = (text(argument, around) if argument else "[]" for argument in arguments)
    truths, falsehoods = ("true", "1"), ("false", "0")
    if all(side.lower() in truths + falsehoods for side in (left, right)):
        return (left.lower() in truths) == (right.lower() in truths)
    try:
        return math.isclose(float(left), float(right))
    except ValueError:
        return left == right


def _equals(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(_same(arguments, around)).lower()


def _not_equals(arguments: tuple[Template, ...], around: Surroundings) -> str:
    return str(not _same(arguments, around)).lower()


def _if(arguments: tuple[Template, ...], around: Surroundings) -> str:
    if truth(text(arguments[0], around)):
        return text(arguments[1], around)
    return text(arguments[2], around) if len(arguments) > 2 else ""


# Jazzy lists $(any) and $(all) too, but its front ends fail on them.
_KNOWN: dict[str, tuple[int, int, Callable[[tuple[Template, ...], Surroundings], str]]] = {
    "var": (1, 2, _var),
    "env": (1, 2, _env),
    "eval": (1, 2, _eval),
    "dirname": (0, 0, _dirname),
    "filename": (0, 0, _filename),
    "find-pkg-prefix": (1, 1, _package_prefix),
    "find-pkg-share": (1, 1, _package_share),
    "exec-in-pkg": (2, 2, _package_executable),
    "find-exec": (1, 1, _find_executable),
    "file-content": (1, 1, _file_content),
    "command": (1, 2, _command),
    "anon": (1, 1, _anon),
    "param": (1, 2, _param),
    "log_dir": (0, 0, _log_dir),
    "launch_log_dir": (0, 0, _log_dir),
    "not": (1, 1, _not),
    "and": (2, 2, _every),
    "or": (2, 2, _some),
    "equals": (2, 2, _equals),
    "not-equals": (2, 2, _not_equals),
    "if": (2, 3, _if),
}
