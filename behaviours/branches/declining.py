"""What the robot does not do: advise on medicines, keep secrets of money, join in insults (care rules 9, 16)."""

from behaviours.acts import Act
from behaviours.person import Pending
from behaviours.scene import Heard, Scene


def medical_question(scene: Scene, heard: Heard) -> list[Act] | None:
    """The answer to a medical question is the offer of a nurse."""
    if heard.reading.safety.name != "medical":
        return None
    heard.person.pending = Pending("nurse")
    return scene.say(heard.person, "medical.question", "refuse_advice", must=True)


def money(scene: Scene, heard: Heard) -> list[Act] | None:
    """Money, wills and secret numbers are not kept; of other people nothing is told."""
    safety = heard.reading.safety
    if safety.name != "privacy":
        return None
    return scene.say(heard.person, "privacy.others" if "others" in safety.why else "privacy", "privacy", must=True)


def boundary(scene: Scene, heard: Heard) -> list[Act] | None:
    """Swearing is answered by the need behind it; anything else by one calm boundary."""
    safety = heard.reading.safety
    if safety.name != "boundary":
        return None
    return scene.say(heard.person, "insult" if "insult" in safety.why else "boundary", "boundary", must=True)
