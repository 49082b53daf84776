"""Two wishes in one breath: "turn it up and call my daughter" does both."""

from collections.abc import Callable, Mapping

from behaviours.acts import Act
from behaviours.scene import Heard, Scene

_WITH = ("call_family", "call_carer", "bodily_need", "time", "date", "menu_question", "activities_question")
Answering = Callable[[Scene, Heard], list[Act] | None]


def manner_as_well(manners: Mapping[str, Answering]) -> Answering:
    """A behaviour that follows a wish about the voice before the other request of the same utterance is answered."""

    def follow(scene: Scene, heard: Heard) -> list[Act] | None:
        wished = next((intent for intent in manners if heard.reading.has(intent)), "")
        if not wished or not heard.reading.has(*_WITH):
            return None
        scene.turn.why.append(f"and {wished}")
        return manners[wished](scene, heard)

    return follow
