"""Which recogniser hears which language: Vosk where a model is installed, else Whisper, else typed text only."""

from collections.abc import Callable
from pathlib import Path

from culture_profiles.errors import KithError
from nodes.asr.recogniser import Recogniser
from nodes.asr.vosk import Vosk
from nodes.asr.whisper import Whisper
from nodes.base.models import InstalledModel, installed_models

_LOADERS: dict[str, Callable[[Path, str], Recogniser]] = {"vosk": Vosk, "whisper": Whisper}


def language_of(locale: str) -> str:
    """`en` of `en_GB` or `en-GB`."""
    return locale.replace("-", "_").split("_")[0].lower()


def choose(models_dir: Path, locale: str, engine: str = "") -> InstalledModel | None:
    """The installed model that hears the language of `locale`, the best first; None: typed text only.

    `engine`: only models of that kind (vosk or whisper); empty: either.
    """
    kinds = [engine] if engine else list(_LOADERS)
    usable = [model for model in installed_models(models_dir) if model.kind in kinds and model.speaks(locale)]
    return min(usable, key=lambda model: kinds.index(model.kind), default=None)


def languages(models_dir: Path, engine: str = "") -> tuple[str, ...]:
    """Every language that an installed model hears, in order; `engine`: only models of that kind."""
    kinds = [engine] if engine else list(_LOADERS)
    found = {language_of(own) for each in installed_models(models_dir) if each.kind in kinds for own in each.languages}
    return tuple(sorted(found))


def load(model: InstalledModel, locale: str) -> Recogniser:
    """Load a model; takes up to 2 s. Errors: KithError that says what to do if it is damaged."""
    try:
        return _LOADERS[model.kind](model.path, language_of(locale))
    except Exception as error:  # the engines raise whatever their C++ side does
        raise KithError(
            f"model {model.name} cannot be loaded ({type(error).__name__}): run `kith models verify {model.name}` and "
            f"`kith models install {model.name}`"
        ) from error


def missing(locale: str) -> str:
    """What to tell where nothing hears a language."""
    return f"no recogniser for {language_of(locale)!r} is installed, typed text only: see `kith models list`"
