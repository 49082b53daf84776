"""The laptop's body on the graph, on a machine where the devices asked for are not there."""

import array
from collections.abc import Callable
from typing import Any

from kith_msgs.msg import AudioChunk, Playback

from nodes.base import graph


def test_without_devices_it_stays_up_says_so_and_lets_nobody_wait_for_a_sound(
    run_node: Callable[..., Any], peer: Any
) -> None:
    diagnostics = peer.listen(graph.DIAGNOSTICS)
    playback = peer.listen(graph.AUDIO_PLAYBACK)
    out = peer.publisher(graph.AUDIO_OUT)
    node = run_node("nodes.body.node", microphone="no-such-microphone", loudspeaker="no-such-loudspeaker")

    def trouble() -> str:
        return next((s.message for m in diagnostics for s in m.status if s.name == "body" and s.level == b"\x02"), "")

    said = peer.until(trouble, "the node says what is missing")
    assert "no microphone called 'no-such-microphone'" in said
    assert "no loudspeaker called 'no-such-loudspeaker'" in said
    assert "plug one in" in said

    peer.until(lambda: out.get_subscription_count() and playback is not None, "audio_out")
    out.publish(
        AudioChunk(sample_rate=16_000, channels=1, samples=array.array("h", [1] * 320), utterance_id="u1", last=True)
    )
    peer.until(lambda: playback, "an answer")
    assert (playback[0].utterance_id, playback[0].state) == ("u1", Playback.STOPPED)

    code, errors = node.stop()
    assert code == 0
    assert "Traceback" not in errors
