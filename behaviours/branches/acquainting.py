"""Getting to know a person: one question a conversation, a gesture and a wish that they said they like (rule 13)."""

from behaviours import memory
from behaviours.acts import Act, Gesture, RememberState, StoreFact
from behaviours.identity import Who
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from culture_profiles.fact import Source, Status, make_fact

PENDING = "preference"
"""The kind of pending question whose text is the preference that it asks about."""
_A_DAY = 2


def greeting_signs(scene: Scene, person: Person) -> list[Act]:
    """The gesture that goes with a greeting: a nod, unless the person said what they like or do not want."""
    gesture = scene.acquaintance.approach(person, scene.day()).gesture
    return [] if gesture == "none" else [Gesture(gesture)]


def wish(scene: Scene, person: Person) -> list[Act]:
    """Good wishes on a day that the person said they keep, once."""
    festival = scene.acquaintance.approach(person, scene.day()).wish
    locale = person.locale or scene.preferred_locale(person)
    if festival is None or person.wished_on == scene.day() or not scene.speaker.book.has("greet.wish", locale):
        return []
    person.wished_on = scene.day()
    name = festival.local_name.get(locale.split("_")[0], festival.name)
    return scene.say(person, "greet.wish", "greet", plain=True, values={"festival": name})


def ask(scene: Scene, person: Person, who: Who) -> list[Act]:
    """The question that tells most about this person; at most two a day, and only where the answer may be kept."""
    if not who.private or not person.locale or not _has_room(scene, person):
        return []
    if not memory.may_keep(person, who, scene.day()):
        return []
    question = scene.acquaintance.question(person, person.locale.split("_")[0])
    if question is None:
        return []
    person.asked[question.preference] = scene.day()
    person.pending = Pending(PENDING, text=question.preference)
    why = f"worth asking: {question.preference}, {question.bits:.2f} bits"
    said = scene.speaker.speak(person, question.text, person.locale, "ask", scene.now, why=why, plain=True)
    return [said, RememberState()]


def answered(scene: Scene, heard: Heard, preference: str, *, yes: bool) -> list[Act]:
    """A yes or no to such a question is kept as the person's own word."""
    person = heard.person
    acknowledged = scene.say(person, "after_yes" if yes else "after_no", "acknowledge", otherwise="acknowledge")
    if not memory.may_keep(person, heard.who, scene.day()):
        return acknowledged
    fact = make_fact(
        resident_id=person.id,
        key=preference,
        value="yes" if yes else "no",
        source=Source.RESIDENT,
        status=Status.STATED,
        who=person.id,
        when=scene.now,
    )
    if person.profile is not None:
        person.profile = person.profile.with_fact(fact)
    person.stored = [fact]
    return [StoreFact(fact, "answered when asked"), *acknowledged]


def _has_room(scene: Scene, person: Person) -> bool:
    return sum(day == scene.day() for day in person.asked.values()) < _A_DAY
