"""What a home says of its own reminders: by kind and by resident, and each mistake with its line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.policy import Policies, Tell, policy
from culture_profiles.errors import KithError

DUE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def _one(kind: str, resident_id: str) -> Occurrence:
    return Occurrence("r@1", "r", resident_id, kind, "Ewa", DUE, DUE + timedelta(hours=1))


def _written(path: Path, text: str) -> Path:
    (path / "policies.yaml").write_text(text)
    return path / "policies.yaml"


def test_a_resident_stands_above_the_home_and_the_home_above_the_defaults(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        "kinds:\n  call: {prompts: 3, again_after_s: 60}\nresidents:\n  hanna:\n    call: {prompts: 1}\n"
        "    medicine: {tell: {due: attend}}\n",
    )
    found = Policies.read(path)
    assert (found.of(_one("call", "hanna")).prompts, found.of(_one("call", "hanna")).again_after_s) == (1, 60)
    assert found.of(_one("call", "kenji")).prompts == 3
    assert found.of(_one("medicine", "hanna")).tell.due is Tell.ATTEND
    assert found.of(_one("medicine", "hanna")).tell.missed is Tell.ATTEND
    assert found.of(_one("visit", "hanna")) == policy("visit")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert Policies.read(tmp_path / "policies.yaml").of(_one("call", "hanna")) == policy("call")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kinds:\n  call: {prompts: 0}\n", "policies.yaml, line 2: prompts: a value it cannot take"),
        ("kinds:\n  dance: {prompts: 2}\n", "policies.yaml, line 2: the kind must be one of"),
        ("residents:\n  hanna:\n    call: {shout: 1}\n", "policies.yaml, line 3: shout: not a field"),
        ("residents:\n  hanna:\n    call:\n      tell: {missed: loudly}\n", "policies.yaml, line 4: tell: a value"),
        ("residents:\n  hanna:\n    call:\n      tell: missed\n", "policies.yaml, line 4: tell: a value"),
        ("rooms: {}\n", "policies.yaml, line 1: 'rooms' is not known"),
        ("kinds: 3\n", "policies.yaml, line 1: must be"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(KithError, match=r".") as problem:
        Policies.read(_written(tmp_path, text))
    assert line in str(problem.value)
    assert "\n" not in str(problem.value)
