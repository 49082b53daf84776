"""Going to people, and standing still: where the robot may go and when, and what it says when it may not move.

By night it goes into nobody's room unless called (care rule 20); what a state of life forbids, it does not do (care
rule 23); a hand raised against it is a refusal like any other (care rule 11).
"""

from dataclasses import replace
from datetime import timedelta

from behaviours.acts import Act, Approach, StandStill
from behaviours.branches import refusing
from behaviours.conversation import heard as words
from behaviours.floor import Priority
from behaviours.person import Person
from behaviours.scene import CONVERSATION, Heard, Scene
from culture_profiles.state_of_life import Life, StateOfLife

_SAY_AGAIN_AFTER = timedelta(minutes=10)
_ONE_HAND = timedelta(seconds=2)  # safety and the mind feel it at nearly the same time
_STOPPED, _BUMPED, _BATTERY, _CANNOT = "moving.stopped", "moving.bumped", "moving.battery", "moving.cannot"
_PHRASES = {
    "stopped": _STOPPED,
    "button": _STOPPED,
    "touched": _STOPPED,
    "bumper": _BUMPED,
    "battery": _BATTERY,
    "cliff": _CANNOT,
    "lidar": _CANNOT,
}
"""What is said of each cause of SafetyState."""
_BY_HAND = ("stopped", "button")


def come_to(scene: Scene, person: Person, *, called: bool) -> Approach | None:
    """How to go to somebody now; None: not at all. `called`: they, or staff, have asked for the robot."""
    profile = person.profile
    if profile is None:
        # Nothing is known of them yet: near, but into no room of theirs.
        return Approach(person.id, may_enter_private=called)
    life = Life.of(profile, scene.day())
    if not life.robot_may_enter or life.care_in_progress:
        return None
    invited = life.state is not StateOfLife.END_OF_LIFE or called
    if not invited or (scene.refused(person) and not called):
        return None
    enters = profile.value("room.enter") or "yes"
    return Approach(
        person.id,
        distance_m=scene.acquaintance.approach(person, scene.day()).distance_m,
        side=person.stated("approach.side") or "",
        may_enter_private=called or (enters == "yes" and not scene.is_night()),
    )


def called_by(scene: Scene, heard: Heard) -> list[Act]:
    """ "Come here": it comes, if it knows who calls and may."""
    if not heard.person.id:
        return []
    approach = come_to(scene, heard.person, called=True)
    return [] if approach is None else [approach]


def come_along(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "Come with me": it goes along with whom it knows, until told to stay or the talk ends."""
    said = heard.reading.normalised
    if scene.follows and words.says(said, "stays"):
        return [*stays(scene), *scene.say(heard.person, "stop", "stop", plain=True)]
    if not heard.person.id or not words.says(said, "follow"):
        return None
    approach = come_to(scene, heard.person, called=True)
    if approach is None:
        return None
    scene.follows = True
    told = scene.say(heard.person, "moving.follows", "follow", must=True, plain=True)
    return [replace(approach, follow=True), *told]


def stays(scene: Scene) -> list[Act]:
    """It goes along with nobody any more."""
    followed, scene.follows = scene.follows, False
    return [StandStill()] if followed else []


def halted(scene: Scene, cause: str) -> list[Act]:
    """The robot may not move any more: it says so, once, to whoever is there; by night only to who talks with it."""
    if cause == "touched" and _just_answered_a_hand(scene):
        return []
    key = _PHRASES.get(cause, _CANNOT)
    last = scene.said_of_moving.get(key)
    if last is not None and timedelta() <= scene.now - last < _SAY_AGAIN_AFTER:
        return []
    return _say(scene, key, Priority.SAFETY if cause not in _BY_HAND else Priority.CONVERSATION)


def _just_answered_a_hand(scene: Scene) -> bool:
    """The hand on its head was also a "stop" to its words, and has its answer."""
    heard = [each.heard_at for each in scene.people.values() if each.heard_at is not None]
    return scene.turn.act == "stop" and bool(heard) and scene.now - max(heard) < _ONE_HAND


def waits(scene: Scene) -> list[Act]:
    """Somebody is in the way: the robot says that it waits. It asks nobody to move (care rule 20)."""
    return _say(scene, "moving.waits", Priority.CONVERSATION)


def gives_up(scene: Scene) -> list[Act]:
    """It has waited long enough, and stays where it is: whoever called knows, and can call again."""
    scene.follows = False
    return _say(scene, "moving.gives_up", Priority.CONVERSATION)


def uneasy(scene: Scene, person: Person) -> list[Act]:
    """A raised hand or a step back: the robot stays away for as long as if it had been told to."""
    return [StandStill(), *refusing.refuse(scene, person, "refuse.now")]


def _say(scene: Scene, key: str, priority: Priority) -> list[Act]:
    holder = scene.floor.holder
    talks = scene.floor.holds(CONVERSATION)
    if (scene.is_night() and not talks) or scene.floor.priority > priority:
        return []
    person = scene.person(holder.person_id if holder is not None and talks else "")
    scene.said_of_moving[key] = scene.now
    return scene.say(person, key, "moving", must=True, priority=priority, plain=True)
