"""The reminder ladder: one occurrence, from being due to being closed by a person.

    WAITING ──due──▶ APPROACHING ──▶ PROMPTING ──▶ ACCEPTED ──▶ CLOSED (a call or activity: by the resident)
       ▲  ▲             │               │ ├──────▶ LATER ──▶ APPROACHING …          never past the window
       │  └──not begun──┘               │ ├──────▶ DECLINED ──▶ CLOSED with respect  (medicine stays open for staff)
       ├──────────interrupted───────────┤ ├──────▶ NO_ANSWER ──▶ APPROACHING … ──▶ TOLD_STAFF
       └──────────answer lost───────────┘ └──────▶ TOLD_STAFF (a hint of "taken")
    WAITING ──window over──▶ MISSED          TOLD_STAFF, MISSED ──a named person──▶ CLOSED

Every function takes an occurrence and the time and returns a `Step`; nothing here reads a clock or remembers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from behaviours.routines.circumstances import Hindrance
from behaviours.routines.occurrence import MAY_BE_PROMPTED, OWNED, Occurrence, Outcome, State
from behaviours.routines.policy import Policy, Tell

_LOOK_AGAIN = timedelta(seconds=30)
_LOOK_AGAIN_LATER = timedelta(minutes=5)  # for what takes its time; a change of the profile is looked at at once
_SHORTEST_CHANCE = timedelta(minutes=1)  # a prompt nearer to the window's end leaves no time to answer


class Reason(StrEnum):
    """Why staff are told."""

    AGREED = "agreed"
    DECLINED = "declined"
    HINT_TAKEN = "hint_taken"
    NO_ANSWER = "no_answer"
    ABSENT = "absent"
    LATER = "later"
    LOST = "lost"
    MISSED = "missed"
    NO_ROBOT = "no_robot"
    UNKNOWN = "unknown"
    NOT_HERE = "not_here"
    DUE = "due"
    TABLET = "tablet"
    NOT_SPOKEN = "not_spoken"
    CARE = "care"
    QUIET = "quiet"
    ALL_QUIET = "all_quiet"
    NO_TALK = "no_talk"
    STALE = "stale"
    NOT_ASSESSED = "not_assessed"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that staff are to be told: `level` is never NONE."""

    reason: Reason
    level: Tell


@dataclass(frozen=True, slots=True)
class Step:
    """What became of an occurrence, and what is to be done now."""

    occurrence: Occurrence
    prompt: bool = False  # ask a robot to say it, and call `begin`
    telling: Telling | None = None


def _free(occurrence: Occurrence) -> Occurrence:
    return replace(occurrence, robot="", lease_until=None)


def _to_staff(occurrence: Occurrence, reason: Reason, level: Tell, state: State = State.TOLD_STAFF) -> Step:
    ended = replace(_free(occurrence), state=state, next_at=None)
    return Step(ended, telling=None if level is Tell.NONE else Telling(reason, level))


def _must_know(level: Tell) -> Tell:
    """For endings that no policy may hide."""
    return Tell.INFORM if level is Tell.NONE else level


def advance(
    occurrence: Occurrence, policy: Policy, hindrance: Hindrance | None, now: datetime, *, robot_free: bool
) -> Step:
    """Look at an occurrence whose `next_at` has come."""
    if occurrence.state in OWNED and occurrence.lease_until and now >= occurrence.lease_until:
        return lost(occurrence, policy, now)
    if occurrence.state not in MAY_BE_PROMPTED:
        return Step(occurrence)
    if hindrance is Hindrance.DIED:
        return _to_staff(replace(occurrence, said="not said: state of life"), Reason.NOT_HERE, Tell.NONE, State.MISSED)
    if now < occurrence.due:  # the clock was set back
        return Step(replace(occurrence, next_at=occurrence.due))
    if now >= occurrence.window_end:
        return _window_over(occurrence, policy, hindrance)
    if policy.tell.due is not Tell.NONE and not occurrence.told:
        return Step(replace(occurrence, told=True), telling=Telling(Reason.DUE, policy.tell.due))
    if occurrence.by == "tablet" and hindrance is not Hindrance.NOT_HERE:
        return _to_staff(occurrence, Reason.TABLET, _must_know(policy.tell.missed))
    if hindrance is not None:
        return _hindered(occurrence, policy, hindrance, now)
    if not robot_free:
        if not occurrence.prompts and now >= occurrence.due + _patience(occurrence, policy):
            return _to_staff(
                replace(occurrence, said="not said: no robot was free"), Reason.NO_ROBOT, _must_know(policy.tell.missed)
            )
        return Step(occurrence)
    return Step(occurrence, prompt=True)


