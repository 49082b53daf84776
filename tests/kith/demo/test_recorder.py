"""The sound of the room as it is written: everything in its place, to the sample."""

import wave
from pathlib import Path

import numpy as np

from kith.demo.events import Played, Sound
from kith.demo.recorder import RATE, Recorder


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def test_resident_left_robot_right_each_when_it_sounded(tmp_path: Path) -> None:
    recorder = Recorder()
    for index in range(100):
        recorder.hear(50.0 + index * 0.02, np.full(320, index, np.int16))
    recorder.send("u1", np.full(RATE // 2, 999, np.int16), RATE)
    recorder.play(Played(50.5, "u1", Sound.STARTED, 0.0))
    recorder.play(Played(50.75, "u1", Sound.STOPPED, 0.25))
    assert recorder.write(tmp_path / "room.wav") == 2.0
    room = read(tmp_path / "room.wav")
    assert np.array_equal(room[:, 0], np.repeat(np.arange(100), 320))
    assert np.array_equal(np.flatnonzero(room[:, 1]), np.arange(RATE // 2, RATE * 3 // 4))


def test_a_lost_chunk_leaves_a_hole_and_moves_nothing(tmp_path: Path) -> None:
    recorder = Recorder()
    for index in (0, 1, 4):
        recorder.hear(index * 0.02, np.full(320, 7, np.int16))
    recorder.write(tmp_path / "room.wav")
    assert np.array_equal(np.flatnonzero(read(tmp_path / "room.wav")[:, 0] == 0), np.arange(640, 1280))


def test_what_was_sent_but_never_sounded_is_not_in_the_room(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.hear(0.0, np.zeros(RATE, np.int16))
    recorder.send("u1", np.full(100, 9, np.int16), RATE)
    recorder.write(tmp_path / "room.wav")
    assert not read(tmp_path / "room.wav").any()
    assert recorder.first_sound("u1") is None


def test_without_any_sound_no_file_is_written(tmp_path: Path) -> None:
    assert Recorder().write(tmp_path / "room.wav") == 0.0
    assert not (tmp_path / "room.wav").exists()
