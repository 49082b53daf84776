"""A face keeps its id while it moves, and nobody inherits it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from nodes.vision.faces import Face
from nodes.vision.tracks import Tracker

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
STEP = timedelta(seconds=0.2)


def tracker() -> Tracker:
    numbers = count()
    return Tracker(lambda: f"f{next(numbers)}")


def face(x: float, y: float = 100.0, width: float = 60.0) -> Face:
    return Face(x, y, width, width, 0.9)


def test_a_face_counts_once_it_was_found_twice() -> None:
    made = tracker()
    assert made.update([face(100)], NOW) == ()
    (track,) = made.update([face(105)], NOW + STEP)
    assert (track.id, track.found) == ("f0", 2)


def test_a_mistake_of_one_picture_is_nobody() -> None:
    made = tracker()
    made.update([face(100)], NOW)
    assert made.update([], NOW + STEP) == ()
    assert made.update([face(100)], NOW + 2 * STEP) == ()


def test_somebody_who_turns_away_is_remembered_for_a_moment() -> None:
    made = tracker()
    for number in range(3):
        made.update([face(100)], NOW + number * STEP)
    assert [each.id for each in made.update([], NOW + timedelta(seconds=2))] == ["f0"]
    assert made.update([], NOW + timedelta(seconds=4)) == ()


def test_whoever_comes_later_is_somebody_else() -> None:
    made = tracker()
    for number in range(3):
        made.update([face(100)], NOW + number * STEP)
    later = NOW + timedelta(seconds=10)
    made.update([face(100)], later)
    assert [each.id for each in made.update([face(100)], later + STEP)] == ["f1"]


@given(st.lists(st.tuples(st.floats(-25, 25), st.floats(-25, 25), st.floats(0.9, 1.1)), min_size=3, max_size=40))
def test_two_people_who_move_apart_keep_their_ids(moves: list[tuple[float, float, float]]) -> None:
    made = tracker()
    x, width = 0.0, 60.0
    for number, (dx, dy, grown) in enumerate(moves):
        x, width = x + dx / 2, min(90.0, max(40.0, width * grown))
        tracks = made.update([face(x, 100 + dy, width), face(x + 400, 100 - dy, width)], NOW + number * STEP)
        if number:
            assert [each.id for each in tracks] == ["f0", "f1"]
            assert tracks[0].face.x < tracks[1].face.x
