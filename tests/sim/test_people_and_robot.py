"""What people do about a robot: look at it, step back from it, let it pass, and are seen by it."""

import math

import pytest

from culture_profiles.errors import KithError
from sim.residents.whereabouts import Whereabouts
from sim.worlds.placed import Placed


@pytest.fixture
def home() -> Whereabouts:
    return Whereabouts()


def _stand(home: Whereabouts, name: str, x: float, y: float, heading: float = 0.0) -> None:
    home.walkers[name].placed = Placed(x, y, heading)


def _live(home: Whereabouts, seconds: float) -> None:
    for _ in range(round(seconds * 10)):
        home.step(0.1)


def test_who_stands_about_turns_to_the_robot_that_comes(home: Whereabouts) -> None:
    home.robot = (6.0, 3.0, math.pi)
    _stand(home, "hanna", 4.5, 3.0, math.pi / 2)
    _live(home, 2.0)
    assert abs(home.walkers["hanna"].placed.heading_rad) < 0.1


def test_who_stands_in_its_way_steps_aside_after_a_while(home: Whereabouts) -> None:
    home.robot = (8.0, 7.0, 0.0)
    _stand(home, "hanna", 9.0, 7.0)
    _live(home, 6.0)
    placed = home.walkers["hanna"].placed
    assert math.dist((placed.x_m, placed.y_m), (9.0, 7.0)) > 0.4


def test_who_talks_with_it_stays(home: Whereabouts) -> None:
    home.robot = (8.0, 7.0, 0.0)
    _stand(home, "hanna", 9.0, 7.0)
    home.walkers["hanna"].looks_at_robot = True
    _live(home, 6.0)
    placed = home.walkers["hanna"].placed
    assert (placed.x_m, placed.y_m) == (9.0, 7.0)


def test_a_step_back_keeps_the_face_and_needs_room(home: Whereabouts) -> None:
    home.robot = (1.0, 1.0, 0.0)
    _stand(home, "hanna", 6.0, 4.0, 0.0)
    home.steps_back("hanna")
    _live(home, 2.0)
    placed = home.walkers["hanna"].placed
    assert placed.x_m == pytest.approx(5.6, abs=0.01)
    assert placed.heading_rad == 0.0
    _stand(home, "hanna", 0.4, 7.0, 0.0)
    with pytest.raises(KithError, match="no room"):
        home.steps_back("hanna")


def test_the_robot_sees_who_is_near_before_it_with_no_wall_between(home: Whereabouts) -> None:
    _stand(home, "hanna", 6.0, 3.0)
    home.robot = (4.5, 3.0, 0.0)
    assert home.in_sight("hanna")
    home.robot = (4.5, 3.0, math.pi)
    assert not home.in_sight("hanna")
    home.robot = (3.0, 3.0, 0.0)
    assert not home.in_sight("hanna")  # too far
    _stand(home, "hanna", 7.5, 5.0)
    home.robot = (8.5, 5.0, math.pi)
    assert not home.in_sight("hanna")  # a wall
    home.robot = (1.9, 3.6, math.pi)
    assert home.in_sight("kenji")  # in his armchair
