"""The real PortAudio, on a sound card of ALSA's that swallows everything and hears silence, faster than time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ALSA = Path("/usr/share/alsa/alsa.conf")  # comes with libportaudio2 on Debian and Ubuntu

PROGRAM = """
import json, threading
import numpy as np
from nodes.body.playback import PlaybackQueue
from nodes.body.sound_card import Loudspeaker, Microphone, find_device, load_library, what_is_missing

library = load_library()
missing = what_is_missing(library)
microphone, loudspeaker = find_device(library, "input"), find_device(library, "output")
heard, enough = [], threading.Event()

def hear(block):
    heard.append(len(block.interleaved))
    if len(heard) >= 20:
        enough.set()

ears = Microphone(library, microphone, hear)
was_open, hears = ears.open, enough.wait(10)
ears.close()
queue = PlaybackQueue(loudspeaker.rate)
queue.add("u1", np.full(loudspeaker.rate // 2, 500, np.int16), loudspeaker.rate, 1, True)
mouth = Loudspeaker(library, loudspeaker, queue)
events, waiting = [], threading.Event()
while len(events) < 2 and not waiting.wait(0.01):
    events += queue.events()
mouth.close()
print(json.dumps({
    "missing": missing, "open": was_open, "hears": hears, "open_after": ears.open,
    "block": heard[0] / microphone.channels / microphone.rate,
    "events": [(event.happened.value, event.played_s) for event in events],
}))
"""


@pytest.mark.skipif(not ALSA.is_file(), reason="no ALSA on this machine")
def test_a_real_sound_card_is_heard_played_and_let_go(tmp_path: Path) -> None:
    config = tmp_path / "asound.conf"
    config.write_text(f"<{ALSA}>\npcm.!default {{ type plug slave.pcm {{ type null }} }}\n")
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(config)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "missing": "",
        "open": True,
        "hears": True,
        "open_after": False,
        "block": 0.02,
        "events": [["started", 0.0], ["finished", 0.5]],
    }
