"""Calls for staff: accept, close, and who carries them."""

from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.site.visit import Visit


def may_carry(person: Person) -> bool:
    """Whether calls can be given to this person."""
    return person.active and person.may("accept_call")


async def accept_call(visit: Visit, call_id: str, *, done: bool) -> None:
    """The signed-in person is coming, or says that it is done."""
    about = next((call.resident_id for call in visit.site.home.calls() if call.id == call_id), None)
    if about is None:
        raise KithError("This call is closed already, or it is not for this page.")
    await visit.record("close call" if done else "accept call", [call_id], about)
    await visit.site.home.accept(call_id, visit.person.name, close=done)


async def hand_over(visit: Visit, holder_id: str, deputy_id: str, pin: str) -> Person:
    """The one who goes is signed in; the one who comes signs with their own PIN. Returns who carries the calls now."""
    people = visit.site.people
    carriers = {each.id: each for each in await visit.site.on_file(people.all) if may_carry(each)}
    holder, deputy = carriers.get(holder_id), carriers.get(deputy_id)
    if holder is None:
        raise KithError("Choose who carries the calls from now on.")
    if holder == deputy:
        raise KithError("Holder and deputy are two people.")
    at = visit.now
    await visit.site.on_file(lambda: people.sign_in(holder.name, pin, at))
    await visit.record("hand over", [each.id for each in (holder, deputy) if each is not None])
    await visit.site.home.set_shift(holder.name, deputy.name if deputy else "")
    return holder
