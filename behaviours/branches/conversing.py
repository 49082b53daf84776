"""Ordinary talk: greeting, answers to the robot's own questions, politeness, topics, and endings."""

from datetime import datetime

from behaviours import memory
from behaviours.acts import Act, AlertLevel, Gesture, RememberState
from behaviours.branches import acquainting, adapting, calling, moving, playing, remembering
from behaviours.conversation import heard as words
from behaviours.conversation.said import THREAD, TOPIC, Said
from behaviours.conversation.wording import sentences
from behaviours.ownership import avoiding
from behaviours.person import Pending, Person
from behaviours.scene import CONVERSATION, Heard, Scene
from culture_profiles.consent import Purpose, consent
from culture_profiles.state_of_life import Life

_JUST_GREETED_S = 120.0
_TOPICS_PER_OFFER = 3
_NO_SUBJECT = ("yes", "no", "know_about_me", "who_told", "forget", "wrong", "who_are_you", "call_carer", "call_family")
_AN_ANSWER = 6  # words


def takes_floor(scene: Scene, heard: Heard) -> None:
    """Whoever speaks has the conversation now."""
    scene.take_conversation(heard.person)


def first_greeting(scene: Scene, heard: Heard) -> list[Act] | None:
    """A greeting before the first answer, in the language and form that were stated; none twice in an hour."""
    if heard.reading.has("goodbye") or _greeted_lately(scene, heard.person):
        return None
    if heard.person.talk.tender > 0:
        heard.person.greeted_at = scene.now  # after words of loss "Good morning" comes too late
        return None
    return _greet(scene, heard.person)


