"""The vision node as a process: pictures in, attention out, and nothing while it may not look."""

import time
from typing import Any

import cv2
import pytest
from hri_msgs.msg import EngagementLevel
from std_msgs.msg import Bool

from nodes.base import graph
from nodes.vision.picture import Pixels
from tests.nodes.vision.pictures import message, wall, with_face

SOMEBODY = with_face("kenji", width=150, x=250, y=120)


class Camera:
    """Sends pictures as a body does, and says whether the robot may look."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.may_look = True
        self.looking = peer.publisher(graph.LOOKING)
        self.images = peer.publisher(graph.CAMERA_IMAGE)
        self.faces = peer.listen(graph.FACES_TRACKED)
        self.persons = peer.listen(graph.PERSONS_TRACKED)
        self.diagnostics = peer.listen(graph.DIAGNOSTICS)

    def health(self) -> dict[str, str]:
        known = [status for each in self.diagnostics for status in each.status if status.name == "vision"]
        return {"message": known[-1].message, **{each.key: each.value for each in known[-1].values}} if known else {}

    def show(self, pixels: Pixels, **fields: Any) -> None:
        # Small and grey, so that it goes through the narrowest buffer that a system gives a socket.
        grey = cv2.cvtColor(cv2.resize(pixels, (320, 240), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        sent = message(grey, **{"encoding": "mono8", "step": 320, **fields})
        sent.header.stamp = self.peer.node.get_clock().now().to_msg()
        self.looking.publish(Bool(data=self.may_look))
        self.images.publish(sent)
        self.peer.spin_for(0.1)

    def show_until(self, pixels: Pixels, true: Any, what: str) -> Any:
        def found() -> Any:
            self.show(pixels)
            return true()

        return self.peer.until(found, what)


@pytest.fixture
def camera(run_node: Any, peer: Any) -> Camera:
    run_node("nodes.vision.node")
    made = Camera(peer)
    peer.until(lambda: made.health().get("looking") == "off", "the vision node")
    return made


def test_who_looks_is_attended_to_and_who_leaves_is_gone(camera: Camera) -> None:
    face_id = camera.show_until(SOMEBODY, lambda: camera.faces and list(camera.faces[-1].ids), "a face")[0]
    person = camera.show_until(SOMEBODY, lambda: camera.persons and list(camera.persons[-1].ids), "a person")[0]
    assert face_id in person and person.startswith("anonymous_")
    levels = camera.peer.listen(graph.person_engagement(person))
    rois = camera.peer.listen(graph.face_roi(face_id))
    camera.show_until(SOMEBODY, lambda: levels and levels[-1].level == EngagementLevel.ENGAGED, "that somebody looks")
    roi = rois[-1]
    assert roi.xmin < 320 / 640 < roi.xmax and roi.ymin < 210 / 480 < roi.ymax
    camera.show_until(wall(), lambda: not camera.faces[-1].ids, "that nobody is there")
    camera.peer.until(lambda: levels[-1].level == EngagementLevel.DISENGAGED, "that the attention is over")


def test_what_may_not_be_looked_at_is_not_asked_for(camera: Camera) -> None:
    camera.may_look = False
    camera.show(SOMEBODY)
    assert not camera.peer.node.count_subscribers(graph.CAMERA_IMAGE.name)
    camera.may_look = True
    camera.show_until(SOMEBODY, lambda: camera.faces and camera.faces[-1].ids, "a face")
    camera.may_look = False
    camera.show_until(SOMEBODY, lambda: not camera.faces[-1].ids, "that it looks away")
    camera.peer.until(lambda: not camera.peer.node.count_subscribers(graph.CAMERA_IMAGE.name), "the camera to rest")


def test_when_nobody_says_that_it_may_it_looks_away(camera: Camera) -> None:
    camera.show_until(SOMEBODY, lambda: camera.faces and camera.faces[-1].ids, "a face")
    began = time.monotonic()
    camera.peer.until(lambda: not camera.faces[-1].ids, "that it looks away")
    assert time.monotonic() - began > 1.0


def test_a_wrong_picture_is_told_and_a_right_one_looked_at_afterwards(camera: Camera) -> None:
    def told() -> bool:
        camera.show(wall(), encoding="bayer_rggb8")
        return "bayer_rggb8" in camera.health().get("message", "")

    camera.peer.until(told, "what is wrong")
    camera.show_until(SOMEBODY, lambda: camera.faces and camera.faces[-1].ids, "a face")
