"""The camera looks only while everybody here agreed to it and staff let it (care rules 10, 11)."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geometry_msgs.msg import Point, Pose, PoseArray
from kith_msgs.srv import Order

from culture_profiles.fact import make_fact
from culture_profiles.store import ProfileStore
from nodes.base import graph
from nodes.profiles.register import store_path


def agree(home: Path) -> None:
    with ProfileStore(store_path(home)) as store:
        agreed = {"key": "consent.camera", "value": "yes", "source": "resident", "status": "stated", "who": "hanna"}
        store.set_fact(make_fact(resident_id="hanna", when=datetime.now(UTC), **agreed))


def test_the_camera_looks_while_all_agree_and_staff_let_it(
    dialogue: Callable[..., Any], run_node: Callable[..., Any], room: Any, peer: Any, home: Path
) -> None:
    agree(home)
    run_node("nodes.profiles.node", home_dir=home)
    dialogue(evidence_expires_s=5.0)
    told: list[Any] = peer.listen(graph.LOOKING)

    def may_look(expected: bool) -> None:
        told.clear()
        peer.until(lambda: told and told[-1].data is expected, f"that the camera may{'' if expected else ' not'} look")

    may_look(False)  # nobody is here to agree
    room.enter("hanna")
    may_look(True)
    room.enter("kenji")  # he has not agreed
    may_look(False)
    room.leave("kenji")
    peer.until(lambda: told[-1].data, "that Kenji is gone", within_s=60.0)
    order = Order.Request(order=Order.Request.SENSES, amount=0.0, by="p-1")
    assert peer.call(graph.ORDER, order).success
    may_look(False)


def test_who_is_seen_on_the_floor_is_asked_while_the_camera_may_look(
    dialogue: Callable[..., Any], run_node: Callable[..., Any], room: Any, peer: Any, home: Path
) -> None:
    agree(home)
    run_node("nodes.profiles.node", home_dir=home)
    dialogue()
    told: list[Any] = peer.listen(graph.LOOKING)
    floor = peer.publisher(graph.ON_THE_FLOOR)

    def seen() -> list[Any]:
        floor.publish(PoseArray(poses=[Pose(position=Point(x=3.0, y=0.5))]))
        peer.spin_for(1.0)
        return [each for each in room.said if "floor" in each.text]

    peer.until(lambda: told, "the camera's leave")
    for _ in range(5):
        assert not seen()  # nobody is here who agreed: whatever was seen decides nothing
    room.enter("hanna")
    peer.until(lambda: told[-1].data, "that the camera may look")
    asked = peer.until(seen, "a question to who lies there")
    assert "?" in asked[0].text
