"""Which models are installed, for the nodes that use them: each lies in a folder of its own with a card beside it."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

CARD = "kith-model.json"  # written last by `kith models install`: a folder without it is no model


@dataclass(frozen=True)
class InstalledModel:
    """One model. `kind`: whisper, vosk, piper, sentences, faces or llm; `languages`: `en` or, for voices, `en_US`."""

    name: str
    kind: str
    languages: tuple[str, ...]
    path: Path

    def speaks(self, locale: str) -> bool:
        """Whether the model's language is that of `locale` (`en_GB`); the territory does not matter."""
        language = locale.replace("-", "_").split("_")[0].lower()
        return any(own.split("_")[0].lower() == language for own in self.languages)


def default_models_dir() -> Path:
    """Where models live: the environment's KITH_MODELS, else beside the interpreter Kith runs on."""
    if override := os.environ.get("KITH_MODELS"):
        return Path(override).expanduser()
    return Path(sys.prefix) / "share" / "kith" / "models"


def installed_models(models_dir: Path, kind: str | None = None) -> list[InstalledModel]:
    """The models under `models_dir`, by name; a missing folder holds none, an unreadable card is no model."""
    found = []
    for card in sorted(models_dir.glob(f"*/{CARD}")):
        try:
            content = json.loads(card.read_text(encoding="utf-8"))
            model = InstalledModel(content["name"], content["kind"], tuple(content["languages"]), card.parent)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if kind is None or model.kind == kind:
            found.append(model)
    return found


ADDED = "files"
"""In a model's folder, the link to the files of a model that somebody brought along."""


def added_model(place: Path) -> Path:
    """Where the files of an added model lie."""
    return place / ADDED
