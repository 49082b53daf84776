"""kill -9 in the middle of writing, 500 times: every acknowledged fact is there, whole."""

import os
import random
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import make_fact
from culture_profiles.store import ProfileStore

_BURSTS = 500
_BURSTS_PER_STORE = 10
_LONGEST_BURST = 40
_WHEN = datetime(2026, 11, 23, tzinfo=UTC)


def _write(path: Path, acknowledge: int, burst: int) -> None:
    """Write single facts and groups without end; tell of each once the store has acknowledged it."""
    chance = random.Random(burst)
    number = burst * 1_000_000
    store = ProfileStore(path)
    while True:
        group = [
            make_fact(
                resident_id=f"r{chance.randrange(3)}",
                key="food.liked",
                value=f"item {number + more}",
                source="resident",
                status="stated",
                when=_WHEN,
                note="x" * chance.choice([0, 50, 1500]),
            )
            for more in range(chance.choice([1, 1, 1, 7]))
        ]
        number += len(group)
        said = ""
        for outcome in store.set_facts(group):
            assert not isinstance(outcome, KithError)
            said += f"{outcome.fact.sequence} {outcome.fact.value}\n"
        os.write(acknowledge, said.encode())


def _burst(path: Path, number: int, lines: int) -> str:
    """What a writer had acknowledged when it was killed, after so many lines or a moment later."""
    read, write = os.pipe()
    if (writer := os.fork()) == 0:
        os.close(read)
        try:
            _write(path, write, number)
        finally:
            os._exit(1)
    os.close(write)
    said = b""
    try:
        while said.count(b"\n") < lines:
            some = os.read(read, 65536)
            assert some, "the writer ended by itself"
            said += some
        os.kill(writer, signal.SIGKILL)
        while some := os.read(read, 65536):
            said += some
    finally:
        os.close(read)
    assert os.waitpid(writer, 0)[1] == signal.SIGKILL
    return said.decode()


@pytest.mark.timeout(600)
def test_no_acknowledged_fact_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance = random.Random(20261123)
    acknowledged: dict[int, str] = {}
    told = 0
    for burst in range(_BURSTS):
        if burst % _BURSTS_PER_STORE == 0:
            path, acknowledged = tmp_path / str(burst) / "profiles.db", {}
        # The last line may be half a line: then the kill came before that fact was acknowledged.
        whole, _, _ = _burst(path, burst, chance.randrange(_LONGEST_BURST)).rpartition("\n")
        for line in whole.splitlines():
            sequence, _, value = line.partition(" ")
            acknowledged[int(sequence)] = value
            told += 1
        with ProfileStore(path) as store:
            kept: dict[int, Any] = {
                fact.sequence: fact.value for resident in store.residents() for fact in store.history(resident)
            }
            assert store.verify() == len(kept)
        assert acknowledged.items() <= kept.items()
        assert sorted(kept) == list(range(1, len(kept) + 1)), "the sequence goes on without a gap"
    assert told > _BURSTS
