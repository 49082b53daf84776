""" "Don't talk about that again": the subject is closed, by the person's word."""

from collections.abc import Sequence
from datetime import datetime

from behaviours.ownership.reply import Reply
from behaviours.stated import stated
from culture_profiles.fact import Fact
from culture_profiles.keys import spec
from culture_profiles.profile import Profile

KEY = "topics.avoided"
_NOT_A_SUBJECT = frozenset({KEY, "topics.painful"})


def do_not_mention(
    profile: Profile, named: Sequence[str], told: Sequence[Fact], topic: str, now: datetime, *, may_keep: bool
) -> Reply:
    """Close what the words name, else what was told last, else the topic of the talk.

    `may_keep`: whether the person may be remembered now (`memory.may_keep`); without, it holds while the robot runs.
    """
    subjects = list(named) or [_subject(fact) for fact in told if fact.key not in _NOT_A_SUBJECT] or [topic]
    facts = tuple(
        fact for each in subjects if each and (fact := stated(profile.resident_id, KEY, each, now)) is not None
    )
    if not facts:
        return Reply("avoid.which", "ask", "no subject was meant", question="avoid")
    if not may_keep:
        return Reply("avoid.today", "close_topic", "closed for now: it may not be kept", hide=facts)
    return Reply("avoid.kept", "close_topic", "closed by the person", store=facts, hide=facts)


def _subject(fact: Fact) -> str:
    return spec(fact.key).subject(fact.value) if spec(fact.key).type == "pair" else fact.value
