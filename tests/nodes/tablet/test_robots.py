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
