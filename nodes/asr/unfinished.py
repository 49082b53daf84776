"""Whether words sound as if more were to come. Only for languages it knows; of others nothing is claimed."""

import re
from collections.abc import Sequence

from nodes.asr.recogniser import Word

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
        | (?:would|could|can|will)\ you\ (?:please|just)
        | (?!(?:yes|no|yeah|oh|of\ course|certainly|i\ think|so|what|where|who|which|how|when|why)\b)
          .*\b(?: {_BEING} )
        """
    ),
}
# A clause that asks for another, unless a comma tells that it has come.
_OPEN_CLAUSE = {
    "en": re.compile(
        r"(?:when|if|because|while|after|before|although) (?:i|we|he|she|it|they|you|the|my)\b(?: [\w']+){1,6}"
    ),
}
_NO_LETTER = re.compile(r"[^\w' ]+")
_ELLIPSES = ("...", "…", ",", "-", "—", ":", ";")


_LEAST_SURE = 0.7  # of the last word: one that was broken off is guessed at
_LEAST_LIKELY = 0.25  # of any word


def sounds_broken_off(words: Sequence[Word]) -> bool:
    """Whether the engine doubts the words as it does when a sentence stops in the middle; a single word is none."""
    if len(words) < 2:
        return False
    return words[-1].confidence < _LEAST_SURE or min(word.confidence for word in words) < _LEAST_LIKELY


def sounds_unfinished(text: str, language: str) -> bool:
    """Whether somebody who said `text` and paused will probably go on."""
    said = text.strip().lower().replace("’", "'")
    if said.endswith(_ELLIPSES):
        return True
    pattern = _OPEN_END.get(language)
    if pattern is None:
        return False
    # Who asks "Are you there? And" goes on: the last sentence decides.
    last = re.split(r"(?<=[.?!])\s+", said)[-1]
    plain = " ".join(_NO_LETTER.sub(" ", last).split())
    return pattern.fullmatch(plain) is not None or (
        "," not in last and language in _OPEN_CLAUSE and _OPEN_CLAUSE[language].fullmatch(plain) is not None
    )
