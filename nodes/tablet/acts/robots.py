"""What staff ask of a robot."""

from culture_profiles.errors import KithError
from culture_profiles.state_of_life import Life, StateOfLife
from nodes.tablet.robots import Order
from nodes.tablet.site.visit import Visit

QUIET_S = {"15": 900.0, "60": 3600.0, "120": 7200.0, "0": 0.0}
LOUDNESS = {"softer": 0.75, "usual": 1.0, "louder": 1.25}


async def stop_robot(visit: Visit, robot: str, *, stopped: bool) -> None:
    """Hold it where it stands, or let it move again. The stop is not held up by anything, not even by the log."""
    await visit.site.home.stop(robot, stopped=stopped)
    await visit.record("stop robot" if stopped else "free robot")


async def order_robot(visit: Visit, robot: str, order: str, value: str) -> None:
    """`order`: come, with (whom it has before it), quiet, loudness or senses. Errors: KithError, one line."""
    home, by = visit.site.home, visit.person.id
    if order == "come":
        life = Life.of(await home.profile(value), visit.today)
        if not life.robot_may_enter:
            raise KithError("The robot stays away from them for now: look at their state of life.")
        await visit.record("send robot", resident_id=value)
        await home.order(robot, Order.COME, by, person_id=value)
    elif order == "with":
        if value and Life.of(await home.profile(value), visit.today).state is StateOfLife.DIED:
            raise KithError("The robot stays away from them for now: look at their state of life.")
        await visit.record("say who is with robot", resident_id=value)
        await home.introduce(robot, value)
    elif order == "quiet" and value in QUIET_S:
        await visit.record("quiet robot")
        await home.order(robot, Order.QUIET, by, amount=QUIET_S[value])
    elif order == "loudness" and value in LOUDNESS:
        await home.order(robot, Order.LOUDNESS, by, amount=LOUDNESS[value])
    elif order == "senses" and value in ("on", "off"):
        await visit.record("robot hears" if value == "on" else "robot hears nothing")
        await home.order(robot, Order.SENSES, by, amount=float(value == "on"))
    else:
        raise KithError("The robot does not know this order.")
