"""Being refused: today's refusal always wins, by words or by the profile (care rules 10, 11)."""

from behaviours.acts import Act, Hush, RememberState, StandStill
from behaviours.person import Person, Refusal
from behaviours.scene import CONVERSATION, Heard, Scene
from behaviours.understanding.reading import Reading
from culture_profiles.consent import Purpose, consent
from culture_profiles.state_of_life import Life

STILL_HEARD = ("emergency", "self_harm", "abuse", "pain")
_AS = {"sharing": "memory", "withdrawn": "memory"}
"""Refusals that are kept by keeping nothing: what is not kept is not shared either."""
_LIFTS_REFUSAL = ("come_here", "greet")
_NOT_AN_INVITATION = frozenset({"yes", "no", "thanks", "goodbye", "again", "love", "quieter", "faster", "entertain"})


def no_consent(scene: Scene, heard: Heard) -> list[Act] | None:
    """Who has not consented to talk is answered only in need."""
    if heard.reading.safety.name in STILL_HEARD or consent(heard.person.profile, Purpose.TALK, scene.day()).allowed:
        return None
    return scene.silent("no consent to talk")


def not_now(scene: Scene, heard: Heard) -> list[Act] | None:
    """While somebody cares for the person, and after a death, the robot keeps silent (care rule 23)."""
    profile = heard.person.profile
    if profile is None or heard.reading.safety.name in STILL_HEARD or Life.of(profile, scene.day()).may_be_answered:
        return None
    return scene.silent("the state of life forbids it")


def left_alone(scene: Scene, heard: Heard) -> list[Act] | None:
    """Who asked to be left alone is, unless in need or asking for something."""
    kind = scene.refused(heard.person)
    if not kind or heard.reading.safety.name in STILL_HEARD or _invited(heard.person, heard.reading):
        return None
    scene.turn.why.append(f"refused: {kind}")
    return scene.silent("asked not to be spoken to")


def refusal(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "Stop", "go away", "not today", "don't listen": done at once and for as long as was asked."""
    safety = heard.reading.safety
    return refuse(scene, heard.person, safety.why) if safety.name == "consent" else None


def refuse(scene: Scene, person: Person, why: str) -> list[Act]:
    """Take a refusal, known by the pattern that heard it."""
    kind = why.split(" ")[0].rstrip(":").removeprefix("refuse.").removeprefix("like.consent.")
    kind = _AS.get(kind, kind)
    person.pending = None
    if kind not in ("camera", "memory"):
        scene.follows = False
    if kind == "stop":
        return [Hush(), StandStill(), *scene.say(person, "stop", "stop", plain=True)]
    if kind == "camera":
        person.camera_refused_on = scene.day()
        return [RememberState(), *scene.say(person, "refuse.camera", "refusal")]
    if kind == "memory":
        person.memory_refused_on = scene.day()
        return [RememberState(), *scene.say(person, "refuse.memory", "refusal")]
    until = scene.tomorrow() if kind in ("today", "listening") else scene.now + scene.settings.refusal_lasts
    person.refusal = Refusal(kind, until)
    scene.floor.release(CONVERSATION)
    person.topic = ""
    said = scene.say(person, f"refuse.{kind}", "refusal", must=True, plain=True)
    return [Hush(), StandStill(), *said, RememberState()]


def _invited(person: Person, reading: Reading) -> bool:
    """Whether the words ask the robot for something, which a refusal of talk does not forbid to answer."""
    assert person.refusal is not None
    if reading.safety.name == "consent" or person.refusal.kind == "listening":
        return False
    if reading.has(*_LIFTS_REFUSAL):
        person.refusal = None
        return True
    asked = [each for each in reading.intents if each not in _NOT_AN_INVITATION]
    if not asked and not reading.is_question and reading.safety.name == "none":
        return False
    if person.refusal.kind == "now":
        person.refusal = None
    return True
