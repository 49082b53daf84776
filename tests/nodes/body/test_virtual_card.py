"""The laptop's body on a real sound system: what it says comes out of a loudspeaker and in at a microphone."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from kith_msgs.action import Speak
from kith_msgs.msg import Playback
from rclpy.action import ActionClient

from nodes.asr import engines
from nodes.asr.recording import transcribe
from nodes.base import graph
from nodes.base.audio import to_float
from nodes.base.models import default_models_dir
from nodes.base.wav import Recording

RATE = 16_000
SENTENCE = "Good morning. The roses in the garden are red."


class Listener:
    """Asks the robot to speak, and keeps what its microphone hears."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.heard = peer.listen(graph.AUDIO_IN)
        self.playback = peer.listen(graph.AUDIO_PLAYBACK)
        self._diagnostics = peer.listen(graph.DIAGNOSTICS)
        self._client = ActionClient(peer.node, Speak, graph.SPEAK.name)

    def ready(self, within_s: float = 60.0) -> None:
        """Wait for ears and voice, and until they have found each other: the first words may be lost."""
        self.peer.until(lambda: self.heard and self._client.server_is_ready(), "ears and voice", within_s)
        for _ in range(10):
            if self.result(self.ask("Hello.")).outcome == Speak.Result.FINISHED:
                return
        raise AssertionError("voice and loudspeaker do not find each other")

    def ask(self, text: str) -> Any:
        future = self._client.send_goal_async(Speak.Goal(text=text, locale="en_GB"))
        self.peer.until(future.done, "the goal")
        return future.result().get_result_async()

    def result(self, future: Any, within_s: float = 30.0) -> Any:
        self.peer.until(future.done, "the result", within_s)
        return future.result().result

    def microphone(self) -> np.ndarray:
        return np.concatenate([np.asarray(chunk.samples, np.int16) for chunk in self.heard])

    def trouble(self) -> str | None:
        """What the body says of its devices now; None before it has said anything."""
        said = [each for message in self._diagnostics for each in message.status if each.name == "body"]
        return (said[-1].message if said[-1].level == b"\x02" else "") if said else None


def _loud_s(samples: np.ndarray) -> float:
    """Seconds of 20 ms frames that hold sound."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320).astype(float)
    return float((np.sqrt((frames**2).mean(axis=1)) > 300).sum()) * 0.02


@contextmanager
def _kith_up(home: Path) -> Iterator["subprocess.Popen[str]"]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kith = [sys.executable, "-m", "kith.main", "--home", str(home)]
    command = [*kith, "up", "--json", "--body", "laptop", f"tablet_port:={port}"]
    with (home / "said").open("w") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_kith_up_on_a_laptop_speaks_and_hears_itself(
    virtual_card: Any,
    home_dir: Path,
    peer: Any,
) -> None:
    listener = Listener(peer)
    with _kith_up(home_dir) as process:
        listener.ready()
        assert process.poll() is None
        listener.heard.clear()
        listener.playback.clear()
        answer = listener.result(listener.ask(SENTENCE))
        peer.until(lambda: len(listener.heard) * 0.02 > answer.played_s + 1.0, "the microphone")
    assert answer.outcome == Speak.Result.FINISHED
    assert answer.played_s > 2.0
    assert [message.state for message in listener.playback][-2:] == [Playback.STARTED, Playback.FINISHED]
    heard = listener.microphone()
    assert _loud_s(heard) > 0.5 * answer.played_s
    # Silence before and after it: the microphone heard the sentence, not a constant noise.
    assert _loud_s(heard) < len(heard) / RATE - 0.3
    model = engines.choose(default_models_dir(), "en_GB", "whisper")
    if model is not None:
        words = transcribe(Recording(to_float(heard), RATE), engines.load(model, "en_GB")).text.lower()
        assert {"morning", "roses", "garden"} & set(words.replace(".", " ").replace(",", " ").split())


def test_a_card_unplugged_in_mid_sentence_is_told_and_taken_again(
    virtual_card: Any, run_node: Callable[..., Any], peer: Any
) -> None:
    run_node("nodes.body.node")
    run_node("nodes.tts.node")
    listener = Listener(peer)
    listener.ready()
    peer.until(lambda: listener.trouble() == "", "the devices")
    listener.playback.clear()
    cut = listener.ask("This is a long story about a ship that sailed from Kobe. " * 10)
    peer.until(lambda: listener.playback, "the beginning of the sound")
    virtual_card.unplug()
    answer = listener.result(cut, within_s=10.0)
    assert answer.outcome == Speak.Result.INTERRUPTED
    assert answer.played_s < 20.0
    peer.until(listener.trouble, "the trouble")
    refused = listener.result(listener.ask("Is anybody there?"), within_s=10.0)
    assert refused.outcome != Speak.Result.FINISHED

    virtual_card.plug_in()
    peer.until(lambda: listener.trouble() == "", "the devices again", 20.0)
    listener.heard.clear()
    assert listener.result(listener.ask("Hello again.")).outcome == Speak.Result.FINISHED
    assert _loud_s(listener.microphone()) > 0.3
