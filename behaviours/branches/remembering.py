"""Keeping what is said, taking it back, and telling people what is known of them (care rules 8, 10, 16, 21)."""

from behaviours import memory
from behaviours.acts import Act, StoreFact
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from culture_profiles.fact import Fact


def learn(scene: Scene, heard: Heard) -> list[Act] | None:
    """Keep what was stated, if it may be kept; None also when there is nothing to say about it."""
    person, reading = heard.person, heard.reading
    if not reading.statements:
        return None
    if not heard.who.private:
        scene.turn.why.append("not kept: needs an identified, sole speaker")
        return None
    facts = [fact for each in reading.statements if (fact := memory.fact_of(each, person, scene.now)) is not None]
    if not facts or person.memory_refused_on == scene.day():
        scene.turn.why.append("not kept: refused today, or no value of its key")
        return None
    staffs = [each for each in facts if memory.is_staffs(each.key)]
    if staffs:
        stores: list[Act] = [StoreFact(each, "a safety entry: a question to staff") for each in staffs]
        return [*stores, *scene.say(person, "facts.staff", "ask_staff", must=True)]
    if not memory.may_keep(person, heard.who):
        scene.turn.why.append("not kept: no consent to remember")
        if person.not_kept_told:
            return None
        person.not_kept_told = True
        return scene.say(person, "facts.not_kept", "acknowledge")
    new = [each for each in facts if not memory.known_already(each, person)]
    if not new:
        scene.turn.why.append("known already: talked about, not learned again")
        return None
    if any(memory.is_sensitive(each.key) for each in new):
        person.pending = Pending("confirm", facts=tuple(new))
        return scene.say(person, "facts.confirm", "ask", must=True, values={"fact": _words(scene, person, new)})
    return keep(scene, person, new)


def keep(scene: Scene, person: Person, facts: list[Fact]) -> list[Act]:
    """Store facts and say so."""
    words = _words(scene, person, facts)
    person.stored = facts
    stores: list[Act] = []
    for fact in facts:
        stores.append(StoreFact(fact, "said by the identified, sole speaker"))
        if person.profile is not None:
            person.profile = person.profile.with_fact(fact)
    return [*stores, *scene.say(person, "facts.remember", "remember", must=True, values={"fact": words})]


def forget(scene: Scene, heard: Heard) -> list[Act]:
    """ "Forget that", "that's wrong": the facts named, else those stored last."""
    person, reading = heard.person, heard.reading
    if person.disclosed:
        return scene.say(person, "abuse.cannot_forget", "safeguard", must=True)
    if not heard.who.private:
        return scene.say(person, "know.not_private" if heard.who.person_id else "know.unknown", "decline", must=True)
    gone = memory.meant(reading, person) or person.stored
    if not gone:
        person.pending = Pending("which")
        return scene.say(person, "facts.which", "ask", must=True)
    return retract(scene, person, gone, wrong=reading.has("wrong") and not reading.has("forget"))


def retract(scene: Scene, person: Person, facts: list[Fact], *, wrong: bool = False) -> list[Act]:
    """Take facts back; those of staff become a question to them."""
    person.stored = []
    acts: list[Act] = []
    for fact in facts:
        gone = memory.retraction(fact, scene.now)
        acts.append(StoreFact(gone, "taken back by the person"))
        if person.profile is not None and not memory.is_staffs(fact.key):
            person.profile = person.profile.with_fact(gone)
    if all(memory.is_staffs(fact.key) for fact in facts):
        return [*acts, *scene.say(person, "facts.staff_only", "ask_staff", must=True)]
    values = {"fact": _words(scene, person, facts)}
    return [
        *acts,
        *scene.say(person, "facts.wrong" if wrong else "facts.retracted", "forget", must=True, values=values),
    ]


def tell_what_is_known(scene: Scene, heard: Heard) -> list[Act]:
    """ "What do you know about me?": told to the identified person alone, a few facts at a time."""
    if not heard.who.person_id:
        return scene.say(heard.person, "know.unknown", "decline", must=True)
    if not heard.who.private:
        return scene.say(heard.person, "know.not_private", "decline", must=True)
    return recite(scene, heard.person, 0)


def recite(scene: Scene, person: Person, begin: int) -> list[Act]:
    """Tell the facts from place `begin` on."""
    person.locale = person.locale or scene.preferred_locale(person)
    sentences = memory.recital(person, scene.speaker.book)
    if not sentences:
        return scene.say(person, "know.nothing", "recite", must=True)
    end = begin + memory.AT_A_TIME
    more = end < len(sentences)
    person.pending = Pending("know_more", text=str(end)) if more else Pending("which")
    intro = scene.speaker.phrase(person, "know.intro", must=True) if begin == 0 else None
    last = scene.speaker.phrase(person, "know.more" if more else "know.end", must=True)
    parts = [intro.text if intro else "", *sentences[begin:end], last.text if last else ""]
    text = " ".join(each for each in parts if each)
    why = "asked, private"
    return [scene.speaker.speak(person, text, person.locale, "recite", scene.now, why=why, plain=True)]


def _words(scene: Scene, person: Person, facts: list[Fact]) -> str:
    texts = (memory.telling(each, scene.speaker.book, person.locale) for each in facts)
    return memory.joined(text for text in texts if text)
