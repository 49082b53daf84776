"""The viewer: what it tells of a simulated home, and to whom."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from geometry_msgs.msg import PoseStamped
from kith_msgs.msg import AudioChunk, Caption
from sensor_msgs.msg import Image

from kith.viewer.pages import application, plan
from kith.viewer.watching import Watcher
from nodes.base import graph, times
from sim import graph as stage
from sim import transforms
from sim.worlds import sdf
from sim.worlds.placed import Placed
from tests.peer import Peer


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def watcher(peer: Peer) -> Iterator[Watcher]:
    other = Peer()
    made = Watcher(other.node)
    made.look(1)
    yield made
    made.close()
    other.node.destroy_node()
    other.context.shutdown()


@pytest.fixture
def pages(watcher: Watcher) -> Iterator[TestClient]:
    stopping = threading.Event()
    app = application(watcher, sdf.read(sdf.CARE_HOME), stopping.is_set)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        yield client
    stopping.set()


def send(peer: Peer, topic: graph.Topic, message: Any, seen: Any) -> None:
    publisher = peer.publisher(topic)

    def arrived() -> Any:
        publisher.publish(message)
        return seen()

    peer.until(arrived, topic.name)


def test_it_shows_robot_people_words_and_picture(peer: Peer, watcher: Watcher, pages: TestClient) -> None:
    assert not watcher.sees_a_simulation
    assert pages.get("/camera.png").status_code == 404
    pose = PoseStamped()
    pose.pose.position.x, pose.pose.orientation.w = 4.0, 1.0
    send(peer, stage.ROBOT, pose, lambda: watcher.state()["robot"])
    stamp = times.to_msg(times.from_msg(peer.node.get_clock().now().to_msg()))
    people = transforms.people([("hanna", Placed(1.0, 2.0, 0.5, True, 0.25))], stamp)
    send(peer, stage.PEOPLE, people, lambda: watcher.state()["people"])
    caption = Caption(text="<b>Good morning</b>", locale="en_GB")
    send(peer, graph.CAPTIONS, caption, lambda: watcher.state()["said"])
    chunk = AudioChunk()
    chunk.header.frame_id, chunk.header.stamp = "hanna", peer.node.get_clock().now().to_msg()
    send(peer, graph.ROOM_AUDIO, chunk, lambda: watcher.state()["people"][0]["speaking"])
    image = Image(height=2, width=2, encoding="rgb8", step=6, data=[7] * 12)
    send(peer, graph.CAMERA_IMAGE, image, watcher.picture)

    state = json.loads(json.dumps(watcher.state()))
    assert state["robot"] == {"x": 4.0, "y": 0.0, "heading": 0.0}
    assert state["people"][0] | {"speaking": True} == {
        "id": "hanna", "x": 1.0, "y": 2.0, "heading": pytest.approx(0.5), "head": pytest.approx(0.25), "sits": True,
        "speaking": True,
    }  # fmt: skip
    assert state["said"][0]["text"] == "<b>Good morning</b>"
    assert pages.get("/camera.png").content.startswith(b"\x89PNG")
    assert watcher.sees_a_simulation


def test_nothing_comes_from_elsewhere_and_nobody_else_may_ask(pages: TestClient) -> None:
    for path in ("/", "/view.js", "/view.css"):
        answer = pages.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "http://" not in answer.text
        assert "https://" not in answer.text
    assert "innerHTML" not in pages.get("/view.js").text
    assert pages.get("/plan", headers={"host": "evil.example"}).status_code == 400
    for closed in ("/docs", "/openapi.json"):
        assert pages.get(closed).status_code == 404


def test_the_plan_holds_the_rooms() -> None:
    floor = plan(sdf.read(sdf.CARE_HOME))
    assert {"lounge", "dining room", "corridor", "bedroom 4"} <= {each["name"] for each in floor["places"]}
    assert any(each["tall"] for each in floor["obstacles"])
