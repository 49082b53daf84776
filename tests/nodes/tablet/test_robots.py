"""What the pages know of the robots, and for how long."""

from nodes.tablet.robots import SEEN_FOR_S, RobotBoard


def test_a_robot_is_what_its_nodes_say() -> None:
    board = RobotBoard()
    assert board.diagnosed("", "dialogue", {"loudness": "0.75", "senses": "off", "quiet until": "x"}, 0.0)
    assert not board.diagnosed("", "safety", {"stopped": "true"}, 0.0)
    board.battery("", 0.42, True, 0.0)
    (robot,) = board.views(1.0)
    assert (robot.loudness, robot.senses_on, robot.stopped, robot.battery, robot.charging) == (
        0.75, False, True, 0.42, True,
    )  # fmt: skip
    board.battery("", float("nan"), False, 0.0)
    assert board.views(1.0)[0].battery is None
    assert board.views(1.0)[0].alive and not board.views(10.0)[0].alive


def test_who_is_near_it_is_forgotten_in_time() -> None:
    board = RobotBoard()
    board.diagnosed("r1", "body", {}, 0.0)
    board.seen("r1", "hanna", 0.0)
    assert board.with_resident("hanna", 1.0) == "r1"
    board.diagnosed("r1", "body", {}, SEEN_FOR_S)
    assert board.with_resident("hanna", SEEN_FOR_S + 1) is None


def test_a_caption_belongs_to_the_one_it_was_said_to() -> None:
    board = RobotBoard()
    board.floor("", "hanna", True, 0.0)
    board.caption("", "Good morning, pani Hanno.", "en_GB", 0.0)
    assert board.views(1.0)[0].caption
    board.floor("", "george", True, 2.0)
    assert not board.views(3.0)[0].caption
    board.floor("", "hanna", False, 4.0)
    assert not board.views(100.0)[0].caption


def test_whom_the_robots_met_is_remembered_with_where_and_how_long_ago() -> None:
    board = RobotBoard()
    board.diagnosed("r1", "motion", {"place": "lounge"}, 0.0)
    board.diagnosed("r2", "motion", {}, 0.0)
    board.seen("r1", "hanna", 60.0)
    board.seen("r2", "george", 100.0)
    board.diagnosed("r1", "motion", {"place": "corridor"}, 110.0)
    found = board.sightings(660.0)
    assert [(each.resident_id, each.robot, each.place, each.minutes) for each in found] == [
        ("george", "r2", "", 9),
        ("hanna", "r1", "lounge", 10),
    ]
    board.seen("r2", "hanna", 700.0)  # somewhere that is not known: the lounge holds no more
    assert [each.place for each in board.sightings(700.0) if each.resident_id == "hanna"] == [""]
    assert board.sightings(700.0 + 13 * 3600.0) == ()
