"""Language models that somebody brings along."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.models import added
from nodes.base.models import added_model, installed_models


def test_a_folder_is_linked_listed_and_taken_away_again(tmp_path: Path) -> None:
    brought = tmp_path / "My Model"
    brought.mkdir()
    (brought / "config.json").write_text("{}")
    root = tmp_path / "models"
    place = added.add("llm", str(brought), root)
    assert [each.path for each in installed_models(root, "llm")] == [place]
    assert (added_model(place) / "config.json").is_file()
    assert added.is_added(place.name, root)
    added.remove(place.name, root)
    assert installed_models(root) == []
    assert (brought / "config.json").is_file()


def test_what_holds_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(KithError, match="holds no model"):
        added.add("llm", str(tmp_path), tmp_path / "models")
    with pytest.raises(KithError, match="neither a folder nor"):
        added.add("llm", "nobody/nothing-at-all", tmp_path / "models")