def _window_over(occurrence: Occurrence, policy: Policy, hindrance: Hindrance | None) -> Step:
    if occurrence.state is State.LATER:
        return _to_staff(occurrence, Reason.LATER, _must_know(policy.tell.no_answer))
    if occurrence.prompts or occurrence.uncertain:
        return _to_staff(occurrence, Reason.NO_ANSWER, _must_know(policy.tell.no_answer))
    if hindrance is Hindrance.NOT_HERE:  # staff set it; by policy they were told when it was due
        level = Tell.NONE if occurrence.told else policy.tell.not_here
        return _to_staff(replace(occurrence, said="not said: state of life"), Reason.NOT_HERE, level, State.MISSED)
    return _to_staff(occurrence, Reason.MISSED, _must_know(policy.tell.missed), State.MISSED)


def _patience(occurrence: Occurrence, policy: Policy) -> timedelta:
    """How long nobody could say it before staff are told: early enough for them to do it within the window."""
    return min(timedelta(seconds=policy.no_robot_after_s), (occurrence.window_end - occurrence.due) / 2)


def _hindered(occurrence: Occurrence, policy: Policy, hindrance: Hindrance, now: datetime) -> Step:
    held = replace(occurrence, said=f"not said: {hindrance.value.replace('_', ' ')}")
    if not hindrance.may_pass:
        attend = hindrance in (Hindrance.STALE, Hindrance.NOT_ASSESSED) or occurrence.kind == "medicine"
        return _to_staff(held, Reason(hindrance.value), Tell.ATTEND if attend else _must_know(policy.tell.missed))
    if hindrance is Hindrance.UNKNOWN and now >= occurrence.due + _patience(occurrence, policy):
        return _to_staff(held, Reason.UNKNOWN, _must_know(policy.tell.missed))
    pause = _LOOK_AGAIN if hindrance is Hindrance.UNKNOWN else _LOOK_AGAIN_LATER
    held = replace(held, next_at=min(now + pause, occurrence.window_end))
    if hindrance is Hindrance.NOT_HERE and policy.tell.not_here is not Tell.NONE and not occurrence.told:
        return Step(replace(held, told=True), telling=Telling(Reason.NOT_HERE, policy.tell.not_here))
    return Step(held)


def is_late(occurrence: Occurrence, policy: Policy, now: datetime) -> bool:
    """Whether a first prompt at `now` must say that it is late."""
    return not occurrence.prompts and now > occurrence.due + timedelta(seconds=policy.late_after_s)


def begin(occurrence: Occurrence, robot: str, lease_until: datetime) -> Occurrence:
    """`robot` is about to go there and say it; nobody else may before `lease_until`."""
    return replace(
        occurrence, state=State.APPROACHING, robot=robot, lease_until=lease_until, next_at=lease_until, said=""
    )


def sounding(occurrence: Occurrence) -> Occurrence:
    """The robot has come and says it."""
    return replace(occurrence, state=State.PROMPTING) if occurrence.state is State.APPROACHING else occurrence


