"""The doctor says honestly in which languages the robot speaks, and with whose voice."""

import json
from pathlib import Path

import pytest

from kith.doctor.speech import languages
from nodes.base.models import CARD
from nodes.tts.reading import japanese


def _said(locale: str, folder: Path) -> tuple[str, str]:
    code = locale.split("_")[0]
    (check,) = [each for each in languages(folder, locale, folder) if each.name == code]
    return check.what, check.todo


def test_a_voice_of_its_own_a_borrowed_one_or_none(tmp_path: Path) -> None:
    assert "can speak it" in _said("pl_PL", tmp_path)[0]
    assert "with the Indonesian voice" in _said("fil_PH", tmp_path)[0]
    assert "can NOT speak it" in _said("bo_CN", tmp_path)[0]


@pytest.mark.parametrize("readable", [True, False])
def test_japanese_without_a_reader_of_kanji_is_said_to_be_half_spoken(
    readable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(japanese, "can_read", lambda: readable)
    what, todo = _said("ja_JP", tmp_path)
    assert ("kanji are NOT read" in what) is not readable
    assert ("sudachipy" in todo) is not readable


def test_a_model_that_misses_many_calls_for_help_is_not_said_to_hear_them(tmp_path: Path) -> None:
    place = tmp_path / "vosk-ko"
    place.mkdir()
    (place / CARD).write_text(json.dumps({"name": "vosk-ko", "kind": "vosk", "languages": ["ko"]}))
    what, todo = _said("ko_KR", tmp_path)
    assert "misses many calls for help in it (2 of 6" in what
    assert "call bell" in todo
