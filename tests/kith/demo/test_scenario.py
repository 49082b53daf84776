"""Scenarios: the one that comes with Kith, and files that are none."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.demo.scenario import load
from sim.residents import people


def test_the_morning_shows_everything_it_must() -> None:
    morning = load("morning")
    assert set(morning.residents) <= set(people.everybody())
    steps = {resident: [s for s in morning.steps if s.resident == resident] for resident in morning.residents}
    hanna, kenji = steps["hanna"], steps["kenji"]
    assert any(s.enters and s.reply and s.reply.language == "pl" for s in hanna)
    assert any(s.known and s.known.key == "food.disliked" for s in hanna)
    assert any("know about me" in s.says for s in hanna)
    assert any("closed" in s.reminder for s in hanna)
    assert any("later" in s.reminder for s in kenji)
    change = next(i for i, s in enumerate(kenji) if s.profile)
    after = kenji[change + 1]
    assert after.reply and "Mr Sato" in after.reply.never and after.reply.slower_by > 1.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[", "not a readable YAML file"),
        ("just words", "file"),
        ("title: x\nresidents: [a]\nsteps: []", "steps"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: a}]", "exactly one of"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: a, enters: true, says: hi}]", "exactly one of"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: b, enters: true}]", "b is not among the residents"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: a, enters: true, surprise: 1}]", "surprise"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: a, enters: true, within_s: -1}]", "within_s"),
        ("title: x\nresidents: [a]\nsteps: [{step: s, resident: a, says: hi, reminder: [happy]}]", "reminder"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(content)
    with pytest.raises(KithError) as refused:
        load(str(path))
    assert said in str(refused.value)
    assert str(refused.value).startswith("odd.yaml: ")
    assert "\n" not in str(refused.value)


def test_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(KithError, match=r"no scenario evening: there are .*morning"):
        load("evening")
