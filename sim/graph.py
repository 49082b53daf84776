"""How a scenario directs the simulated residents, and what the simulator tells; relative to the robot they are with."""

from communication_skills.action import Say
from geometry_msgs.msg import PoseStamped
from kith_msgs.action import GoTo
from std_srvs.srv import SetBool, Trigger
from tf2_msgs.msg import TFMessage

from nodes.base import qos
from nodes.base.graph import Action, Service, Topic

PEOPLE = Topic("sim/people", TFMessage, qos.EVENT)
"""Where residents are, in the frame `map`: child frame `<id>` on the floor (below it by 0.3 m for who sits), and
`<id>/head`, whose yaw is the head's own. Told when somebody moves, and all of them every second."""

ROBOT = Topic("sim/robot", PoseStamped, qos.STATE)
"""Where the robot really is, in the frame `map`. Told when it moves."""

TOUCH_ROBOT = Service("sim/robot/touch", SetBool)
"""A hand is laid on the robot's head (true) or taken away (false)."""

SITTING_Z_M = -0.3


def present(resident_id: str) -> Service:
    """A resident comes in (true) or leaves (false)."""
    return Service(f"sim/residents/{resident_id}/present", SetBool)


def say(resident_id: str) -> Action:
    """A resident says the `input` aloud from where they are. It ends when the last word has sounded."""
    return Action(f"sim/residents/{resident_id}/say", Say)


def go_to(resident_id: str) -> Action:
    """A resident walks: to a `place` of the world (`lounge`, `bedroom_2`), to a seat (`seat_lounge_4`) to sit down, to
    `robot`, or to a pose in the frame `map`. Only who is part of the world can."""
    return Action(f"sim/residents/{resident_id}/go_to", GoTo)


def raise_hand(resident_id: str) -> Service:
    """A resident holds a hand up against the robot (true), or takes it down (false)."""
    return Service(f"sim/residents/{resident_id}/raise_hand", SetBool)


def step_back(resident_id: str) -> Service:
    """A resident who stands takes a step backwards."""
    return Service(f"sim/residents/{resident_id}/step_back", Trigger)


def look(resident_id: str) -> Service:
    """A resident looks at the robot (true) or away from it (false)."""
    return Service(f"sim/residents/{resident_id}/look", SetBool)
