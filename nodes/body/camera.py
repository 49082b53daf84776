"""A driver's camera as the contract's: rgb8 or bgr8, a few times a second, and only while somebody looks."""

import array
from typing import Any

from sensor_msgs.msg import CameraInfo, Image

from nodes.base import graph, qos, times
from nodes.base.node import KithNode
from nodes.body.drive import believed_stamp
from nodes.body.inlet import Inlet
from nodes.body.pictures import colours


class Camera:
    """Listens to the driver only while somebody listens here: pictures are many bytes, and nobody's to take unasked."""

    def __init__(self, node: KithNode[Any], image: str, info: str, rate_hz: float) -> None:
        """`image`, `info`: the driver's topics. `rate_hz`: how many pictures a second are handed on."""
        self._node = node
        self._topics = (graph.Topic(image, Image, qos.SENSOR), graph.Topic(info, CameraInfo, qos.SENSOR))
        self._inlets = Inlet(rate_hz, 3.0), Inlet(rate_hz, 3.0)
        self._image = node.publisher(graph.CAMERA_IMAGE)
        self._info = node.publisher(graph.CAMERA_INFO)
        self._subscriptions: list[Any] = []
        node.every(1.0, self._watch, steady=True)

    def _watch(self) -> None:
        node = self._node
        wanted = bool(self._image.get_subscription_count() or self._info.get_subscription_count())
        waits_for = f"the camera's {self._topics[0].name}"
        if wanted and not self._subscriptions:
            image, info = self._topics
            self._subscriptions = [
                node.subscription(image, self._on_image),
                node.subscription(info, self._on_info),
            ]
        elif not wanted and self._subscriptions:
            for subscription in self._subscriptions:
                node.destroy_subscription(subscription)
            self._subscriptions = []
        if wanted and self._inlets[0].silent(node.steady_s()):
            node.health.wait_for(waits_for)
        else:
            node.health.found(waits_for)

    def _on_image(self, message: Image) -> None:
        node = self._node
        if not self._inlets[0].take(node.steady_s()):
            return
        try:
            encoding, pixels = colours(message.data, message.height, message.width, message.step, message.encoding)
        except ValueError as problem:
            node.health.warn("camera", str(problem))
            return
        node.health.clear("camera")
        made = Image(height=message.height, width=message.width, encoding=encoding, step=3 * message.width)
        made.data = array.array("B", pixels.tobytes())
        made.header.stamp = times.to_msg(believed_stamp(node, message.header.stamp))
        made.header.frame_id = "camera"
        self._image.publish(made)

    def _on_info(self, message: CameraInfo) -> None:
        if self._inlets[1].take(self._node.steady_s()):
            message.header.stamp = times.to_msg(believed_stamp(self._node, message.header.stamp))
            message.header.frame_id = "camera"
            self._info.publish(message)
