"""What was just told, said back in the second person: "I started at fifteen" becomes "You started at fifteen."

English alone, and only where it cannot go wrong: one short statement about the past, of oneself or one's people.
"""

import re

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_LEADS = re.compile(
    r"^(?:(?:oh|ah|well|yes|aye|no|now|so|and|but|then|you know|you see|mind you|of course|to tell you the truth)"
    r"\b[,.]?\s+)+",
    re.IGNORECASE,
)
_TRAILS = re.compile(r"[,\s]+(?:you know|you see|though|mind|of course|really|I think|I suppose)$", re.IGNORECASE)
_BEGINS = re.compile(r"^(?:I|we|my|our|he|she|they|his|her|their)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:\w{2,}ed|was|were|had|went|came|made|got|took|gave|told|said|saw|knew|kept|left|grew|won|sang|sat|stood|ran|"
    r"wore|built|bought|brought|taught|caught|thought|fought|slept|met|began|wrote|drove|rode|swam|flew|drew|"
    r"ate|drank|spoke|broke|sold|paid|sent|spent|found|held|heard|lit|fed|led|cut|did|used to|worked)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\b(?:you|your|robot|machine|am|im|i'm|is|are|do|don't|dont|will|can|can't|cant|want|need|feel|felt|know|think|"
    r"remember|forget|forgot|hope|wish|died|dead|killed|buried|ill|hurt|pain|cried|afraid|hated|hit|money|left me|"
    r"said that|told me|didn't|couldn't|wouldn't|wasn't|weren't|had to|here|today|this|that|it)\b",
    re.IGNORECASE,
)
_FEWEST, _MOST = 3, 9
_TURNED = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours",
    "myself": "yourself", "ourselves": "yourselves",
}  # fmt: skip
_WORD = re.compile(r"[\w'’]+")


def statement(text: str) -> str:
    """The last sentence, where it is such a statement, as it was said; else ""."""
    last = next((each for each in reversed(_SENTENCE.split(text.strip())) if each.strip()), "")
    if last.endswith("?"):
        return ""
    whole = _LEADS.sub("", last.strip().rstrip(".!… "))
    for part in (whole, whole.split(",")[0]):
        found = _TRAILS.sub("", part).strip()
        fits = _FEWEST <= len(_WORD.findall(found)) <= _MOST and _BEGINS.match(found) and _PAST.search(found)
        if fits and not _NEVER.search(found):
            return found
    return ""


def reflected(text: str) -> str:
    """The statement in the second person, with a capital and a full stop; "" for none."""
    said = statement(text)
    if not said:
        return ""
    turned = second_person(said)
    return f"{turned[:1].upper()}{turned[1:]}."


def second_person(said: str) -> str:
    """I and we as you, in a statement about the past."""
    turned = _WORD.sub(lambda word: _TURNED.get(word[0].casefold(), word[0]), said)
    turned = re.sub(r"\b(you) was\b", r"\1 were", turned, flags=re.IGNORECASE)
    return turned[:1].lower() + turned[1:] if _TURNED.get(_WORD.findall(said)[0].casefold()) else turned
