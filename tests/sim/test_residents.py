"""Who the simulated residents are, and how they sound."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from culture_profiles.errors import KithError
from culture_profiles.importing import read_resident
from nodes.base.audio import Pcm
from sim.residents import people, piper_voice
from sim.residents.people import VoiceManner
from sim.residents.presence import Presence
from sim.residents.speech import LEAD, Speech
from sim.residents.voice import speak, trimmed

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RATE = 16_000


def test_every_resident_can_be_simulated_and_imported() -> None:
    everybody = people.everybody()
    assert {"hanna", "kenji"} <= set(everybody)
    assert len(everybody) >= 28
    for person in everybody.values():
        facts = {fact.key: fact.value for fact in read_resident(person.file, NOW)}
        assert facts["address.form"] and facts["language.preferred"] and facts["consent.talk"]
    voices = [person.simulation.voice for person in everybody.values()]
    assert len(set(voices)) == len(voices)  # nobody sounds like somebody else


def test_every_resident_has_a_mind_of_their_own_on_forty_tastes_and_something_to_say() -> None:
    for person in people.everybody().values():
        tastes = person.simulation.tastes.by_preference
        assert len(tastes) >= 40, person.id
        assert 0 < sum(tastes.values()) < len(tastes), person.id
        assert person.simulation.remarks and person.simulation.refusals and person.simulation.endings, person.id


def test_two_who_hold_to_the_same_nationality_differ_in_a_fifth_of_what_both_have_a_mind_on() -> None:
    regions: dict[str, list[people.Person]] = {}
    for person in people.everybody().values():
        for fact in read_resident(person.file, NOW):
            if fact.key.startswith("culture.region."):
                regions.setdefault(fact.key, []).append(person)
    alike = [pair for group in regions.values() for pair in combinations(group, 2)]
    assert len(alike) > 20
    for one, other in alike:
        here, there = one.simulation.tastes.by_preference, other.simulation.tastes.by_preference
        both = here.keys() & there.keys()
        assert sum(here[key] != there[key] for key in both) >= len(both) / 5, f"{one.id} and {other.id}"


def test_a_japanese_woman_who_wants_no_bow_and_one_who_does() -> None:
    everybody = people.everybody()
    assert everybody["alder"].simulation.tastes.by_preference["greetings.bow"] is False
    assert everybody["plum"].simulation.tastes.by_preference["greetings.bow"] is True


def test_kenji_has_stated_no_language_to_be_greeted_in() -> None:
    keys = {fact.key for fact in read_resident(people.everybody()["kenji"].file, NOW)}
    assert "language.greeting" not in keys


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a list",
        "facts: {}",
        "id: [1]",
        "id: x\nsimulation: {voice: {pitch: 9}}",
        "id: x\nsimulation: {a: 1}",
        "a: [",
    ],
)
def test_a_file_that_is_no_resident_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "mara.yaml").write_text(content)
    with pytest.raises(KithError, match=r"mara\.yaml"):
        people.everybody(tmp_path)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("  voice: {pitch: 9}", "simulation.voice.pitch"),
        ("  habits: {declines: 2}", "simulation.habits.declines"),
        ('  habits: {asleep: ["25:00-26:00"]}', "simulation.habits.asleep"),
        ("  habits: {falls_into: klingon}", "simulation.habits.falls_into"),
        ("  tastes: {yes: [music.polka]}", "simulation.tastes"),
        ("  tastes: {yes: [music.jazz], no: [music.jazz]}", "simulation.tastes"),
        ("  channel: telepathy", "simulation.channel"),
        ("  mood: sunny", "simulation.mood"),
    ],
)
def test_a_mistake_in_how_somebody_is_simulated_is_told_by_file_line_and_field(
    tmp_path: Path, line: str, field: str
) -> None:
    (tmp_path / "mara.yaml").write_text(f"id: mara\nfacts: {{}}\nsimulation:\n{line}\n")
    with pytest.raises(KithError, match=rf"mara\.yaml, line 4: {field}"):
        people.everybody(tmp_path)


def test_one_id_for_two_people_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("id: same\nfacts: {}")
    with pytest.raises(KithError, match=r"the id same is also in a\.yaml"):
        people.everybody(tmp_path)


def vowel(seconds: float, rate: int = 22_050) -> Pcm:
    time = np.arange(round(seconds * rate)) / rate
    return np.round(np.sin(2 * np.pi * 200 * time) * 3_000).astype(np.int16)


def render(text: str, length: float) -> tuple[Pcm, int]:
    """As Piper does: silence around the words, `length` times as long."""
    quiet = np.zeros(4_410, np.int16)
    return np.concatenate([quiet, vowel(len(text) * 0.1 * length), quiet]), 22_050


def test_silence_around_the_words_is_cut_so_that_the_end_is_the_end() -> None:
    speech = trimmed(render("x" * 10, 1.0)[0])
    assert len(speech) / 22_050 == pytest.approx(1.0, abs=0.01)
    assert len(trimmed(np.zeros(100, np.int16))) == 0


def test_pitch_and_tempo_change_independently() -> None:
    samples = speak("x" * 10, VoiceManner(pitch=1.25, tempo=0.8, level_db=-6.0), render, RATE)
    assert len(samples) / RATE == pytest.approx(1.0 / 0.8, abs=0.01)
    spectrum = np.abs(np.fft.rfft(samples.astype(float)))
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(250, abs=2)
    assert np.abs(samples).max() == pytest.approx(32_767 * 10 ** (-6 / 20), rel=0.01)


def test_nothing_to_say_is_no_sound() -> None:
    assert len(speak("", VoiceManner(), lambda *_: (np.zeros(50, np.int16), RATE), RATE)) == 0


def test_speech_is_sent_in_real_time_a_little_ahead_and_each_chunk_says_when_it_sounds() -> None:
    speech = Speech(vowel(0.1, RATE), RATE, NOW)
    assert [part.at for part in speech.due(NOW)] == [NOW + LEAD]
    assert [part.at - NOW - LEAD for part in speech.due(NOW + timedelta(milliseconds=45))] == [
        timedelta(milliseconds=20),
        timedelta(milliseconds=40),
    ]
    rest = list(speech.due(NOW + timedelta(seconds=9)))
    assert [part.sequence for part in rest] == [3, 4]
    assert not speech.over(NOW + LEAD + timedelta(milliseconds=99))
    assert speech.over(NOW + LEAD + timedelta(milliseconds=100))


def test_ids_that_pass_are_new_at_each_coming_and_never_a_name() -> None:
    presence = Presence()
    first = presence.enter("hanna")
    assert presence.enter("hanna") == first
    assert presence.leave("hanna") == first
    assert presence.leave("hanna") is None
    second = presence.enter("hanna")
    assert {first.body_id, first.face_id}.isdisjoint({second.body_id, second.face_id})
    assert "hanna" not in second.body_id + second.face_id


def test_without_an_installed_voice_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(KithError, match="kith models install piper-en-joe"):
        piper_voice.load(tmp_path)
