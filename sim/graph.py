"""How a scenario directs the simulated residents; relative to the robot in whose room they are."""

from communication_skills.action import Say
from std_srvs.srv import SetBool

from nodes.base.graph import Action, Service


def present(resident_id: str) -> Service:
    """A resident comes in (true) or leaves (false)."""
    return Service(f"sim/residents/{resident_id}/present", SetBool)


def say(resident_id: str) -> Action:
    """A resident says the `input` aloud. It ends when the last word has sounded."""
    return Action(f"sim/residents/{resident_id}/say", Say)
