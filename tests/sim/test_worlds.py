"""The world as it is read: what must be told, what is left out, and the way through it."""

import math
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from nodes.motion.gestures import gestures
from sim.residents import people
from sim.residents.walking import TALKING_M, WALKING_M_S, Walker, beside
from sim.residents.whereabouts import Whereabouts
from sim.worlds import sdf
from sim.worlds.faces import face
from sim.worlds.floor_plan import FloorPlan, obstacles
from sim.worlds.looks import looks
from sim.worlds.placed import Placed
from sim.worlds.pose import Pose

RADIUS_M = 0.22


@cache
def floor() -> FloorPlan:
    return FloorPlan(obstacles(sdf.read(sdf.CARE_HOME)), RADIUS_M)


def written(tmp_path: Path, world: str) -> Path:
    path = tmp_path / "world.sdf"
    path.write_text(f'<sdf version="1.9"><world name="w">{world}</world></sdf>')
    return path


BOX = '<collision name="c"><geometry><box><size>{}</size></box></geometry></collision>'
MODEL = '<model name="m"><static>true</static><link name="l">{}</link></model>'


def test_the_care_home_is_understood_to_the_last_element() -> None:
    world = sdf.read(sdf.CARE_HOME)
    assert world.ignored == ()
    names = [model.name for model in world.models]
    assert len([name for name in names if name.startswith("resident_")]) == 12
    assert {"place_lounge", "place_dining_room", "place_corridor", *(f"place_bedroom_{n}" for n in range(1, 5))} <= set(
        world.frames
    )


def test_its_people_are_residents_with_a_look_and_a_seat_that_is_there() -> None:
    world = sdf.read(sdf.CARE_HOME)
    there = {model.name.removeprefix("resident_") for model in world.models if model.uri == "resident"}
    assert there == set(looks()) <= set(people.everybody())
    for name, look in looks().items():
        model = next(each for each in world.models if each.name == f"resident_{name}")
        assert model.pose.position == pytest.approx(world.frames[look.seat].position)


def test_the_robot_has_every_joint_that_a_gesture_moves_within_its_limits() -> None:
    robot = next(each for each in sdf.read(sdf.CARE_HOME).models if each.uri == "kith_robot")
    joints = {each.name: each for each in robot.joints}
    for gesture in gestures().values():
        for _, angles in gesture.keyframes:
            for name, angle in angles.items():
                assert joints[name].lower <= angle <= joints[name].upper, (gesture.name, name)
    controlled = {each.settings["joint_name"] for each in robot.plugins_named("JointPositionController")}
    assert controlled == set(joints) - {name for name, each in joints.items() if each.kind == "fixed"} - {
        "wheel_left_joint",
        "wheel_right_joint",
    }
    assert {"microphone", "speaker"} <= set(robot.frames)


