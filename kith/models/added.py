"""Models that somebody brings along: a language model's folder is linked beside the others, never copied or changed."""

import json
import os
import re
from pathlib import Path

from culture_profiles.errors import KithError
from nodes.base.models import ADDED, CARD


def add(kind: str, source: str, root: Path) -> Path:
    """Make the folder, or the newest snapshot of an id in the hub's cache on this machine, an installed model.

    Errors: KithError when there is no such model. Nothing is downloaded.
    """
    folder = _folder(source)
    if not (folder / "config.json").is_file():
        raise KithError(f"{source} holds no model: give a folder with config.json, weights and a tokenizer")
    name = f"{kind}-{re.sub(r'[^a-z0-9.-]+', '-', Path(source).name.lower()).strip('-')}"
    place = root / name
    place.mkdir(parents=True, exist_ok=True)
    link = place / ADDED
    if link.is_symlink():
        link.unlink()
    link.symlink_to(folder.resolve(), target_is_directory=True)
    card = {"name": name, "kind": kind, "languages": ["en"], "licence": "its own", "added": True}
    (place / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return place


def is_added(name: str, root: Path) -> bool:
    """Whether this is a model that somebody brought along."""
    return (root / name / ADDED).is_symlink()


def remove(name: str, root: Path) -> bool:
    """Take it away again; its files stay where they are."""
    place = root / name
    (place / ADDED).unlink()
    (place / CARD).unlink(missing_ok=True)
    place.rmdir()
    return True


def _folder(source: str) -> Path:
    given = Path(source).expanduser()
    if given.is_dir():
        return given
    hub = Path(os.environ.get("HF_HOME", Path.home() / ".cache" / "huggingface")) / "hub"
    snapshots = hub / f"models--{source.replace('/', '--')}" / "snapshots"
    found = sorted(snapshots.glob("*"), key=lambda each: each.stat().st_mtime) if snapshots.is_dir() else []
    if not found:
        raise KithError(
            f"{source} is neither a folder nor in the hub's cache here: download it first, then name its folder"
        )
    return found[-1]
