"""Who is in the room, and what a camera would make of it: a body and a face for each, under passing ids."""

import secrets
from dataclasses import dataclass

RENEWED_S = 5.0
"""Evidence of who is who expires: whoever has it says it again this often."""


@dataclass(frozen=True)
class Seen:
    """One resident in view. The ids are made up anew at each coming: only the resident's own id lasts."""

    resident_id: str
    body_id: str
    face_id: str


class Presence:
    """The residents who are in the room now."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def enter(self, resident_id: str) -> Seen:
        """A resident comes in; one who is there already stays as they are."""
        return self._seen.setdefault(
            resident_id, Seen(resident_id, f"body_{secrets.token_hex(3)}", f"face_{secrets.token_hex(3)}")
        )

    def leave(self, resident_id: str) -> Seen | None:
        """A resident leaves: what was seen of them, none if they were not there."""
        return self._seen.pop(resident_id, None)

    def here(self) -> tuple[Seen, ...]:
        """Everybody in the room, in the order of their coming."""
        return tuple(self._seen.values())

    def is_here(self, resident_id: str) -> bool:
        """Whether a resident is in the room."""
        return resident_id in self._seen
