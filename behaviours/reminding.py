"""The robot's side of one reminder: whether it may be spoken, and how an answer is understood (care rules 6, 7, 23)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from behaviours.acts import Outcome
from behaviours.person import Person
from behaviours.understanding.reading import Reading
from culture_profiles.fact import Source

SNAPSHOT_GOOD_FOR = timedelta(minutes=15)
_NOT_HERE = ("out", "hospital", "died", "isolation")
_UNRESTRICTED = ("no restriction", "no restrictions")
PUBLIC_KINDS = ("activity", "exercise", "meal")


@dataclass(frozen=True)
class Reminder:
    """What reminders asks for. `title` is in the resident's words: "your daughter Ewa"."""

    occurrence_id: str
    resident_id: str
    kind: str
    title: str
    window_end: datetime | None = None
    wording: str = ""
    may_have_asked: bool = False
    late: bool = False


@dataclass
class Giving:
    """A reminder being given. Listening begins when the prompt has sounded."""

    reminder: Reminder
    utterance_id: str = ""
    listen_until: datetime | None = None
    prompted: bool = False
    questions: int = 0


def hindrance(reminder: Reminder, person: Person, now: datetime, today: date) -> tuple[Outcome, str] | None:
    """What forbids speaking of it, with the outcome and a line for staff; None: it may be spoken."""
    profile = person.profile
    if reminder.window_end is not None and now > reminder.window_end:
        return Outcome.NO_ANSWER, "not spoken: its window has ended"
    state = profile.value("state_of_life") if profile is not None else None
    if state in _NOT_HERE:
        return Outcome.ABSENT, "not spoken: the state of life forbids it"
    if state == "end_of_life":
        return Outcome.DECLINED, "not spoken: end of life, only when invited"
    if profile is not None and profile.value("consent.talk") == "no":
        return Outcome.DECLINED, "not spoken: no consent to talk"
    if person.refusal is not None and now < person.refusal.until:
        return Outcome.DECLINED, "not spoken: asked not to be spoken to"
    if reminder.kind == "medicine":
        if profile is None or person.profile_at is None or abs(now - person.profile_at) > SNAPSHOT_GOOD_FOR:
            return Outcome.NO_ANSWER, "not spoken: the profile is older than 15 minutes"
        if not _assessed(profile.value("medicine.self_administration_review"), today):
            return Outcome.NO_ANSWER, "not spoken: no self-administration assessment in force"
    if reminder.kind in ("drink", "meal"):
        swallowing = profile.fact("safety.swallowing") if profile is not None else None
        free = swallowing is not None and swallowing.value.strip().casefold() in _UNRESTRICTED
        if not free or swallowing is None or swallowing.source is not Source.CARER:
            return Outcome.NO_ANSWER, "not spoken: food and drink are the staff's to offer"
    return None


def _assessed(review: str | None, today: date) -> bool:
    try:
        return review is not None and date.fromisoformat(review) > today
    except ValueError:
        return False


def answer(reading: Reading, medicine: bool) -> Outcome | None:
    """How an answer to a reminder is meant; None: not clear, or a question."""
    means = reading.answers
    if medicine and "taken" in means:
        return Outcome.HINT_TAKEN
    if reading.duration_s or "later" in means:
        return Outcome.LATER
    if "coming" in means and not means & {"decline"}:
        return Outcome.ACCEPTED
    if "decline" in means or reading.has("no"):
        return Outcome.DECLINED
    if "question" in means and not reading.has("yes"):
        return None
    if "accept" in means or reading.has("yes"):
        return Outcome.ACCEPTED
    return None