def not_begun(occurrence: Occurrence, now: datetime) -> Occurrence:
    """The robot refused before anything was said: back to waiting, and nothing is counted."""
    back = State.NO_ANSWER if occurrence.unanswered else State.WAITING
    return replace(_free(occurrence), state=back, next_at=now + _SHORTEST_CHANCE / 12)


def not_spoken(occurrence: Occurrence, policy: Policy, said: str) -> Step:
    """The robot was there and may not say it, for example because it was asked for peace: staff see to it, in time."""
    if occurrence.state not in OWNED:
        return Step(occurrence)
    level = Tell.ATTEND if occurrence.kind == "medicine" else _must_know(policy.tell.missed)
    return _to_staff(replace(occurrence, said=said), Reason.NOT_SPOKEN, level)


def lost(occurrence: Occurrence, policy: Policy, now: datetime, goal_id: str = "") -> Step:
    """Nobody knows whether it was said or answered: ask once more and say so, the second time tell staff.

    Medicine goes to staff at once: the lost answer may have been that it was taken.
    """
    unsure = replace(occurrence, uncertain=True, said="the answer was lost")
    if occurrence.uncertain or occurrence.kind == "medicine":
        return _to_staff(unsure, Reason.LOST, _must_know(policy.tell.no_answer))
    again = replace(_free(unsure), state=State.WAITING, may_have_asked=True, next_at=now)
    return Step(replace(again, lost_goal=goal_id, lost_robot=occurrence.robot))


def answered(
    occurrence: Occurrence,
    policy: Policy,
    outcome: Outcome,
    now: datetime,
    *,
    later_s: int = 0,
    said: str = "",
    sounded: bool = True,
    said_so: bool = True,
) -> Step:
    """A prompt has ended. `said`: how the answer was understood; `sounded`: whether anything was to be heard.

    `said_so`: that it may have been asked before was said. Where it was due to be said and was not, the robot knew from
    its own notes that nothing had been asked, or what had been answered: nothing is uncertain any more.
    """
    if occurrence.state not in OWNED:  # a person closed it meanwhile
        return Step(occurrence)
    heard = sounded or outcome not in (Outcome.INTERRUPTED, Outcome.ABSENT)
    known = occurrence.may_have_asked and heard and not said_so
    done = replace(
        _free(occurrence),
        prompts=occurrence.prompts + heard,
        may_have_asked=occurrence.may_have_asked and not heard,
        uncertain=occurrence.uncertain and not known,
        said=said,
    )
    match outcome:
        case Outcome.ACCEPTED:
            return _to_staff(done, Reason.AGREED, policy.tell.accepted, State.ACCEPTED)
        case Outcome.DECLINED:
            level = policy.tell.declined
            return _to_staff(done, Reason.DECLINED, level, State.DECLINED)
        case Outcome.HINT_TAKEN:
            return _to_staff(done, Reason.HINT_TAKEN, Tell.ATTEND)
        case Outcome.LATER:
            return _later(done, policy, now, later_s)
        case Outcome.INTERRUPTED:
            again = now + timedelta(seconds=policy.interrupted_after_s)
            back = State.NO_ANSWER if done.unanswered else State.WAITING
            # What had begun to sound may have been understood.
            unsure = done.may_have_asked or sounded
            return Step(replace(done, state=back, next_at=min(again, done.window_end), may_have_asked=unsure))
        case Outcome.NO_ANSWER | Outcome.ABSENT:
            return _unanswered(done, policy, now)


def _later(occurrence: Occurrence, policy: Policy, now: datetime, later_s: int) -> Step:
    last_chance = occurrence.window_end - _SHORTEST_CHANCE
    if last_chance <= now + _SHORTEST_CHANCE:
        return _to_staff(occurrence, Reason.LATER, _must_know(policy.tell.no_answer))
    again = now + timedelta(seconds=later_s or policy.later_s)
    return Step(replace(occurrence, state=State.LATER, unanswered=0, next_at=min(again, last_chance)))