def ending(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "That will do for today": whatever way a talk is ended in, one turn ends it (care rule 17)."""
    return goodbye(scene, heard) if words.ends(heard.reading.normalised) else None


def answer_to_question(scene: Scene, heard: Heard) -> list[Act] | None:
    """The answer to the robot's own question; None: the person spoke of something else."""
    pending, heard.person.pending = heard.person.pending, None
    normalised = heard.reading.normalised
    declines = words.declines(normalised) or (heard.reading.has("no") and heard.reading.has("thanks"))
    if pending is None:
        return _leave_topic(scene, heard, heard.person.topic) if declines and heard.person.topic else None
    if pending.kind == "confirm" and (declines or heard.reading.has("no")):
        remembering.offer_no_more(heard.person, scene.day())
    if pending.kind == adapting.AIDS:
        return adapting.aids(scene, heard, pending)
    if declines:
        return _declined(scene, heard, pending)
    if pending.kind == "how":
        return _how_they_are(scene, heard)
    if pending.kind == TOPIC and not heard.reading.has("no"):
        return None  # told something, or a yes to go on from: the talk about it goes on
    if pending.kind == "which":
        return _which(scene, heard)
    if pending.kind == "avoid" and _names_a_subject(heard):
        named = [each.value for each in heard.reading.statements if each.key == avoiding.KEY]
        return remembering.close_subjects(scene, heard, named or [heard.reading.text.strip(" .!,。")])
    agreed = heard.reading.has("yes") or (pending.kind == playing.OFFER and words.says(normalised, "another"))
    if not agreed and not heard.reading.has("no"):
        return None
    if pending.kind == "confirm" and len(normalised.split()) > _AN_ANSWER:
        return None  # a yes in passing keeps nothing
    return _yes_or_no(scene, heard, pending, agreed=agreed)


def _names_a_subject(heard: Heard) -> bool:
    """Whether the answer to "what would you rather not talk about?" is one, not something else that is asked for."""
    reading = heard.reading
    return bool(reading.normalised) and not reading.is_question and not reading.has(*_NO_SUBJECT)


def thanks(scene: Scene, heard: Heard) -> list[Act]:
    """Thanks are taken."""
    return scene.say(heard.person, "thanks", "acknowledge", must=True)


def how_are_you(scene: Scene, heard: Heard) -> list[Act]:
    """Asked how it is, a machine says so, and asks back."""
    heard.person.pending = Pending("how")
    heard.person.talk.how_on = scene.day()
    return scene.say(heard.person, "how_are_you", "acknowledge", otherwise="open_question")


def greeted(scene: Scene, heard: Heard) -> list[Act] | None:
    """A greeting is returned; with a topic in it, the topic is answered."""
    person = heard.person
    if heard.reading.topic or person.talk.tender > 0:
        return None  # after words of loss "a good man" is no good day
    if person.greeted_at is not None and (scene.now - person.greeted_at).total_seconds() < _JUST_GREETED_S:
        return _ask_something(scene, heard)
    return [*scene.say(person, "greet.again", "greet"), *_ask_something(scene, heard)]


def yes_or_no(scene: Scene, heard: Heard) -> list[Act] | None:
    """A yes or no to nothing in particular."""
    person = heard.person
    if heard.reading.topic or not heard.reading.has("yes", "no"):
        return None
    if person.topic and not (heard.reading.has("no") and scene.talk.says_no(person)):
        return chat(scene, heard)
    if person.topic:
        return _leave_topic(scene, heard, person.topic)
    key = "after_yes" if heard.reading.has("yes") else "after_no"
    return scene.say(heard.person, key, "acknowledge", otherwise="acknowledge")


def chat(scene: Scene, heard: Heard) -> list[Act]:
    """Whatever else was said: follow it, or listen."""
    person = heard.person
    playing.left_alone(person)
    if words.puts_off(heard.reading.normalised) and (later := _puts_off(scene, heard)):
        return later
    if words.says(heard.reading.normalised, "lets_go"):
        return scene.say(person, "after_no", "acknowledge", otherwise="acknowledge")
    if (reaction := playing.reaction(scene, heard)) is not None:
        return reaction
    if story := remembering.offer_to_keep(scene, heard):
        return story
    said = scene.talk.reply(person, heard.who, heard.reading, scene.local())
    if said.pending is not None and said.pending.kind == TOPIC and (offer := _offer(scene, heard)):
        return offer  # between two topics there is room for something else
    return _speak(scene, person, said)


def come_here(scene: Scene, heard: Heard) -> list[Act]:
    """Called: it comes if that was asked, and listens."""
    said = scene.say(heard.person, "offer_listen", "listen", otherwise="acknowledge")
    if words.says(heard.reading.normalised, "come"):
        return [*moving.called_by(scene, heard), *said]
    return [*moving.called_by(scene, heard), *said, *_ask_something(scene, heard)]


def goodbye(scene: Scene, heard: Heard) -> list[Act]:
    """An ending is honoured in one turn (care rule 17)."""
    night = any(each in heard.reading.normalised for each in ("night", "bed", "sleep", "dobranoc", "おやすみ"))
    scene.end_conversation(heard.person)
    said = scene.say(heard.person, "goodnight" if night else "goodbye", "close", must=True, plain=True)
    return [*moving.stays(scene), *said]


def fades(scene: Scene) -> list[Act] | None:
    """A conversation in which nobody has spoken for a while is over; nothing is said about it."""
    holder, at = scene.floor.holder, fades_at(scene)
    if holder is not None and at is not None and scene.now >= at:
        scene.end_conversation(scene.person(holder.person_id))
    return None


def fades_at(scene: Scene) -> datetime | None:
    """When the open conversation is over unless somebody speaks; None: there is none."""
    holder = scene.floor.holder
    if holder is None or holder.name != CONVERSATION:
        return None
    return (scene.person(holder.person_id).heard_at or scene.now) + scene.settings.conversation_ends_after


def goes_on(scene: Scene) -> bool:
    """Whether a conversation is open."""
    return scene.floor.holds(CONVERSATION)


def greet_newcomer(scene: Scene) -> list[Act] | None:
    """Greet somebody who has come and has not spoken: by day, once, and never against a refusal (care rule 20)."""
    if scene.floor.holder is not None or scene.is_night() or scene.quiet:
        return None
    for person in scene.people.values():
        if person.met_at is None or scene.now - person.met_at < scene.greet_after:
            continue
        if may_greet(scene, person):
            scene.turn_to(person)
            scene.take_conversation(person)
            person.heard_at = scene.now
            return _greet(scene, person)
    return None


def may_greet(scene: Scene, person: Person) -> bool:
    """Whether the robot may speak first to this person now."""
    profile = person.profile
    if not person.id or profile is None or scene.refused(person) or _greeted_lately(scene, person):
        return False
    today = scene.day()
    return Life.of(profile, today).may_be_prompted and consent(profile, Purpose.TALK, today).allowed


def _greet(scene: Scene, person: Person) -> list[Act]:
    person.greeted_at = scene.now
    stated = person.stated("language.greeting")
    locale = scene.speaker.book.locale_for(stated) if stated else person.locale or scene.preferred_locale(person)
    hour = scene.local().hour
    key = "greet.morning" if 4 <= hour < 12 else "greet.afternoon" if 12 <= hour < 18 else "greet.evening"
    phrase = scene.speaker.phrase(person, key, locale, must=True)
    assert phrase is not None
    why = f"greeting language stated: {stated}" if stated else "neutral greeting: none stated"
    said = scene.speaker.speak(person, phrase.text, phrase.locale, "greet", scene.now, why=why, plain=True)
    signs = acquainting.greeting_signs(scene, person)
    return [said, *signs, *acquainting.wish(scene, person), RememberState()]


def _greeted_lately(scene: Scene, person: Person) -> bool:
    last = person.greeted_at
    return last is not None and 0 <= (scene.now - last) / scene.settings.greet_again_after < 1


def _ask_something(scene: Scene, heard: Heard) -> list[Act]:
    person = heard.person
    if person.talk.how_on != scene.day() and (said := scene.talk.how(person)) is not None:
        person.talk.how_on = scene.day()
        return _speak(scene, person, said, plain=True)
    return _begin_something(scene, heard)


def _how_they_are(scene: Scene, heard: Heard) -> list[Act] | None:
    """The answer to "How are you?": taken as it is, and on from there; None: it is a tale of its own."""
    person, reading = heard.person, heard.reading
    well = words.says(reading.normalised, "well")
    bad = "bad" in reading.answers and not well
    good = well or "good" in reading.answers or reading.has("yes", "thanks")
    if (reading.is_question and not reading.has("how_are_you")) or not (good or bad) or (reading.topic and not well):
        return None
    kind = "how_bad" if bad else "how_good"
    text = scene.speaker.choose(person, sentences(reading.language, kind), {})
    taken = _speak(scene, person, Said(text, person.locale, "acknowledge", kind)) if text else []
    if bad:
        return taken or scene.say(person, "distress", "comfort", otherwise="acknowledge")
    return [*taken, *_begin_something(scene, heard)] or None


def _begin_something(scene: Scene, heard: Heard) -> list[Act]:
    if heard.person.talk.tender == 0 and (acts := acquainting.ask(scene, heard.person, heard.who)):
        return acts
    said = scene.talk.opening(heard.person, heard.who, scene.local())
    return _speak(scene, heard.person, said, plain=True) if said.text else []


def _speak(scene: Scene, person: Person, said: Said, *, plain: bool = False) -> list[Act]:
    scene.turn.topic = person.topic
    if not said.text:
        scene.turn.act = "listen"
        return [Gesture("nod")]
    person.pending = said.pending or person.pending
    return [scene.speaker.speak(person, said.text, said.locale, said.act, scene.now, why=said.why, plain=plain)]


def _offer(scene: Scene, heard: Heard) -> list[Act]:
    """Now and then, instead of a new topic: a question about the person's tastes."""
    person = heard.person
    if person.talk.changes % _TOPICS_PER_OFFER:
        return []
    if person.talk.changes % (2 * _TOPICS_PER_OFFER) == 0 and (game := playing.offer(scene, heard)):
        return game
    return acquainting.ask(scene, person, heard.who)


def _declined(scene: Scene, heard: Heard, pending: Pending) -> list[Act]:
    """What was offered or begun is left for today, in one turn and with no new offer in it."""
    if pending.kind in (TOPIC, THREAD):
        return _leave_topic(scene, heard, pending.text)
    if pending.kind == acquainting.PENDING:
        return scene.say(heard.person, "after_no", "acknowledge", otherwise="acknowledge")
    return _yes_or_no(scene, heard, pending, agreed=False)


def _leave_topic(scene: Scene, heard: Heard, topic: str) -> list[Act]:
    person = heard.person
    title = scene.talk.title(person, topic)
    scene.talk.no_more(person, topic)
    values = {"topic": title}
    frames = sentences(person.locale.split("_")[0], "moved_on") if title else ()
    text = scene.speaker.choose(person, [each.format(**values) for each in frames], {})
    if text:
        return [scene.speaker.speak(person, text, person.locale, "acknowledge", scene.now, why=f"declined {topic}")]
    return scene.say(person, "after_no", "acknowledge", otherwise="acknowledge")


def _puts_off(scene: Scene, heard: Heard) -> list[Act]:
    """ "I'll tell you about it tomorrow": the topic is kept for another day."""
    person = heard.person
    topic = heard.reading.topic or person.topic
    text = scene.speaker.choose(person, sentences(person.locale.split("_")[0], "put_off"), {})
    if not topic or not text:
        return []
    person.talk.leave(topic, scene.day())
    person.topic, person.topic_turns = "", 0
    return [scene.speaker.speak(person, text, person.locale, "acknowledge", scene.now, why=f"kept for later: {topic}")]


def _which(scene: Scene, heard: Heard) -> list[Act] | None:
    person, reading = heard.person, heard.reading
    if reading.has("yes", "thanks"):
        return scene.say(person, "after_yes", "acknowledge", otherwise="acknowledge")
    found = memory.meant(reading, person) if heard.who.private else []
    if found and (reading.has("forget", "wrong", "no") or not reading.statements):
        return remembering.retract(scene, person, found)
    return scene.say(person, "facts.which", "ask") if reading.has("no", "wrong") else None


def _yes_or_no(scene: Scene, heard: Heard, pending: Pending, *, agreed: bool) -> list[Act]:
    person = heard.person
    match pending.kind:
        case "nurse" | "carer" | "visit":
            if not agreed:
                return scene.say(person, "call_offer_declined", "acknowledge", otherwise="after_no")
            alert, _ = scene.calls.raise_(
                pending.kind, AlertLevel.ATTEND, person.id, "said yes to the offer", scene.now
            )
            return [alert, *scene.say(person, "nurse_asked", "call", must=True), RememberState()]
        case "safe":
            if agreed:
                return scene.say(person, "abuse.safe", "safeguard", must=True)
            why = "says they are not safe"
            return calling.alarm(scene, person, "emergency", AlertLevel.EMERGENCY, "emergency.calling", why)
        case "confirm" if agreed and memory.may_keep(person, heard.who, scene.day()):
            return remembering.keep(scene, person, list(pending.facts))
        case "know_more" if agreed and heard.who.private:
            return remembering.recite(scene, person, int(pending.text))
        case "topic":
            return _leave_topic(scene, heard, pending.text)
        case "thread":
            if not agreed:
                return _leave_topic(scene, heard, pending.text)
            scene.talk.enter(person, pending.text)
            return scene.say(person, "offer_listen", "listen", otherwise="acknowledge")
        case playing.OFFER:
            if agreed:
                return playing.begin(scene, person, pending.text) or scene.say(person, "after_yes", "acknowledge")
            person.talk.declined[pending.text] = scene.day()
            return scene.say(person, "after_no", "acknowledge", otherwise="acknowledge")
        case acquainting.PENDING:
            return acquainting.answered(scene, heard, pending.text, yes=agreed)
        case "heard" if not agreed:
            return scene.say(person, "repair.again", "repair", must=True)
        case _:
            return scene.say(person, "after_no", "acknowledge", otherwise="acknowledge")
