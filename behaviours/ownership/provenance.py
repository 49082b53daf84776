""" "Who told you that?": from whom a fact is. A person is named only if they agreed to it (care rule 25)."""

from collections.abc import Sequence

from behaviours.ownership.reply import Reply
from culture_profiles.fact import Fact, Source
from culture_profiles.profile import Profile

_UNNAMED = {
    Source.RESIDENT: "who_told.you",
    Source.CARER: "who_told.staff",
    Source.FAMILY: "who_told.someone",
    Source.OBSERVED: "who_told.noticed",
    Source.CULTURE_PRIOR: "know.who_told",
}


def who_told(profile: Profile, facts: Sequence[Fact]) -> Reply:
    """From whom the facts are: the one answer when all are from one source, else the general one."""
    sources = {fact.source for fact in facts}
    if len(sources) != 1:
        return Reply("know.who_told", "inform", "of several sources" if sources else "no fact was meant")
    (source,) = sources
    why = f"source: {source}"
    name = _agreed_name(profile, facts)
    if name and source in (Source.CARER, Source.FAMILY):
        return Reply("who_told.named", "inform", f"{why}, who agreed to be named", about=tuple(facts), name=name)
    return Reply(_UNNAMED[source], "inform", why, about=tuple(facts))


def _agreed_name(profile: Profile, facts: Sequence[Fact]) -> str:
    """The one person who told all of it, as staff wrote their name down; "" unless they agreed to be named."""
    tellers = {fact.who.casefold().strip() for fact in facts}
    agreed = {name.casefold().strip(): name for name in profile.values("sources.may_be_named")}
    return agreed.get(tellers.pop(), "") if len(tellers) == 1 else ""
