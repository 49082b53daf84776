"""kill -9 in the middle of writing: every acknowledged fact is there, whole."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from culture_profiles.store import ProfileStore

_BURSTS = 12
_ROOT = Path(__file__).resolve().parents[2]
# Acknowledges each fact on standard output once set_fact has returned.
_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from culture_profiles.fact import make_fact
from culture_profiles.store import ProfileStore
store = ProfileStore(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    stored = store.set_fact(make_fact(resident_id="r1", key="food.liked", value=f"item {number}", source="resident",
                                      status="stated", when=datetime(2026, 11, 23, tzinfo=UTC)))
    print(stored.sequence, number, flush=True)
    number += 1
"""


def test_no_acknowledged_fact_is_lost_to_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "profiles" / "profiles.db"
    chance = random.Random(20261123)
    acknowledged: dict[int, str] = {}
    for burst in range(_BURSTS):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(burst * 1_000_000)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        assert writer.stdout is not None
        for _ in range(chance.randrange(60)):
            sequence, number = writer.stdout.readline().split()
            acknowledged[int(sequence)] = f"item {number}"
        writer.send_signal(signal.SIGKILL)
        for line in writer.stdout.read().splitlines():
            if len(parts := line.split()) == 2:
                acknowledged[int(parts[0])] = f"item {parts[1]}"
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL
        with ProfileStore(path) as store:
            kept = {fact.sequence: fact.value for fact in store.history("r1")}
            assert store.verify() == len(kept)
        assert acknowledged.items() <= kept.items()
        assert list(kept) == list(range(1, len(kept) + 1)), "the sequence goes on without a gap"
    assert len(acknowledged) > _BURSTS
