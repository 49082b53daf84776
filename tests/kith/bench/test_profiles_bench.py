"""kith bench profiles measures the real store and the real nodes, and says the disk's own limit beside it."""

from dataclasses import asdict

import pytest

from kith.bench import profiles


@pytest.mark.usefixtures("ros_domain")
def test_it_measures_reads_writes_and_edits_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "_SMALL_HOME", 20)
    found = profiles.measure(60, 40, quick=True)
    answer = asdict(found)
    for name in ("read_ms", "read_whole_ms", "read_cpu_ms", "propagate_ms"):
        assert 0 < answer[name]["p50"] <= answer[name]["p99"]
    assert found.read_ratio_vs_100 > 0
    assert found.writes_per_s > found.single_writes_per_s > 0, "writes that share a way to the disk are faster"
    assert found.fsync_floor_per_s > 0
    assert found.file_mb > 0.1
