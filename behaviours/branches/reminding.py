"""Giving a reminder: the prompt, the answer, and the end of it in exactly one outcome (care rules 6, 7)."""

from datetime import datetime, timedelta

from behaviours import reminding
from behaviours.acts import Act, Hush, Outcome, ReminderOutcome, ReminderPrompted, Speak
from behaviours.branches import playing, refusing
from behaviours.floor import Activity, Priority
from behaviours.identity import Who
from behaviours.person import Person
from behaviours.reminding import Giving, Reminder
from behaviours.scene import CONVERSATION, Heard, Scene

_STAFF_LINES = {Outcome.HINT_TAKEN: "hinted that it was taken: please look"}
_DONE_ALREADY = "says that it was done already"
_MOST_QUESTIONS = 2


def begin(scene: Scene, reminder: Reminder, who: Who) -> list[Act]:
    """Give one reminder, if it may be given now."""
    person = scene.person(reminder.resident_id)
    if who.person_id != reminder.resident_id:
        return [ReminderOutcome(reminder.occurrence_id, Outcome.ABSENT, "not here")]
    if scene.quiet:
        return [ReminderOutcome(reminder.occurrence_id, Outcome.INTERRUPTED, "staff asked the robot to be quiet")]
    if forbidden := reminding.hindrance(reminder, person, scene.now, scene.local().date()):
        return [ReminderOutcome(reminder.occurrence_id, forbidden[0], forbidden[1])]
    if scene.giving is not None or scene.calls.emergency():
        return [ReminderOutcome(reminder.occurrence_id, Outcome.INTERRUPTED, "something more urgent")]
    taken = scene.floor.take(Activity(_name(reminder), Priority.REMINDER, person.id, resumable=False))
    if not taken.granted:
        return [ReminderOutcome(reminder.occurrence_id, Outcome.INTERRUPTED, "something more urgent")]
    scene.giving = Giving(reminder)
    person.pending = None
    prompt = _prompt(scene, person, who, reminder, excuse=taken.interrupted is not None)
    scene.giving.utterance_id = prompt.id
    return [prompt]


def sounded(scene: Scene, utterance_id: str, *, finished: bool) -> list[Act]:
    """An utterance has ended: if it was a prompt, listening for the answer begins."""
    giving = scene.giving
    if giving is None or giving.utterance_id != utterance_id:
        return []
    giving.listen_until = _within_lease(giving, scene.now + scene.settings.answer_window)
    if giving.prompted or not finished:
        return []
    giving.prompted = True
    return [ReminderPrompted(giving.reminder.occurrence_id)]


def still_speaking(scene: Scene) -> None:
    """Somebody speaks: the answer is not over yet."""
    giving = scene.giving
    if giving is not None and giving.listen_until is not None:
        longer = _within_lease(giving, scene.now + scene.settings.answer_window / 2)
        giving.listen_until = max(giving.listen_until, longer)


def take_back(scene: Scene, occurrence_id: str) -> list[Act]:
    """Whoever asked for this reminder takes it back."""
    giving = scene.giving
    if giving is None or giving.reminder.occurrence_id != occurrence_id:
        return []
    return [Hush(), *end(scene, Outcome.INTERRUPTED, "taken back", resume=False)]


def fall_silent(scene: Scene, person: Person) -> list[Act]:
    """A resident has died: a reminder of theirs ends, and nothing is said of it (care rule 23)."""
    giving = scene.giving
    if giving is None or giving.reminder.resident_id != person.id:
        return []
    scene.giving = None
    scene.floor.release(_name(giving.reminder))
    return [ReminderOutcome(giving.reminder.occurrence_id, Outcome.ABSENT, "the state of life forbids it")]


def answered(scene: Scene, heard: Heard) -> list[Act] | None:
    """What the person whose reminder it is says to it."""
    giving = scene.giving
    if giving is None or giving.reminder.resident_id != heard.person.id:
        return None
    person, reading, reminder = heard.person, heard.reading, giving.reminder
    if reading.safety.name == "consent":
        acts = refusing.refuse(scene, person, reading.safety.why)
        return [*acts, *end(scene, Outcome.DECLINED, "asked not to be spoken to", resume=False)]
    outcome = reminding.answer(reading, reminder.kind == "medicine")
    scene.turn.why.append(f"answer to a reminder: {outcome or 'not clear'}")
    if outcome is not None:
        return _settle(scene, heard, reminder, outcome)
    if reading.safety.name in ("none", "medical"):
        return _ask_again(scene, heard, giving)
    return None


def gives_way(scene: Scene, heard: Heard) -> list[Act] | None:
    """To grief, confusion and the like a reminder gives way; it comes back another time."""
    giving = scene.giving
    if giving is None or giving.reminder.resident_id != heard.person.id:
        return None
    return end(scene, Outcome.INTERRUPTED, "something else came first")


def unanswered(scene: Scene) -> list[Act] | None:
    """Nobody answered in time, or the prompt was not heard to its end and nobody spoke either."""
    giving = scene.giving
    if giving is None or giving.listen_until is None or scene.now < giving.listen_until:
        return None
    if not giving.prompted:
        return end(scene, Outcome.INTERRUPTED, "the prompt did not sound to its end")
    return end(scene, Outcome.NO_ANSWER, "no answer")


def waits(scene: Scene) -> bool:
    """Whether a reminder is being given."""
    return scene.giving is not None


