"""The real node on a floor that it is told of: places, people, bedrooms, Nav2 where it runs."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from geometry_msgs.msg import Pose, Quaternion, TransformStamped, Twist
from hri_msgs.msg import Gesture as BodyGesture
from hri_msgs.msg import IdsMatch
from kith_msgs.action import Approach, GoTo
from kith_msgs.msg import SafetyState
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import OccupancyGrid, Odometry
from rclpy.action import ActionServer, CancelResponse
from rclpy.task import Future
from sensor_msgs.msg import BatteryState
from tf2_msgs.msg import TFMessage

from nodes.base import graph
from tests.nodes.motion.test_motion_node import MOTION, Asker

WIDTH_M, DEPTH_M, CELL_M = 6.0, 8.0, 0.05
WALL_M, DOOR = 5.0, (3.0, 5.0)
"""A wall across at y = 5 with a doorway in it; behind it is a bedroom."""


def _frame(parent: str, child: str, x: float, y: float, heading: float = 0.0) -> TransformStamped:
    made = TransformStamped(child_frame_id=child)
    made.header.frame_id = parent
    made.transform.translation.x, made.transform.translation.y = x, y
    made.transform.rotation = Quaternion(z=math.sin(heading / 2), w=math.cos(heading / 2))
    return made


def _map() -> OccupancyGrid:
    columns, rows = round(WIDTH_M / CELL_M), round(DEPTH_M / CELL_M)

    def taken(x: float, y: float) -> bool:
        edge = min(x, y, WIDTH_M - x, DEPTH_M - y) < 0.1
        return edge or (abs(y - WALL_M) < 0.08 and abs(x - DOOR[0]) > 0.5)

    message = OccupancyGrid()
    message.info.resolution, message.info.width, message.info.height = CELL_M, columns, rows
    message.data = [
        100 if taken((column + 0.5) * CELL_M, (row + 0.5) * CELL_M) else 0
        for row in range(rows)
        for column in range(columns)
    ]
    return message


class House:
    """Wheels, a map server, a localisation and one person."""

    def __init__(self, peer: Any) -> None:
        self.x, self.y, self.heading = 3.0, 2.0, 0.0
        self.person: tuple[float, float, float] | None = (1.0, 2.0, 0.0)
        self.charge, self.docked = 0.9, False
        self.requests = peer.listen(graph.CMD_VEL_REQUEST)
        self._odom, self._tf = peer.publisher(graph.ODOM), peer.publisher(graph.TF)
        self._battery = peer.publisher(graph.BATTERY_STATE)
        self._map, self._static = peer.publisher(graph.MAP), peer.publisher(graph.TF_STATIC)
        self._map.publish(_map())
        self._static.publish(
            TFMessage(
                transforms=[
                    _frame("map", "odom", 0.0, 0.0),
                    _frame("map", "place_window", 4.5, 3.5),
                    _frame("map", "place_dock", 4.5, 1.0, 0.0),
                    _frame("map", "place_bedroom_1", 3.0, 6.5),
                    _frame("map", "door_bedroom_1", *DOOR, math.pi / 2),
                ]
            )
        )
        peer.node.create_timer(0.05, self._tick)

    @property
    def listened_to(self) -> bool:
        return all(each.get_subscription_count() for each in (self._odom, self._battery, self._map, self._static))

    def _tick(self) -> None:
        wanted = self.requests[-1] if self.requests else Twist()
        self.heading += wanted.angular.z * 0.05
        self.x += wanted.linear.x * math.cos(self.heading) * 0.05
        self.y += wanted.linear.x * math.sin(self.heading) * 0.05
        odom = Odometry()
        odom.pose.pose = Pose(orientation=Quaternion(z=math.sin(self.heading / 2), w=math.cos(self.heading / 2)))
        odom.pose.pose.position.x, odom.pose.pose.position.y = self.x, self.y
        self._odom.publish(odom)
        status = "CHARGING" if self.docked else "DISCHARGING"
        self._battery.publish(
            BatteryState(
                percentage=self.charge, power_supply_status=getattr(BatteryState, f"POWER_SUPPLY_STATUS_{status}")
            )
        )
        if self.person is not None:
            self._tf.publish(TFMessage(transforms=[_frame("map", graph.person_frame("hanna"), *self.person)]))


class OwnDock:
    """A base that gets onto its dock and off it by itself."""

    def __init__(self, peer: Any, house: House) -> None:
        self.asked: list[str] = []
        self.taken_back = 0
        self.slow = self.fails = False
        self._peer, self._house = peer, house
        self._servers = [
            ActionServer(
                peer.node, action.type, action.name, self._does(action), cancel_callback=lambda _: CancelResponse.ACCEPT
            )
            for action in (graph.DOCK, graph.UNDOCK)
        ]

    def _does(self, action: graph.Action) -> Any:
        async def carry_out(goal: Any) -> Any:
            self.asked.append(action.name)
            if self.slow:
                over = Future(executor=self._peer.executor)
                timer = self._peer.node.create_timer(
                    0.05, lambda: over.set_result(None) if goal.is_cancel_requested and not over.done() else None
                )
                await over
                timer.destroy()
                self.taken_back += 1
                goal.canceled()
                return action.type.Result()
            if self.fails:
                goal.abort()
                return action.type.Result()
            self._house.docked = action is graph.DOCK
            goal.succeed()
            return action.type.Result(is_docked=self._house.docked)

        return carry_out

    def close(self) -> None:
        for each in self._servers:
            each.destroy()


@pytest.fixture
def own_dock(peer: Any, house: House) -> Iterator[OwnDock]:
    made = OwnDock(peer, house)
    peer.until(lambda: house.listened_to, "motion hears the house")
    peer.spin_for(1.0)
    yield made
    made.close()


@pytest.fixture
def house(run_node: Any, peer: Any) -> House:
    run_node(MOTION, speed=0.8)
    made = House(peer)
    peer.spin_for(1.5)
    return made


@pytest.fixture
def asker(peer: Any, house: House) -> Asker:
    return Asker(peer)


def test_it_goes_to_a_place_and_into_a_bedroom_only_if_it_may(house: House, asker: Asker) -> None:
    refused = asker.ask(graph.GO_TO, GoTo.Goal(place="bedroom_1"))
    assert (refused.success, refused.message) == (False, "the robot may not enter a bedroom now")
    assert "bedroom_1, dock, window" in asker.ask(graph.GO_TO, GoTo.Goal(place="the moon")).message
    went = asker.ask(graph.GO_TO, GoTo.Goal(place="bedroom_1", may_enter_private=True))
    assert (went.success, went.message) == (True, "")
    assert math.dist((house.x, house.y), (3.0, 6.5)) < 0.3


def test_it_comes_near_a_person_and_no_nearer_than_they_want(house: House, asker: Asker) -> None:
    came = asker.ask(graph.APPROACH, Approach.Goal(person_id="hanna", distance_m=1.1))
    assert (came.success, came.ended, came.message) == (True, Approach.Result.ARRIVED, "")
    assert came.distance_m == pytest.approx(1.1, abs=0.2)
    assert math.dist((house.x, house.y), (1.0, 2.0)) == pytest.approx(came.distance_m, abs=0.1)


def test_a_raised_hand_stops_it_and_is_told(house: House, asker: Asker, peer: Any) -> None:
    house.person = (1.0, 3.5, 0.0)
    house.x = 3.8
    handle = asker.send(graph.APPROACH, Approach.Goal(person_id="hanna"))
    match = IdsMatch(id1="hanna", id1_type=IdsMatch.PERSON, id2="b7", id2_type=IdsMatch.BODY, confidence=0.9)
    matches, hands = peer.publisher(graph.CANDIDATE_MATCHES), peer.publisher(graph.body_gesture("b7"))
    got = handle.get_result_async()

    def over() -> bool:
        matches.publish(match)
        hands.publish(BodyGesture(gesture=BodyGesture.RIGHT_HAND_RAISED))
        return got.done()

    peer.until(over, "the result")
    assert got.result().result.ended == Approach.Result.UNEASY
    peer.spin_for(0.2)
    assert house.requests[-1] == Twist()


def test_who_is_nowhere_to_be_seen_is_not_found(house: House, asker: Asker) -> None:
    house.person = None
    came = asker.ask(graph.APPROACH, Approach.Goal(person_id="hanna"))
    assert (came.success, came.ended) == (False, Approach.Result.NOT_FOUND)


def test_with_a_low_battery_it_goes_nowhere_but_to_the_dock(house: House, asker: Asker, peer: Any) -> None:
    house.charge = 0.1
    peer.spin_for(0.5)
    assert "battery is low" in asker.ask(graph.GO_TO, GoTo.Goal(place="window")).message
    asker.send(graph.GO_TO, GoTo.Goal(place="dock"))
    peer.until(lambda: house.requests and house.requests[-1] != Twist(), "it sets out for its dock")


def test_a_halt_by_safety_holds_the_journey_and_its_end_lets_it_go_on(house: House, asker: Asker, peer: Any) -> None:
    state = peer.publisher(graph.SAFETY_STATE)
    handle = asker.send(graph.GO_TO, GoTo.Goal(place="window"))
    peer.until(lambda: house.requests and house.requests[-1] != Twist(), "it sets out")
    state.publish(SafetyState(halted=True, cause="lidar", text="frozen"))
    peer.until(lambda: house.requests[-1] == Twist(), "it stands")
    peer.spin_for(0.5)
    assert house.requests[-1] == Twist()
    state.publish(SafetyState())
    assert asker.result(handle).success


def test_where_nav2_runs_it_drives(house: House, asker: Asker, peer: Any) -> None:
    goals = []

    async def navigate(handle: Any) -> NavigateToPose.Result:
        goals.append(handle.request.pose)
        handle.publish_feedback(NavigateToPose.Feedback(distance_remaining=1.5))
        handle.succeed()
        return NavigateToPose.Result()

    server = ActionServer(peer.node, NavigateToPose, graph.NAVIGATE.name, navigate)
    peer.spin_for(1.0)
    assert asker.ask(graph.GO_TO, GoTo.Goal(place="window")).success
    server.destroy()
    assert goals[0].header.frame_id == "map"
    assert (goals[0].pose.position.x, goals[0].pose.position.y) == (4.5, 3.5)
    assert not any(request.linear.x for request in house.requests)


def test_a_base_with_a_dock_of_its_own_gets_onto_it_and_off_it_by_itself(
    house: House, own_dock: OwnDock, asker: Asker, peer: Any
) -> None:
    docked = asker.ask(graph.GO_TO, GoTo.Goal(place="dock"))
    assert (docked.success, docked.message, own_dock.asked) == (True, "", ["dock"])
    assert math.dist((house.x, house.y), (4.5, 1.0)) < 0.3
    peer.spin_for(0.3)
    assert asker.ask(graph.GO_TO, GoTo.Goal(place="window")).success
    assert own_dock.asked == ["dock", "undock"]


def test_a_base_that_does_not_get_onto_its_dock_says_so(house: House, own_dock: OwnDock, asker: Asker) -> None:
    own_dock.fails = True
    answer = asker.ask(graph.GO_TO, GoTo.Goal(place="dock"))
    assert (answer.success, answer.message) == (False, "the robot stands before its dock, but does not get on")


def test_a_halt_takes_docking_back_and_its_end_asks_again(
    house: House, own_dock: OwnDock, asker: Asker, peer: Any
) -> None:
    state = peer.publisher(graph.SAFETY_STATE)
    own_dock.slow = True
    handle = asker.send(graph.GO_TO, GoTo.Goal(place="dock"))
    peer.until(lambda: own_dock.asked == ["dock"], "the base is asked to dock")
    state.publish(SafetyState(halted=True, cause="stopped", text="stopped by hand"))
    peer.until(lambda: own_dock.taken_back == 1, "the base is told to leave it")
    own_dock.slow = False
    peer.spin_for(0.5)
    assert own_dock.asked == ["dock"]
    state.publish(SafetyState())
    assert asker.result(handle).success
    assert own_dock.asked == ["dock", "dock"]
