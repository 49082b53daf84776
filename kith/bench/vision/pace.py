"""What a picture costs: processor time from the message to who attends, and what reading it alone takes."""

import time
from array import array
from datetime import timedelta
from itertools import count
from typing import Any

import cv2
import numpy as np
from sensor_msgs.msg import Image as ImageMessage

from kith.bench.vision import people
from kith.bench.vision.studio import EPOCH, HEIGHT, WIDTH, Stand, studio
from nodes.vision.faces import FaceDetector
from nodes.vision.on_the_floor import Mount
from nodes.vision.picture import read
from nodes.vision.sight import Sight

HZ = 5.0
_SCENE_S = 4  # so long the same two people are there


def measure(detector: FaceDetector, pictures: int) -> dict[str, Any]:
    """Milliseconds of processor time for each picture, with people coming and going. One core, as the node works."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return _measure(detector, pictures)
    finally:
        cv2.setNumThreads(threads)


def _measure(detector: FaceDetector, pictures: int) -> dict[str, Any]:
    chance, numbers = np.random.default_rng(2), count()
    group = next(people.groups())
    names, where = list(group), Stand(4.5, 3.0, 0.0)
    whole, bare = [], []
    with studio(group) as room:
        room.stand(where)
        mount = Mount(room.eye[2])
        sight = Sight(detector, room.lens, lambda: f"f{next(numbers)}")
        for number in range(pictures):
            if number % round(HZ * _SCENE_S) == 0:
                for name in names:
                    room.place(name, None)
                for name in chance.choice(names, 2, replace=False):
                    far = float(chance.uniform(0.8, 4.0))
                    room.place(str(name), room.before(where, far, float(chance.uniform(-0.4, 0.4))))
            room.picture()
            message = ImageMessage(height=HEIGHT, width=WIDTH, encoding="rgb8", step=3 * WIDTH)
            message.data = array("B", room.sent.tobytes())
            began = time.process_time()
            picture = read(message, EPOCH + timedelta(seconds=number / HZ))
            taken = time.process_time()
            seen = sight.look(picture)
            if number % round(HZ) == 0:
                sight.look_down(picture, seen, mount)
            whole.append(1e3 * (time.process_time() - began))
            bare.append(1e3 * (taken - began))
    return {
        "frame_ms": {
            "p50": round(float(np.percentile(whole, 50)), 1),
            "p95": round(float(np.percentile(whole, 95)), 1),
            "floor_p95": round(float(np.percentile(bare, 95)), 1),
            "n": pictures,
        },
        "cpu_percent": round(float(np.mean(whole)) * HZ / 10, 1),
    }
