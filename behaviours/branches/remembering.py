"""Keeping what is said, taking it back, and telling people what is known of them (care rules 8, 10, 16, 21)."""

from collections.abc import Sequence
from datetime import date

from behaviours import memory
from behaviours.acts import Act, AlertLevel, RememberState, StoreFact
from behaviours.conversation import stories
from behaviours.conversation.wording import sentences
from behaviours.hearsay import hearsay_facts
from behaviours.ownership import avoiding, forgetting, provenance
from behaviours.ownership.meaning import meant
from behaviours.ownership.reply import Reply
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from behaviours.understanding.reading import Statement
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile

_INTO_A_TOPIC = 1
"""Turns on a topic before anything told in it is asked to be kept."""


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
    if not memory.may_keep(person, heard.who, scene.day()):
        scene.turn.why.append("not kept: no consent to remember")
        if person.not_kept_told:
            return None
        person.not_kept_told = True
        return scene.say(person, "facts.not_kept", "acknowledge")
    if memory.contradict(facts):
        scene.turn.why.append("not kept: both the one and its opposite were said")
        return scene.say(person, "facts.both", "ask", must=True)
    new = [each for each in facts if not memory.known_already(each, person)]
    if not new:
        scene.turn.why.append("known already: talked about, not learned again")
        return None
    if any(memory.is_sensitive(each.key) for each in new):
        person.pending = Pending("confirm", facts=tuple(new))
        return scene.say(person, "facts.confirm", "ask", must=True, values={"fact": _words(scene, person, new)})
    return keep(scene, person, new)


def offer_to_keep(scene: Scene, heard: Heard) -> list[Act]:
    """Something told of a life may be worth keeping: the person is asked, at most twice a day."""
    person, state = heard.person, heard.person.talk
    scene.talk.follow(person, heard.reading)
    if state.stories_on != scene.day():
        state.stories, state.stories_on = 0, scene.day()
    if state.stories >= stories.A_DAY or person.topic_turns < _INTO_A_TOPIC or person.pending is not None:
        return []
    said = stories.worth_keeping(person, heard.who, heard.reading)
    frames = sentences(heard.reading.language, "keep_story") if said else ()
    told = stories.in_words(said, heard.reading.language)
    text = scene.speaker.choose(person, [each.format(told=told) for each in frames], {})
    fact = memory.fact_of(Statement(stories.KEY, said, "told"), person, scene.now) if text else None
    if fact is None:
        return []
    state.stories += 1
    person.pending = Pending("confirm", facts=(fact,))
    return [scene.speaker.speak(person, text, person.locale, "ask", scene.now, why="worth keeping", plain=True)]


def offer_no_more(person: Person, today: date) -> None:
    """A no to keeping something is a no to being asked about it for that day (care rule 17)."""
    person.talk.stories, person.talk.stories_on = stories.A_DAY, today


def hear_of_others(scene: Scene, heard: Heard) -> list[Act] | None:
    """Keep what is said of deaths, visits and whereabouts as said on this day; nothing is said about it here."""
    person = heard.person
    if person.profile is None or not _may_keep(scene, heard):
        return None
    facts = hearsay_facts(person.profile, heard.reading, scene.now, scene.day())
    for fact in facts:
        person.profile = person.profile.with_fact(fact)
    return [StoreFact(fact, "said of others: never as truth") for fact in facts]


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
    """ "Forget that", "that's wrong": the facts named, else those spoken of last."""
    person, reading, profile = heard.person, heard.reading, heard.person.profile
    if person.disclosed:
        return scene.say(person, "abuse.cannot_forget", "safeguard", must=True)
    if profile is None or not heard.who.private:
        return scene.say(person, "know.not_private" if heard.who.person_id else "know.unknown", "decline", must=True)
    if reading.has("forget") or not reading.has("wrong"):
        return retract(scene, person, meant(profile, reading.normalised, person.stored))
    facts = (memory.fact_of(each, person, scene.now) for each in reading.statements)
    # What is sensitive is confirmed by the person before it is kept.
    stated = [fact for fact in facts if fact is not None and not memory.is_sensitive(fact.key)]
    stated = stated if _may_keep(scene, heard) else []
    # What the words say instead is no name of what was wrong.
    known = meant(profile, "" if stated else reading.normalised, person.stored)
    return _carry_out(scene, person, forgetting.wrong(profile, known, stated, scene.now))