def _unanswered(occurrence: Occurrence, policy: Policy, now: datetime) -> Step:
    quiet = replace(occurrence, unanswered=occurrence.unanswered + 1)
    again = now + policy.again_after
    if quiet.unanswered >= policy.prompts or again >= occurrence.window_end:
        reason = Reason.NO_ANSWER if quiet.prompts else Reason.ABSENT
        return _to_staff(quiet, reason, _must_know(policy.tell.no_answer))
    return Step(replace(quiet, state=State.NO_ANSWER, next_at=again))


def settle(occurrence: Occurrence, policy: Policy) -> Occurrence | None:
    """What follows at once from the resident's answer: closed by the resident, where they may close it."""
    if occurrence.kind == "medicine":  # never by an answer, whatever a policy says
        return None
    if occurrence.state is State.DECLINED or (occurrence.state is State.ACCEPTED and policy.closed_by == "resident"):
        return close(occurrence, "resident")
    return None


def close(occurrence: Occurrence, closed_by: str) -> Occurrence:
    """A person has closed it."""
    return replace(_free(occurrence), state=State.CLOSED, next_at=None, closed_by=closed_by)


def settled_with_alert(occurrence: Occurrence) -> bool:
    """Whether closing the alert about it also closes the occurrence. Medicine is closed on its own, by staff."""
    return occurrence.state in (State.TOLD_STAFF, State.MISSED) and occurrence.kind != "medicine"


_WORDS = {
    Reason.AGREED: "the resident agreed; close it when it is done",
    Reason.DECLINED: "the resident said no",
    Reason.HINT_TAKEN: "the answer may mean that it was already taken: please look before giving anything",
    Reason.NO_ANSWER: "no answer to {prompts}",
    Reason.ABSENT: "the resident was not met: please do",
    Reason.LATER: "the resident wanted it later than the time allows",
    Reason.LOST: "the answer was lost, and it may have been asked already: please ask",
    Reason.MISSED: "nothing was said in time",
    Reason.NO_ROBOT: "no robot could say it: please do",
    Reason.UNKNOWN: "nothing was said, because the profile could not be read: please do",
    Reason.NOT_HERE: "nothing is said, because of the resident's state of life",
    Reason.DUE: "it is due now",
    Reason.TABLET: "for staff to say: it is due now",
    Reason.NOT_SPOKEN: "nothing was said: please do",
    Reason.CARE: "nothing is said, because somebody is with the resident",
    Reason.QUIET: "nothing is said yet, because of quiet hours",
    Reason.ALL_QUIET: "nothing is said, because of quiet hours or the night: please do if it must be",
    Reason.NO_TALK: "for staff: there is no consent to talk with the robot",
    Reason.STALE: "nothing was said, because what is known is older than 15 minutes: please go",
    Reason.NOT_ASSESSED: "for staff: no self-administration assessment is in force",
    Reason.RESTRICTED: 'for staff: food and drink are offered only under a staff-set "no restriction"',
}


_WITH_WHAT_WAS_SAID = frozenset({Reason.AGREED, Reason.DECLINED, Reason.LATER, Reason.NO_ANSWER, Reason.NOT_SPOKEN})
_SAYS_NO_MORE = frozenset(each.name.lower().replace("_", " ") for each in Outcome)


def words(occurrence: Occurrence, reason: Reason, zone: ZoneInfo) -> str:
    """What staff read. English, without names: the resident's id travels beside it."""
    prompts = "1 prompt" if occurrence.prompts == 1 else f"{occurrence.prompts} prompts"
    due = occurrence.due.astimezone(zone)
    understood = occurrence.said.removeprefix("not spoken: ") if reason in _WITH_WHAT_WAS_SAID else ""
    more = f" ({understood})" if understood and understood not in _SAYS_NO_MORE else ""
    return f"{occurrence.kind.capitalize()} due at {due:%H:%M}: {_WORDS[reason].format(prompts=prompts)}{more}."