@pytest.mark.parametrize(
    ("world", "problem"),
    [
        (MODEL.format(BOX.format("1 nan 1")), "needs 3 finite numbers"),
        (MODEL.format(BOX.format("1 1")), "needs 3 finite numbers"),
        (MODEL.format(BOX.format("1 -1 1")), "not positive"),
        (MODEL.format("") + MODEL.format(""), "m is there twice"),
        ("<include><uri>model://nowhere</uri></include>", "'nowhere' is nowhere to be found"),
        ("<include><uri>https://example.org/x</uri></include>", "begins with model://"),
        ('<model name="m"><link/></model>', "needs a name"),
        ('<model name="m"></model>', "needs a <link>"),
        (
            '<model name="m"><link name="a"><pose relative_to="b"/></link>'
            '<link name="b"><pose relative_to="a">0 0 0 0 0 0</pose></link></model>',
            "needs 6 finite numbers",
        ),
        (
            '<model name="m"><link name="a"><pose relative_to="b">0 0 0 0 0 0</pose></link>'
            '<link name="b"><pose relative_to="a">0 0 0 0 0 0</pose></link></model>',
            "frames that loop",
        ),
        ("<physics><max_step_size>inf</max_step_size></physics>", "finite number"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(tmp_path: Path, world: str, problem: str) -> None:
    with pytest.raises(KithError, match=problem) as told:
        sdf.read(written(tmp_path, world))
    assert "\n" not in str(told.value)
    assert ".sdf" in str(told.value)


def test_what_is_not_understood_is_left_out_and_said(tmp_path: Path) -> None:
    world = sdf.read(
        written(
            tmp_path,
            '<wind/><plugin filename="x" name="acme::Fog"/>'
            + MODEL.format('<sensor name="s" type="sonar"/>' + BOX.format("1 1 1")),
        )
    )
    assert len(world.models) == 1
    assert [line.split(": ", 1)[1] for line in world.ignored] == [
        "<wind> in <world> is not understood: left out",
        "the plugin Fog is not understood: left out",
        "a sensor of type 'sonar' is not understood: left out",
    ]


def test_a_file_that_is_no_world_is_told(tmp_path: Path) -> None:
    path = tmp_path / "world.sdf"
    with pytest.raises(KithError, match="cannot be read"):
        sdf.read(path)
    path.write_text("<sdf><world")
    with pytest.raises(KithError, match="is not XML"):
        sdf.read(path)
    path.write_text("<html/>")
    with pytest.raises(KithError, match="needs <sdf>"):
        sdf.read(path)


NUMBERS = st.floats(-3.0, 3.0)
POSES = st.builds(Pose.from_rpy, *[NUMBERS] * 6)


@given(POSES, POSES)
def test_a_pose_and_its_inverse_undo_each_other(outer: Pose, inner: Pose) -> None:
    back = outer.inverse() * (outer * inner)
    assert back.position == pytest.approx(inner.position, abs=1e-9)
    assert abs(np.dot(back.rotation, inner.rotation)) == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(sdf.read(sdf.CARE_HOME).frames)), st.sampled_from(sorted(sdf.read(sdf.CARE_HOME).frames)))
def test_everybody_can_walk_from_anywhere_to_anywhere_and_through_nothing(start: str, end: str) -> None:
    frames = sdf.read(sdf.CARE_HOME).frames
    way = floor().way(frames[start].position[:2], frames[end].position[:2])
    assert way[-1] == pytest.approx(frames[end].position[:2])
    inner = way if start.startswith("place_") and end.startswith("place_") else way[1:-2]
    for a, b in pairwise(inner):
        assert floor().clear(a, b)


def test_faces_differ_and_show_what_is_worn() -> None:
    drawn = {name: face(look) for name, look in looks().items()}
    assert len({image.tobytes() for image in drawn.values()}) == len(drawn)
    assert {look.covering for look in looks().values()} >= {"none", "headscarf", "turban", "cap"}
    brightness = [image[60:70, 60:68].mean() for image in drawn.values()]
    assert max(brightness) - min(brightness) > 100  # several tones of skin


def test_who_walks_arrives_at_a_walk_and_sits_down() -> None:
    home = Whereabouts()
    home.goes("hanna", "seat_bedroom_2")
    walker, seconds = home.walkers["hanna"], 0.0
    length = walker.remaining_m()
    while walker.walking:
        before = walker.placed
        home.step(0.1)
        seconds += 0.1
        here = walker.placed
        assert math.dist((before.x_m, before.y_m), (here.x_m, here.y_m)) <= WALKING_M_S * 0.1 + 1e-9
        assert seconds < 60.0
    assert length / WALKING_M_S <= seconds
    assert walker.placed.sits


def test_who_comes_near_stands_before_the_robot_and_looks_at_it_and_no_two_share_a_place() -> None:
    home = Whereabouts()
    for name in ("hanna", "kenji", "cedar"):
        home.comes_near(name)
    for _ in range(400):
        home.step(0.1)
    spots = []
    for name in ("hanna", "kenji", "cedar"):
        placed = home.walkers[name].placed
        spots.append((placed.x_m, placed.y_m))
        assert math.dist(spots[-1], home.robot[:2]) == pytest.approx(TALKING_M, abs=0.01)
        towards = math.atan2(home.robot[1] - placed.y_m, home.robot[0] - placed.x_m)
        assert math.cos(placed.heading_rad + placed.head_yaw_rad - towards) > 0.99
    assert min(math.dist(a, b) for a in spots for b in spots if a is not b) > 0.4


def test_who_looks_away_turns_the_head_and_nobody_walks_into_the_robot() -> None:
    walker = Walker(Placed(2.0, 0.0, math.pi))
    walker.looks_at_robot = False
    walker.go([(-2.0, 0.0)], None)
    for _ in range(100):
        walker.step(0.1, (0.0, 0.0))
        assert math.dist((walker.placed.x_m, walker.placed.y_m), (0.0, 0.0)) > 0.5
    assert abs(walker.placed.head_yaw_rad) > 0.9
    assert walker.walking  # waits until the robot has gone
    for _ in range(100):
        walker.step(0.1, (0.0, 5.0))
    assert not walker.walking


def test_a_robot_walled_in_is_approached_by_nobody() -> None:
    with pytest.raises(KithError, match="nobody can get near"):
        beside(floor(), (3.6, 11.3), 0.0, [])
    with pytest.raises(KithError, match="no such place"):
        Whereabouts().goes("hanna", "moon")