def retract(scene: Scene, person: Person, facts: Sequence[Fact]) -> list[Act]:
    """Take facts back; those of staff become a question to them."""
    assert person.profile is not None
    return _carry_out(scene, person, forgetting.forget(person.profile, facts, scene.now))


def who_told(scene: Scene, heard: Heard) -> list[Act]:
    """ "Who told you that?" """
    person, profile = heard.person, heard.person.profile
    if profile is None or not heard.who.private:
        return scene.say(person, "know.who_told", "inform", must=True)
    told = meant(profile, heard.reading.normalised, person.stored)
    return _carry_out(scene, person, provenance.who_told(profile, told))


def do_not_mention(scene: Scene, heard: Heard) -> list[Act]:
    """ "Don't talk about that again": the subject named, else what was spoken of last."""
    named = [each.value for each in heard.reading.statements if each.key == avoiding.KEY]
    return close_subjects(scene, heard, named)


def close_subjects(scene: Scene, heard: Heard, named: Sequence[str]) -> list[Act]:
    """Never raise these again; none named: what was spoken of last."""
    person = heard.person
    profile = person.profile or Profile(person.id or "unknown")
    told = meant(profile, "", person.stored) if heard.who.private else ()
    may_keep = _may_keep(scene, heard)
    reply = avoiding.do_not_mention(profile, named, told, person.topic, scene.now, may_keep=may_keep)
    person.topic = ""
    return _carry_out(scene, person, reply)


def _may_keep(scene: Scene, heard: Heard) -> bool:
    refused_today = heard.person.memory_refused_on == scene.day()
    return not refused_today and memory.may_keep(heard.person, heard.who, scene.day())


def _carry_out(scene: Scene, person: Person, reply: Reply) -> list[Act]:
    if person.profile is not None:
        person.profile = reply.applied(person.profile)
    person.stored = list(reply.about)
    person.pending = Pending(reply.question) if reply.question else person.pending
    scene.turn.why.append(reply.why)
    acts: list[Act] = [StoreFact(fact, reply.why) for fact in reply.store]
    if reply.ask_staff:
        alert, _ = scene.calls.raise_("question", AlertLevel.INFORM, person.id, reply.why, scene.now)
        acts += [alert, RememberState()]
    values = {"fact": _words(scene, person, list(reply.about)), "name": reply.name}
    return [*acts, *scene.say(person, reply.phrase, reply.act, must=True, values=values)]


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
    known = memory.recital(person, scene.speaker.book)
    if not known:
        return scene.say(person, "know.nothing", "recite", must=True)
    end = begin + memory.AT_A_TIME
    more = end < len(known)
    if len(known) == 1:  # of several, "forget that" could mean any
        person.stored = [known[0][0]]
    person.pending = Pending("know_more", text=str(end)) if more else Pending("which")
    intro = scene.speaker.phrase(person, "know.intro", must=True) if begin == 0 else None
    last = scene.speaker.phrase(person, "know.more" if more else "know.end", must=True)
    parts = [intro.text if intro else "", *(sentence for _, sentence in known[begin:end]), last.text if last else ""]
    text = " ".join(each for each in parts if each)
    why = "asked, private"
    return [scene.speaker.speak(person, text, person.locale, "recite", scene.now, why=why, plain=True)]


def _words(scene: Scene, person: Person, facts: list[Fact]) -> str:
    texts = (memory.telling(each, scene.speaker.book, person.locale) for each in facts)
    return memory.joined(text for text in texts if text)
