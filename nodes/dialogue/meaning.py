"""Loading what stands beside the patterns, away from the executor: likeness by letters first, then by meaning."""

import threading
from collections.abc import Callable
from pathlib import Path

from behaviours.understanding import meaning
from behaviours.understanding.meaning import Meaning
from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir, installed_models

SENTENCES = "sentences"
"""The kind of the models that embed sentences."""


def sentence_model(models_dir: str | Path = "") -> Path | None:
    """The folder of the installed sentence model, None without one."""
    found = installed_models(Path(models_dir) if models_dir else default_models_dir(), SENTENCES)
    return found[0].path if found else None


def load_meaning(
    models_dir: str | Path, loaded: Callable[[Meaning], None], failed: Callable[[str], None]
) -> threading.Thread:
    """Load in a thread; `loaded` is called there for each layer that is ready, `failed` with one line for a person."""

    def work() -> None:
        try:
            loaded(meaning.load())
            if (folder := sentence_model(models_dir)) is not None:
                loaded(meaning.load(folder))
        except KithError as problem:
            failed(str(problem))

    thread = threading.Thread(target=work, name="meaning", daemon=True)
    thread.start()
    return thread
