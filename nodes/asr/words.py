"""The few words that matter most in each language (yes, no, later, stop, help), handed to the recognisers as data."""

from collections.abc import Iterable
from contextlib import suppress

from behaviours import phrases as packs
from culture_profiles.errors import KithError
from nodes.asr import engines, urgent
from nodes.asr.recogniser import Recogniser
from nodes.asr.vosk import Vosk
from nodes.asr.whisper import Whisper
from nodes.base.models import InstalledModel


def listed(language: str, kind: str) -> tuple[str, ...]:
    """What people say for `kind` in a language; none where the language packs have none or cannot be read."""
    book = packs.phrasebook()
    locale = book.locale_for(language)
    if engines.language_of(locale) != language:
        return ()
    with suppress(KithError):
        return book.grammar(kind, locale)
    return ()


def hears_help(language: str) -> bool:
    """Whether calls for help are known in a language."""
    return any(each.kind == "help" for each in urgent.phrases(language))


def learn(language: str) -> None:
    """Take the urgent words of a language from its pack."""
    for kind in ("stop", "help"):
        urgent.learn(language, kind, listed(language, kind))


def recognisers(model: InstalledModel, language: str) -> list[Recogniser]:
    """A loaded model, and for an engine that can, a cheap second one on it that always listens for help and stop.

    Errors: KithError that says what to do if the model is damaged.
    """
    learn(language)
    loaded = engines.load(model, language)
    if not isinstance(loaded, Vosk):
        return [loaded]
    loaded.always = tuple(each for kind in ("yes", "no", "later", "stop", "help") for each in listed(language, kind))
    return [loaded, loaded.spotter(loaded.always)]


def expect(recogniser: Recogniser, names: Iterable[str]) -> None:
    """Names and the reminder at hand: likelier than other words, beside the words that are always likely."""
    if isinstance(recogniser, Vosk):
        recogniser.expect((*recogniser.always, *names))
    elif isinstance(recogniser, Whisper):
        recogniser.expect(tuple(names))
