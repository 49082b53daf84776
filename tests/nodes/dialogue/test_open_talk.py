"""Open talk in the node: the words of a real, tiny model where the guard lets them pass, else the mind's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diagnostic_msgs.msg import DiagnosticArray

from kith.models.added import add
from nodes.base import graph
from tests.behaviours.open_talk.crafted import crafted_model
from tests.nodes.dialogue.conftest import Room
from tests.peer import Peer

Run = Callable[..., Any]
SMALL_TALK = "The roses in the garden are lovely this year."


@pytest.fixture
def talking(home: Path, tmp_path: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer) -> Callable[[str], Room]:
    """Hanna with a robot whose model says this."""
    pytest.importorskip("torch", reason="torch is not installed: `make understanding`")
    pytest.importorskip("transformers", reason="transformers is not installed: `make understanding`")

    def start(text: str) -> Room:
        add("llm", str(crafted_model(tmp_path / "tiny", text)), tmp_path / "models")
        told = peer.listen(graph.DIAGNOSTICS)
        run_node("nodes.profiles.node", home_dir=home)
        dialogue(open_talk=True, understanding=False, models_dir=tmp_path / "models")
        peer.until(lambda: any(_open_talk(each) == "on" for each in told), "the model to be loaded", within_s=120.0)
        room.enter("hanna")
        room.hear("Hanno", "a greeting")
        return room

    return start


def _open_talk(message: DiagnosticArray) -> str:
    values = {pair.key: pair.value for status in message.status for pair in status.values}
    return values.get("open talk", "")


def test_sentences_are_spoken_one_after_the_other_as_they_pass(talking: Callable[[str], Room]) -> None:
    room = talking("Roses like the morning sun. So do bees.")
    for words in (SMALL_TALK, "The tulips were early this spring.", "I grew beans by the fence.", "The lawn is green."):
        room.ask(words)  # on a busy machine the model may be too late for one, and the mind answers
        room.peer.spin_for(1.0)
        if "Roses like the morning sun." in room.texts():
            break
    room.hear("Roses like the morning sun.")
    room.hear("So do bees.")


def test_what_the_guard_refuses_is_never_spoken_and_the_mind_answers(talking: Callable[[str], Room]) -> None:
    room = talking("You should take more vitamins every day.")
    assert room.ask(SMALL_TALK)
    assert not any("vitamins" in each for each in room.texts())


def test_a_call_for_help_is_never_the_models_to_answer(talking: Callable[[str], Room]) -> None:
    room = talking("Roses like the morning sun.")
    room.ask("Help me, I can't breathe", "call")
    assert not any("Roses" in each for each in room.texts())


def test_without_a_model_it_says_what_to_do_and_talks_on(
    tmp_path: Path, run_node: Run, home: Path, dialogue: Run, room: Room, peer: Peer
) -> None:
    told = peer.listen(graph.DIAGNOSTICS)
    run_node("nodes.profiles.node", home_dir=home)
    dialogue(open_talk=True, understanding=False, models_dir=tmp_path)
    room.enter("hanna")
    room.hear("Hanno", "a greeting")
    room.ask(SMALL_TALK)
    peer.until(
        lambda: any("kith models add llm" in status.message for each in told for status in each.status), "a word"
    )
