"""Whether a home may take in real residents (care rule 26): the tablet writes it down, whoever begins a profile asks.

A home that no manager has set up, such as a simulated one, waits for nothing.
"""

import os
from pathlib import Path

from culture_profiles.errors import KithError

PRACTICE = "practice-"
"""How the id of a resident begins who is only there to practise with."""
WAITING = (
    "real residents come once the go-live list is signed on the tablet (Staff, Go-live list); until then begin "
    "practice residents"
)
_FILE = "go_live"


def note(home: Path, *, signed: bool) -> None:
    """From now on the home waits for its list, or no longer. Errors: KithError where it cannot be written."""
    path = home / _FILE
    partial = path.with_name(f"{_FILE}.new")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("signed\n" if signed else "waiting\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as problem:
        raise KithError(f"{path}: cannot be written ({problem.strerror}): check owner and space") from None


def waits(home: Path) -> bool:
    """Whether the home has staff and no signed list. A file that says neither counts as waiting."""
    try:
        return (home / _FILE).read_text(encoding="ascii").strip() != "signed"
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True


def may_begin(home: Path, resident_id: str) -> bool:
    """Whether this resident may be taken in now."""
    return resident_id.startswith(PRACTICE) or not waits(home)
