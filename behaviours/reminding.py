"""The robot's side of one reminder: whether it may be spoken, and how an answer is understood (care rules 6, 7, 23)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from behaviours.acts import Outcome
from behaviours.person import Person
from behaviours.routines import circumstances
from behaviours.routines.circumstances import Circumstances, Hindrance
from behaviours.understanding.reading import Reading
from culture_profiles.profile import Profile

LONGEST_QUEUE = timedelta(seconds=15)
"""A sentence that has not begun to sound by then is dropped (nodes/dialogue/utterances.py)."""
PUBLIC_KINDS = ("activity", "exercise", "meal")


@dataclass(frozen=True)
class Reminder:
    """What reminders asks for. `title` is in the resident's words: "your daughter Ewa".

    A message is one too: `title` names its sender, and `text` is read out only after a yes (care rule 22).
    """

    occurrence_id: str
    resident_id: str
    kind: str
    title: str
    window_end: datetime | None = None
    wording: str = ""
    may_have_asked: bool = False
    late: bool = False
    lease_until: datetime | None = None
    text: str = ""


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
    if reminder.window_end is not None and now > reminder.window_end:
        return Outcome.NO_ANSWER, "not spoken: its window has ended"
    if not may_begin(reminder, now):
        return Outcome.INTERRUPTED, "not spoken: its lease has ended"
    if person.refusal is not None and now < person.refusal.until:
        return Outcome.DECLINED, "not spoken: asked not to be spoken to"
    profile = person.profile or Profile(reminder.resident_id)
    found = circumstances.forbidden(reminder.kind, Circumstances(person.profile_at, profile), now, today)
    return _LINES[found] if found is not None else None


def may_begin(reminder: Reminder, now: datetime) -> bool:
    """Whether what is begun now still sounds within the lease, the queue before the loudspeaker included."""
    return reminder.lease_until is None or now + LONGEST_QUEUE <= reminder.lease_until


_LINES = {
    Hindrance.DIED: (Outcome.ABSENT, "not spoken: the state of life forbids it"),
    Hindrance.NOT_HERE: (Outcome.ABSENT, "not spoken: the state of life forbids it"),
    Hindrance.CARE: (Outcome.INTERRUPTED, "not spoken: somebody is with the resident"),
    Hindrance.NO_TALK: (Outcome.DECLINED, "not spoken: no consent to talk"),
    Hindrance.STALE: (Outcome.NO_ANSWER, "not spoken: the profile is older than 15 minutes"),
    Hindrance.NOT_ASSESSED: (Outcome.NO_ANSWER, "not spoken: no self-administration assessment in force"),
    Hindrance.RESTRICTED: (Outcome.NO_ANSWER, "not spoken: food and drink are the staff's to offer"),
}


def answer(reading: Reading, medicine: bool) -> Outcome | None:
    """How an answer to a reminder is meant; None: not clear, or a question."""
    means = reading.answers
    if "taken" in means:
        # Done already, or done by somebody else: a medicine is staff's to look at, the rest is a polite no.
        return Outcome.HINT_TAKEN if medicine else Outcome.DECLINED
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
