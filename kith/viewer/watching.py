"""What the viewer knows: the newest of everything on the graph, filled by one thread and read by others."""

import math
import threading
from collections import deque
from typing import Any

import numpy as np
from geometry_msgs.msg import PoseStamped
from hri_msgs.msg import IdsList, LiveSpeech
from kith_msgs.msg import AudioChunk, Caption
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import Image, LaserScan
from tf2_msgs.msg import TFMessage

from nodes.base import graph, times
from sim import graph as stage
from sim import transforms
from sim.worlds.png import png

_LINES = 60
_SPEAKING_S = 0.4
_SCAN_STEP = 2  # every second ray is enough to look at


class Watcher:
    """Listens to one robot's simulation. Close it in the end."""

    def __init__(self, node: Node, robot: str = "") -> None:
        """`robot`: its namespace; empty for a home's only one."""
        self._node = node
        self._prefix = f"/{robot.strip('/')}/" if robot.strip("/") else "/"
        self._lock = threading.Lock()
        self._robot: dict[str, float] | None = None
        self._people: dict[str, dict[str, Any]] = {}
        self._said: deque[dict[str, Any]] = deque(maxlen=_LINES)
        self._lines = 0
        self._speaking: dict[str, float] = {}
        self._speaker = ""
        self._scan: list[list[float]] = []
        self._image: Image | None = None
        self._images = 0
        self._voices: set[str] = set()
        for topic, callback in (
            (stage.ROBOT, self._on_robot),
            (stage.PEOPLE, self._on_people),
            (graph.CAPTIONS, self._on_caption),
            (graph.VOICES_TRACKED, self._on_voices),
        ):
            self._listen(topic, callback)
        self._onlookers = 0
        self._looking: list[Any] = []
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._thread = threading.Thread(target=self._spin, name="watching", daemon=True)
        self._thread.start()

    def _listen(self, topic: graph.Topic, callback: Any) -> Any:
        return self._node.create_subscription(topic.type, self._prefix + topic.name, callback, topic.qos)

    def look(self, onlookers: int) -> None:
        """So many more, or fewer, look at the page: what costs work is wanted only while somebody does."""
        with self._lock:
            self._onlookers += onlookers
        self._executor.create_task(self._look)

    def _look(self) -> None:
        if self._onlookers and not self._looking:
            self._looking = [
                self._listen(graph.ROOM_AUDIO, self._on_room_audio),
                self._listen(graph.SCAN, self._on_scan),
                self._listen(graph.CAMERA_IMAGE, self._on_image),
            ]
        elif not self._onlookers:
            for subscription in self._looking:
                self._node.destroy_subscription(subscription)
            self._looking = []

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return

    def close(self) -> None:
        """Stop listening."""
        self._executor.shutdown(timeout_sec=1.0)
        self._thread.join(2.0)

    # Asked ----------------------------------------------------------------------------------------------------------
    @property
    def sees_a_simulation(self) -> bool:
        """Whether a simulator has been heard: a real home is not watched."""
        with self._lock:
            return self._robot is not None or bool(self._people)

    def state(self) -> dict[str, Any]:
        """Everything that moves, ready for JSON: places in metres in the frame `map`, the newest words, a count that
        changes with each picture."""
        now = self._now()
        with self._lock:
            return {
                "robot": self._robot,
                "people": [
                    {"id": name, **each, "speaking": now - self._speaking.get(name, -math.inf) < _SPEAKING_S}
                    for name, each in sorted(self._people.items())
                ],
                "scan": self._scan,
                "said": list(self._said),
                "picture": self._images,
            }

    def picture(self) -> bytes | None:
        """What the camera saw last, as PNG; None before the first."""
        with self._lock:
            image = self._image
        if image is None:
            return None
        pixels = np.frombuffer(image.data, np.uint8).reshape(image.height, image.step)[:, : image.width * 3]
        pixels = pixels.reshape(image.height, image.width, 3)
        return png(np.ascontiguousarray(pixels if image.encoding == "rgb8" else pixels[:, :, ::-1]))

    def _now(self) -> float:
        return float(self._node.get_clock().now().nanoseconds / 1e9)

    # Heard ----------------------------------------------------------------------------------------------------------
    def _on_robot(self, message: PoseStamped) -> None:
        place = message.pose.position
        with self._lock:
            self._robot = {"x": place.x, "y": place.y, "heading": transforms.yaw(message.pose.orientation)}

    def _on_people(self, message: TFMessage) -> None:
        with self._lock:
            for name, placed in transforms.placed_people(message).items():
                self._people[name] = {
                    "x": placed.x_m,
                    "y": placed.y_m,
                    "heading": placed.heading_rad,
                    "head": placed.head_yaw_rad,
                    "sits": placed.sits,
                }

    def _on_room_audio(self, chunk: AudioChunk) -> None:
        with self._lock:
            self._speaker = chunk.header.frame_id
            self._speaking[chunk.header.frame_id] = times.from_msg(chunk.header.stamp).timestamp()

    def _on_caption(self, caption: Caption) -> None:
        self._add("robot", caption.text, caption.locale)

    def _on_voices(self, message: IdsList) -> None:
        for voice_id in set(message.ids) - self._voices:
            self._voices.add(voice_id)
            self._listen(graph.voice_speech(voice_id), self._on_speech)

    def _on_speech(self, message: LiveSpeech) -> None:
        if message.final:
            self._add(self._speaker or "somebody", message.final, message.locale)

    def _add(self, who: str, text: str, locale: str) -> None:
        with self._lock:
            self._lines += 1
            self._said.append({"n": self._lines, "who": who, "text": text, "locale": locale})

    def _on_scan(self, message: LaserScan) -> None:
        ranges = np.asarray(message.ranges)[::_SCAN_STEP]
        angles = message.angle_min + message.angle_increment * _SCAN_STEP * np.arange(len(ranges))
        met = np.isfinite(ranges)
        points = np.stack([ranges[met] * np.cos(angles[met]), ranges[met] * np.sin(angles[met])], axis=1)
        with self._lock:
            self._scan = np.round(points, 2).tolist()

    def _on_image(self, image: Image) -> None:
        if image.encoding not in ("rgb8", "bgr8") or image.height * image.step != len(image.data):
            return
        with self._lock:
            self._image = image
            self._images += 1