def end(scene: Scene, outcome: Outcome, said: str, *, later_s: int = 0, resume: bool = True) -> list[Act]:
    """End the reminder being given; the conversation it broke into goes on."""
    assert scene.giving is not None
    reminder, scene.giving = scene.giving.reminder, None
    resumed = scene.floor.release(_name(reminder))
    acts: list[Act] = [ReminderOutcome(reminder.occurrence_id, outcome, said, later_s)]
    if resume and outcome in (Outcome.LATER, Outcome.DECLINED) and resumed and resumed.name == CONVERSATION:
        person = scene.person(resumed.person_id)
        if game := playing.taken_up(scene, person):
            return [*acts, *game]
        topic = scene.talk.title(person, person.topic) if person.locale.startswith("en") else ""
        acts += scene.say(person, "resume" if topic else "resume.plain", "resume", values={"topic": topic})
    return acts


def _prompt(scene: Scene, person: Person, who: Who, reminder: Reminder, *, excuse: bool) -> Speak:
    speaker = scene.speaker
    key = reminder.wording if speaker.book.has(reminder.wording) else f"reminder.{reminder.kind}"
    if not speaker.book.has(key) or (reminder.kind == "medicine" and key != "reminder.medicine"):
        key = "reminder.medicine" if reminder.kind == "medicine" else "reminder.custom"
    if not who.private and reminder.kind not in reminding.PUBLIC_KINDS:
        key = "reminder.private"
    title = "" if reminder.kind == "medicine" else reminder.title
    keys = ["reminder.excuse"] if excuse else []
    keys += ["reminder.late"] if reminder.late else []
    keys += ["reminder.may_have_asked"] if reminder.may_have_asked else []
    locale = person.locale or scene.preferred_locale(person)
    parts = [speaker.phrase(person, each, locale, must=True) for each in keys]
    main = speaker.phrase(person, key, locale, must=True, values={"title": title}) or speaker.phrase(
        person, "reminder.private", locale, must=True
    )
    assert main is not None
    text = " ".join(each.text for each in (*parts, main) if each is not None)
    return speaker.speak(person, text, main.locale, "remind", scene.now, priority=Priority.REMINDER, why=key)


def _ask_again(scene: Scene, heard: Heard, giving: Giving) -> list[Act]:
    giving.questions += 1
    if giving.questions > _MOST_QUESTIONS or not reminding.may_begin(giving.reminder, scene.now):
        return end(scene, Outcome.NO_ANSWER, "the answer was not clear")
    reading = heard.reading
    asked = "question" in reading.answers or reading.is_question or reading.safety.name == "medical"
    key = "reminder.what" if asked else "reminder.yes_or_no"
    if asked and giving.reminder.kind == "medicine":
        key = "reminder.what_medicine"
    values = {"title": giving.reminder.title}
    said = scene.say(heard.person, key, "ask_again", must=True, priority=Priority.REMINDER, values=values)
    for each in said:
        if isinstance(each, Speak):
            giving.utterance_id, giving.listen_until = each.id, None
    return said


def _settle(scene: Scene, heard: Heard, reminder: Reminder, outcome: Outcome) -> list[Act]:
    duration_s = heard.reading.duration_s
    key = f"reminder.{outcome.value}"
    if outcome is Outcome.HINT_TAKEN:
        key = "reminder.taken"
    elif outcome is Outcome.ACCEPTED and reminder.kind == "medicine":
        key = "reminder.staff_come"
    elif outcome is Outcome.LATER and duration_s:
        key = "reminder.later_in"
    values = {"minutes": _minutes(duration_s)} if duration_s else {}
    if reminder.text and outcome is Outcome.ACCEPTED:
        return [*_read_out(scene, heard, reminder), *end(scene, outcome, outcome.value, resume=False)]
    said = scene.say(heard.person, key, "reminder_answered", must=True, priority=Priority.REMINDER, values=values)
    later_s = duration_s if outcome is Outcome.LATER else 0
    if later_s and reminder.window_end is not None:
        left = reminder.window_end - scene.now - timedelta(seconds=1)
        later_s = max(0, min(later_s, int(left.total_seconds())))
    line = _STAFF_LINES.get(outcome, outcome.value)
    if outcome is Outcome.DECLINED and "taken" in heard.reading.answers:
        line = _DONE_ALREADY
    return [*said, *end(scene, outcome, line, later_s=later_s)]


def _read_out(scene: Scene, heard: Heard, reminder: Reminder) -> list[Act]:
    """A message after a yes: whose it is, then the sender's own words in the language they are written in."""
    person = heard.person
    if not heard.who.private:  # somebody came in between the question and the answer
        return scene.say(person, "reminder.private", "message", must=True, priority=Priority.REMINDER)
    said = scene.say(
        person, "message.from", "message", must=True, priority=Priority.REMINDER, values={"title": reminder.title}
    )
    language = scene.understander.language_of(reminder.text, (person.locale or scene.preferred_locale(person))[:2])
    locale = scene.speaker.book.locale_for(language)
    words = scene.speaker.speak(
        person, reminder.text, locale, "message", scene.now, priority=Priority.REMINDER, why="read out", plain=True
    )
    return [*said, words]


def _within_lease(giving: Giving, until: datetime) -> datetime:
    """Nobody listens for an answer any more when another robot may already ask."""
    lease = giving.reminder.lease_until
    return until if lease is None else min(until, lease)


def _name(reminder: Reminder) -> str:
    return f"reminder:{reminder.occurrence_id}"


def _minutes(seconds: int) -> str:
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return "an hour" if hours == 1 else f"{hours} hours"
    minutes = max(1, round(seconds / 60))
    return "half an hour" if minutes == 30 else "one minute" if minutes == 1 else f"{minutes} minutes"
