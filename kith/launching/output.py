"""What a process writes: kept in a file that is rotated, and searched for the lines that people should see."""

import os
import re
from io import FileIO
from pathlib import Path

_ROTATE_AT = 2_000_000  # bytes
_KEPT = 3
_LONGEST_LINE = 10_000
_ERROR = re.compile(r"^\[(?:ERROR|FATAL)\] \[[\d.]+\] \[[^\]]*\]: (?P<message>.*)$")


class OutputFile:
    """A log file of mode 0600; beyond 2 MB it becomes `.1`, and so on to `.3`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._open()

    def write(self, data: bytes) -> None:
        """Append. A full disk loses the log, not the home."""
        try:
            if self._file.tell() + len(data) > _ROTATE_AT and self._file.tell() > 0:
                self._rotate()
            self._file.write(data)
        except OSError:
            return

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _open(self) -> FileIO:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        file = FileIO(os.open(self._path, flags, 0o600), "ab")
        file.seek(0, os.SEEK_END)
        return file

    def _rotate(self) -> None:
        self._file.close()
        for number in range(_KEPT, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{number}")
            newer = self._path.with_name(f"{self._path.name}.{number - 1}") if number > 1 else self._path
            if newer.exists():
                newer.replace(older)
        self._file = self._open()


class Lines:
    """Bytes as they come, cut into lines."""

    def __init__(self) -> None:
        self._rest = b""
        self.last = ""
        """The last line that was not empty."""

    def take(self, data: bytes) -> list[str]:
        """The lines that `data` completes; what has no end yet is kept for the next call, within limits."""
        *complete, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            complete.append(self._rest)
            self._rest = b""
        lines = [line.decode(errors="replace").rstrip() for line in complete]
        for line in lines:
            if line:
                self.last = line
        return lines


def error_in(line: str) -> str | None:
    """The message of a ROS log line of level ERROR or FATAL, else None."""
    found = _ERROR.match(line)
    return found["message"] if found else None


def message_of(line: str) -> str:
    """A ROS log line without its level, time and name; other lines as they are."""
    return re.sub(r"^\[[A-Z]+\] \[[\d.]+\] \[[^\]]*\]: ", "", line)
