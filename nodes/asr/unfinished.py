"""Whether words sound as if more were to come. Only for languages it knows; of others nothing is claimed."""

import re
from math import exp, log

from nodes.asr.endpointer import Ending
from nodes.asr.recogniser import Cadence, Heard

# What nobody says last in a calm sentence: words of closed classes, so the lists are short and never complete.
_ARTICLES = "a|an|the|my|your|our|their|its|this|these|those|every|each|any|some"
_LINKS = "and|or|but|because|if|when|while|than|as|which|who|whose|whether|until|unless|although|since"
_PLACES = "of|to|for|with|from|at|into|about|on|by|between|behind|beside|towards|during|without|near|in"
_PARTICLES = r"(?:come|go|let|put|turn|carry|get|hold|keep|hang|switch)(?:\ \w+){0,3}\ (?:in|on|by|about|to)"
_SUBJECTS = "i|we|he|she|they|i'm|i'd|i'll|i've|we'd|we'll|we've|he'd|he'll|she'd|she'll|they'd|they'll|it's|that's"
_DEGREES = "very|really|so|always|never|rather|quite|just|almost|only|even|not|too|such|more|most|usually|often"
_BEING = "is|are|was|were|am|be|been|has|have|had|would|could|should|will|can|must|shall|may|might|do|does|did|going"
_WANTING = "want|need|wanted|needed|bring|give|put|take|find|get|gave|took|found|got|keep|kept|make|made"
_QUALITIES = "good|best|little|old|nice|small|big|new|great|young|long|short|first|last|next|other|same|whole|only|own"
_GIVING = "give|gave|bring|brought|send|sent|pass|hand|lend|lent"
_DOING = f"{_GIVING}|turn|switch|open|close|shut|put|take|fetch|find|hold|show|get|make|move|lift|pull|push"
_PARTS = "name|kind|sort|lot|piece|cup|glass|bit|one|two|some|most|all|both|end|side|front|middle|picture|photo"
# "It's my daughters" is "It's my daughter's" to the ear.
_KIN = (
    r"(?:great\ )?(?:grand)?(?:mother|father|son|daughter)|mum|dad|husband|wife|brother|sister|aunt|uncle|cousin|niece|"
    r"nephew|friend|neighbour|doctor|nurse"
)
_OPEN_END = {
    "en": re.compile(
        rf"""(?x)
        .*\b(?: {_ARTICLES}|{_LINKS}|{_DEGREES}|um+|uh+|er|erm|hmm+ )
        | (?!(?:what|where|who|which|how|when|why)\b) (?!.*\b{_PARTICLES}\Z) .*\b(?: {_PLACES} )
        | (?!(?:what|where|who|which|how|when|why|yes|no|so)\b) (?:.*\b(?!am|is|are|was|were|do|does|did|can|shall)
          [\w']+\ )? (?: {_SUBJECTS} )
        | .*\b(?: (?:would|i'd|we'd|you'd)\ (?:like|love|rather) | (?:i|we|you)\ (?:{_WANTING}|like|love) )
        | .*\b[\w']+\ (?:{_WANTING})\ (?:me|us|him|her|them) | .*\b(?:{_GIVING})\ (?:me|us|him|her|them)
        | .*\b(?:a|an|the|my|your|his|our|their)\ (?:very\ )?(?:{_QUALITIES})
        | .*\b[a-z]{{3,}}'s
        | .*\b(?:it|that|this)(?:'s|\ is|\ was)\ (?:my|your|his|her|our|their)\ (?:{_KIN})s
        | (?:would|could|can|will)\ you\ (?:please|just)
        | (?:(?:would|could|can|will)\ you(?:\ please)?|please)\ (?:{_DOING})
        | .*\b(?:{_PARTS})\ of
        | i\ (?:think|thought|suppose|guess|hope)\ (?:i|we|he|she|it|they|you)\ (?:would|could|should|might|was|were)
        | (?!(?:yes|no|yeah|oh|of\ course|certainly|i\ think|so|what|where|who|which|how|when|why)\b)
          .*\b(?: {_BEING} )
        """
    ),
}
# All that many an answer is: nothing more need come, however it was said.
_WHOLE = {
    "en": re.compile(
        r"(?:(?:oh|well|yes|yeah|no|ok|okay|later|maybe|perhaps|please|thanks|thank you|very much|hello|hi|goodbye|bye|"
        r"not (?:now|today|yet|really)|of course|certainly|good (?:morning|afternoon|evening|night)|i don't know|"
        r"i (?:think|hope|suppose) (?:so|not)|stop|help|nurse|wait|go away|leave me alone)(?: |\Z))+"
    ),
}
# A clause that asks for another, unless a comma tells that it has come.
_OPEN_CLAUSE = {
    "en": re.compile(
        r"(?:when|if|because|while|after|before|although) (?:i|we|he|she|it|they|you|the|my)\b(?: [\w']+){1,6}"
    ),
}
# Words that leave a sentence open wherever they stand last, for an engine that tells what else it may have heard.
_OPEN_WORDS = {"en": f"{_ARTICLES}|{_LINKS}|{_PLACES}|{_SUBJECTS}|{_DEGREES}|{_BEING}|how|what|where"}
_NO_LETTER = re.compile(r"[^\w' ]+")
_ELLIPSES = ("...", "…", ",", "-", "—", ":", ";")


