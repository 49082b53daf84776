"""Whether words sound as if more were to come. Only for languages it knows; of others nothing is claimed."""

import re

# What nobody says last in a calm sentence. A bare "I would" is open, "yes, I would" is an answer.
_OPEN_END = {
    "en": re.compile(
        r"""(?x)
        (?: .*\b(?: a|an|the|and|or|but|because|if|when|while|than|as|of|to|for|with|from|at|into|about|my|your|our|
                    their|its|i|i'm|i'd|i'll|we'd|we'll|um+|uh+|er|erm|hmm+ )
        | .*\b(?: (?:would|i'd|we'd|you'd)\ (?:like|love) | (?:i|we)\ (?:want|need|like|love) )
        | (?!(?:yes|no|yeah|oh|of\ course|certainly|i\ think|so)\b)
          .*\b(?: is|are|was|were|am|would|could|should|will|can )
        )"""
    ),
}
_NO_LETTER = re.compile(r"[^\w' ]+")


def sounds_unfinished(text: str, language: str) -> bool:
    """Whether somebody who said `text` and paused will probably go on."""
    said = text.strip().lower().replace("’", "'")
    if said.endswith(("...", "…", ",", "-", "—")):
        return True
    pattern = _OPEN_END.get(language)
    if pattern is None or said.endswith("?"):
        return False
    return pattern.fullmatch(" ".join(_NO_LETTER.sub(" ", said).split())) is not None
