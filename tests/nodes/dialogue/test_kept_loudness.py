"""How loud staff want a robot is kept on its disk; what cannot be true is the usual loudness."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from nodes.dialogue.kept_loudness import KeptLoudness


def _kept(folder: Path) -> KeptLoudness:
    return KeptLoudness(folder / "robots" / "r1" / "loudness", 0.5, 1.5)


def test_it_is_there_again(tmp_path: Path) -> None:
    assert _kept(tmp_path).read() == 1.0
    _kept(tmp_path).write(0.75)
    assert _kept(tmp_path).read() == 0.75
    _kept(tmp_path).write(1.25)
    assert _kept(tmp_path).read() == 1.25
    assert [each.name for each in (tmp_path / "robots" / "r1").iterdir()] == ["loudness"]


@pytest.mark.parametrize("content", ["", "loud", "99", "-1", "nan", "0.4", "\xff"])
def test_what_cannot_be_true_is_the_usual(tmp_path: Path, content: str) -> None:
    kept = _kept(tmp_path)
    kept.write(1.25)
    (tmp_path / "robots" / "r1" / "loudness").write_text(content)
    assert kept.read() == 1.0


def test_a_disk_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "robots").write_text("in the way")
    with pytest.raises(KithError, match="cannot be kept"):
        _kept(tmp_path).write(0.75)