# Log odds that more is to come, from a `Cadence`: a logistic regression over pauses inside and after sentences.
_BASE, _STOPS, _TRAILS, _FOLLOWS, _SURE = 5.35, 0.64, 0.46, 1.06, -3.19
_LEAST = 0.01
_PROBABLY, _PERHAPS = 0.35, 0.1
# How probable it must be that the last word was another one, after which more must come; and below which it was not.
_MISHEARD, _MAYBE_MISHEARD, _HEARD_WELL = 0.03, 0.01, 0.005


def ending(heard: Heard, language: str) -> Ending:
    """How words sound after which somebody pauses, by grammar and, where the engine tells, by how they were spoken."""
    if sounds_unfinished(heard.text, language):
        return Ending.UNFINISHED
    if heard.cadence is None or sounds_whole(heard.text, language):
        return Ending.FINISHED
    more, misheard = goes_on(heard.cadence), heard.cadence.open
    if misheard is None:
        misheard = _HEARD_WELL
    if misheard > _MISHEARD or (more > _PROBABLY and misheard >= _HEARD_WELL):
        return Ending.UNFINISHED
    return Ending.DOUBTFUL if more > _PERHAPS or misheard > _MAYBE_MISHEARD else Ending.FINISHED


def open_words(language: str) -> tuple[str, ...]:
    """Words after which more must come; none for a language that is not known."""
    return tuple(filter(None, _OPEN_WORDS.get(language, "").split("|")))


def goes_on(cadence: Cadence) -> float:
    """How probably more is to come after words spoken so, 0 to 1."""
    odds = (
        _BASE
        + _STOPS * cadence.stops
        + _TRAILS * log(cadence.trails + _LEAST)
        + _FOLLOWS * log(cadence.follows + _LEAST)
        + _SURE * cadence.sure
    )
    return 1 / (1 + exp(-odds))


def sounds_whole(text: str, language: str) -> bool:
    """Whether `text` is one of the short answers that need nothing more."""
    pattern = _WHOLE.get(language)
    return pattern is not None and pattern.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    """Small letters without marks, straight apostrophes, single spaces."""
    return " ".join(_NO_LETTER.sub(" ", text.lower().replace("’", "'")).split())


def sounds_unfinished(text: str, language: str) -> bool:
    """Whether somebody who said `text` and paused will probably go on."""
    said = text.strip()
    if said.endswith(_ELLIPSES):
        return True
    pattern = _OPEN_END.get(language)
    if pattern is None or sounds_whole(text, language):
        return False
    # Who asks "Are you there? And" goes on: the last sentence decides.
    last = re.split(r"(?<=[.?!])\s+", said)[-1]
    plain = _plain(last)
    return pattern.fullmatch(plain) is not None or (
        "," not in last and language in _OPEN_CLAUSE and _OPEN_CLAUSE[language].fullmatch(plain) is not None
    )
