"""The same face from picture to picture, under one transient id (REP-155)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nodes.vision.faces import Face

_REACH = 1.2  # widths of a face that it may move between two pictures
_GROWTH = 1.8  # factor by which it may grow or shrink meanwhile


@dataclass(frozen=True)
class Track:
    """One face. `found`: in how many pictures in all; `seen_at`: when last."""

    id: str
    face: Face
    found: int
    began_at: datetime
    seen_at: datetime

    def is_seen(self, now: datetime) -> bool:
        """Whether the newest picture shows it."""
        return self.seen_at == now


@dataclass
class Tracker:
    """`confirmed_after`: pictures in which a face must be found before it counts; `forgotten_after`: out of sight."""

    new_id: Callable[[], str]
    confirmed_after: int = 2
    forgotten_after: timedelta = timedelta(seconds=3)
    _tracks: tuple[Track, ...] = ()

    @property
    def faces(self) -> tuple[Face, ...]:
        """Where every face was last, also those that do not count yet."""
        return tuple(each.face for each in self._tracks)

    def update(self, faces: Sequence[Face], now: datetime) -> tuple[Track, ...]:
        """Faces of a new picture; returns those that count, in sight or not gone for long. Times only go forward."""
        kept = [each for each in self._tracks if now - each.seen_at <= self.forgotten_after]
        pairs = sorted(
            (
                (_far(track.face, face), place, number)
                for place, track in enumerate(kept)
                for number, face in enumerate(faces)
            ),
            key=lambda pair: pair[0],
        )
        taken: set[int] = set()
        moved: set[int] = set()
        for far, place, number in pairs:
            if far > _REACH or place in moved or number in taken:
                continue
            track = kept[place]
            kept[place] = replace(track, face=faces[number], found=track.found + 1, seen_at=now)
            moved.add(place)
            taken.add(number)
        new = [Track(self.new_id(), face, 1, now, now) for number, face in enumerate(faces) if number not in taken]
        # Something found once and never again was no face.
        self._tracks = tuple(each for each in [*kept, *new] if each.is_seen(now) or self._counts(each))
        return tuple(each for each in self._tracks if self._counts(each))

    def forget(self) -> None:
        """Nobody is in sight any more."""
        self._tracks = ()

    def _counts(self, track: Track) -> bool:
        return track.found >= self.confirmed_after


def _far(one: Face, other: Face) -> float:
    """How far apart, in widths of the larger; beyond reach when one is much larger than the other."""
    large, small = max(one.width, other.width), min(one.width, other.width)
    if large > _GROWTH * small:
        return 2 * _REACH
    (ax, ay), (bx, by) = one.centre, other.centre
    return float(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 / large)
